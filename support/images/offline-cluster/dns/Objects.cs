namespace SecuritySpecs.ClusterDns;

/// <summary>A port with a name, for only those have SRV records.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c> or <c>sctp</c>.</param>
/// <param name="Number">1 to 65535.</param>
internal sealed record Port(string Name, string Protocol, int Number)
{
    /// <summary>The named ones of a list of ports, as Services and Endpoints have it.</summary>
    public static IReadOnlyList<Port> Named(JsonNode? ports) =>
    [
        .. from port in ports?.AsArray() ?? []
           let name = (string?)port!["name"]
           where !string.IsNullOrEmpty(name)
           select new Port(name, ((string?)port["protocol"] ?? "TCP").ToLowerInvariant(), (int)port["port"]!)
    ];
}

/// <summary>What the names of a Service are made of.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Addresses">Its cluster addresses; none for a headless one.</param>
/// <param name="Alias">The name that it stands for (type ExternalName); null for all others.</param>
/// <param name="Ports">Its named ports.</param>
internal sealed record Service(string Namespace, string Name, IReadOnlyList<IPAddress> Addresses, string? Alias, IReadOnlyList<Port> Ports)
{
    /// <summary>Reads it as the API server sends it.</summary>
    public static Service Read(JsonNode service)
    {
        var spec = service["spec"]!;
        var alias = (string?)spec["type"] == "ExternalName" ? ((string?)spec["externalName"])?.TrimEnd('.') : null;
        return new((string)service["metadata"]!["namespace"]!, (string)service["metadata"]!["name"]!, alias is null ? Cluster(spec) : [], alias, Port.Named(spec["ports"]));
    }

    // The list is there from Kubernetes 1.20 on where the cluster has two families of addresses; "None" is a headless Service.
    private static IReadOnlyList<IPAddress> Cluster(JsonNode spec) =>
    [
        .. from text in spec["clusterIPs"]?.AsArray().Select(ip => (string?)ip) ?? [(string?)spec["clusterIP"]]
           where IPAddress.TryParse(text, out _)
           select IPAddress.Parse(text)
    ];
}

/// <summary>A ready address behind a Service.</summary>
/// <param name="Host">Its name below the Service's: the pod's <c>hostname</c> where it has a <c>subdomain</c>, else made of the address.</param>
/// <param name="Address">The address.</param>
/// <param name="Ports">Its named ports.</param>
internal sealed record Endpoint(string Host, IPAddress Address, IReadOnlyList<Port> Ports);

/// <summary>
/// What is behind a Service. Endpoints rather than EndpointSlices: every release from 1.20 to 1.36 has them in the same form.
/// </summary>
/// <param name="Namespace">The Service's namespace.</param>
/// <param name="Name">The Service's name.</param>
/// <param name="Ready">What is ready, or is published although it is not.</param>
internal sealed record EndpointSet(string Namespace, string Name, IReadOnlyList<Endpoint> Ready)
{
    /// <summary>Reads it as the API server sends it.</summary>
    public static EndpointSet Read(JsonNode endpoints) => new(
        (string)endpoints["metadata"]!["namespace"]!,
        (string)endpoints["metadata"]!["name"]!,
        [
            .. from subset in endpoints["subsets"]?.AsArray() ?? []
               let ports = Port.Named(subset["ports"])
               from address in subset["addresses"]?.AsArray() ?? []
               let ip = IPAddress.Parse((string)address["ip"]!)
               select new Endpoint((string?)address["hostname"] ?? HostOf(ip), ip, ports)
        ]);

    private static string HostOf(IPAddress address) => address.ToString().Replace('.', '-').Replace(':', '-');
}
