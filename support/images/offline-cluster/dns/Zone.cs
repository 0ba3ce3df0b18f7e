namespace SecuritySpecs.ClusterDns;

/// <summary>
/// The cluster's names, as files of dnsmasq. It reads hosts and servers again when told to, but records only when it starts;
/// so there are two of it: the one that clients ask never restarts, and asks the other for SRV records and aliases.
/// </summary>
/// <param name="Hosts">Lines <c>ADDRESS NAME</c>; the first name of an address is also its PTR record.</param>
/// <param name="Servers">For which names the second one is asked.</param>
/// <param name="Records">The second one's SRV records and aliases.</param>
internal sealed record Zone(string Hosts, string Servers, string Records)
{
    /// <summary>Where the second dnsmasq listens; only the first one's container can ask it.</summary>
    public const int RecordsPort = 5300;

    private const string Domain = "svc.cluster.local";

    /// <summary>The names of these Services; the order of neither matters.</summary>
    /// <remarks>As the DNS specification of Kubernetes has it, but for names of pods (<c>1-2-3-4.NS.pod.cluster.local</c>).</remarks>
    public static Zone Of(IEnumerable<Service> services, IEnumerable<EndpointSet> endpoints)
    {
        var behind = endpoints.ToDictionary(e => (e.Namespace, e.Name), e => e.Ready);
        var all = services.Select(s => new Named(s, behind.GetValueOrDefault((s.Namespace, s.Name), []))).OrderBy(n => n.Name, StringComparer.Ordinal).ToList();
        var aliases = new Aliases(all.Where(n => n.Service.Alias is not null).ToDictionary(n => n.Name, n => n.Service.Alias!));
        return new(
            Text(all.SelectMany(n => n.Own).Concat(all.SelectMany(n => n.Hosts)).Concat(all.SelectMany(n => n.Headless))),
            Text(all.SelectMany(n => n.SrvDomains).Concat(aliases.Names).Select(name => $"server=/{name}/127.0.0.1#{RecordsPort}")),
            Text(all.SelectMany(n => n.SrvRecords).Concat(aliases.Records)));
    }

    private static string Text(IEnumerable<string> lines) => string.Concat(lines.Distinct().Select(line => line + "\n"));

    /// <summary>A Service, its name, and what is behind it.</summary>
    private sealed record Named(Service Service, IReadOnlyList<Endpoint> Endpoints)
    {
        public string Name => $"{Service.Name}.{Service.Namespace}.{Domain}";

        public IEnumerable<string> Own => Service.Addresses.Select(ip => Line(ip, Name));

        public IEnumerable<string> Hosts => Behind.Select(e => Line(e.Address, $"{e.Host}.{Name}"));

        public IEnumerable<string> Headless => IsHeadless ? Behind.Select(e => Line(e.Address, Name)) : [];

        public IEnumerable<string> SrvRecords => IsHeadless
            ? Behind.SelectMany(e => e.Ports.Select(p => Srv(p, $"{e.Host}.{Name}")))
            : Service.Addresses.Count > 0 ? Service.Ports.Select(p => Srv(p, Name)) : [];

        public IEnumerable<string> SrvDomains => SrvRecords.Any()
            ? (IsHeadless ? Behind.SelectMany(e => e.Ports) : Service.Ports).Select(p => $"_{p.Protocol}.{Name}").Distinct().Order(StringComparer.Ordinal)
            : [];

        private bool IsHeadless => Service.Alias is null && Service.Addresses.Count == 0;

        private IEnumerable<Endpoint> Behind => Service.Alias is null ? Endpoints.OrderBy(e => e.Host, StringComparer.Ordinal) : [];

        private string Srv(Port port, string target) => $"srv-host=_{port.Name}._{port.Protocol}.{Name},{target},{port.Number},0,100";

        private static string Line(IPAddress address, string name) => $"{address} {name}";
    }

    /// <summary>Names that stand for others. One that leads back to itself is left out: dnsmasq would not start with it, and any tenant can write it.</summary>
    private sealed class Aliases(Dictionary<string, string> targets)
    {
        public IEnumerable<string> Names => targets.Keys.Where(Ends);

        public IEnumerable<string> Records => Names.Select(name => $"cname={name},{targets[name]}");

        private bool Ends(string name)
        {
            var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            for (string? next = name; next is not null; next = targets.GetValueOrDefault(next))
                if (!seen.Add(next)) return false;
            return true;
        }
    }
}
