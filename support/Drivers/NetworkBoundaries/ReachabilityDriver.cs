using System.Collections.Concurrent;
using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Evidence;
using SecuritySpecs.Network;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>Who reaches what tenants run, tried from inside the pods.</summary>
public sealed partial class ReachabilityDriver(ScenarioPlatform scenario, WorkloadDriver workloads) : IDisposable
{
    /// <summary>The ways to a workload that features may name, for messages.</summary>
    public const string Ways = "its pod IP, its service, its node port, its name, port N, UDP port N, the service \"NAME\" of tenant \"NAME\", or another target in its place: the WORKLOAD of tenant \"NAME\"";

    private readonly Prober _prober = new(scenario.Platform.Admin);
    private readonly ConcurrentDictionary<string, ProbeSource> _known = new(); // two pods are introduced at once

    /// <summary>Introduces a pod that is no tenant's workload: whoever a feature calls so can be told to try targets.</summary>
    /// <param name="source">The pod; its name is the phrase, without the article.</param>
    public void Introduce(ProbeSource source) => _known[$"the {source.Name}"] = source;

    /// <summary>Waits until all cells are as expected, and keeps the grid as evidence.</summary>
    /// <param name="subject">What the grid is about.</param>
    /// <param name="expected">Every attempt and what is expected of it.</param>
    public async Task AwaitAsync(string subject, IReadOnlyList<ExpectedCell> expected)
    {
        var reachability = new Reachability(_prober);
        scenario.Note(subject, await reachability.AwaitAsync(expected, $"the connections to {subject}"), Grid(expected, reachability.Seen));
    }

    /// <summary>
    /// Every way between all workloads that run: from each pod to each port that any of them declares, its own included, and what the
    /// network policies say about it, computed from the policies alone.
    /// </summary>
    public async Task<IReadOnlyList<ExpectedCell>> WaysAsync()
    {
        var running = workloads.Running.ToList();
        var pods = await Task.WhenAll(running.Select(async r => (r.Tenant, r.Workload, Source: await SourceAsync($"the {r.Workload} of tenant \"{r.Tenant.Name}\""))));
        var snapshot = await PolicySnapshot.ReadAsync(scenario.Platform.Admin, running.Select(r => r.Tenant.Namespace).Distinct());
        var oracle = snapshot.Oracle;
        return [..
            from source in pods
            from target in pods
            let to = snapshot.Pods[$"{target.Tenant.Namespace}/{target.Workload.Name}"]
            from port in to.Ports
            select new ExpectedCell(source.Source, Declared(target.Source.Name, to, port),
                oracle.Allows(snapshot.Pods[$"{source.Tenant.Namespace}/{source.Workload.Name}"], to, port.Protocol, port.Number))];
    }

    /// <summary>One attempt on a tenant's workload.</summary>
    /// <param name="by">Who tries, in a feature's words: <c>the client of tenant "blue"</c>.</param>
    /// <param name="tenant">Whose workload.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="way">One of <see cref="Ways"/>.</param>
    /// <param name="reached">Whether it must be reached.</param>
    public async Task<ExpectedCell> CellAsync(string by, Tenant tenant, Workload workload, string way, bool reached) =>
        new(await SourceAsync(by), await TargetAsync(tenant, workload, way), reached);

    /// <summary>The pod that a feature calls so.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public async Task<ProbeSource> SourceAsync(string phrase)
    {
        if (_known.TryGetValue(phrase, out var known))
            return known;
        var (tenant, workload) = WorkloadOf(phrase);
        await workloads.PodAsync(tenant, workload);
        return new(phrase["the ".Length..], tenant.Namespace, workload.Name);
    }

    /// <summary>The workload that a feature calls so: <c>the client of tenant "blue"</c>.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public (Tenant Tenant, Workload Workload) WorkloadOf(string phrase) => Source().Match(phrase) is { Success: true } match
        ? (scenario[match.Groups["tenant"].Value], new Workload(match.Groups["workload"].Value))
        : throw new ArgumentException($"\"{phrase}\" is nobody: say the WORKLOAD of tenant \"NAME\"{string.Concat(_known.Keys.Select(k => $" or {k}"))}.");

    /// <summary>A way to a tenant's workload.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="way">One of <see cref="Ways"/>.</param>
    public async Task<ProbeTarget> TargetAsync(Tenant tenant, Workload workload, string way)
    {
        if (Source().IsMatch(way))
        {
            (tenant, workload) = WorkloadOf(way);
            way = "its pod IP";
        }

        var pod = await workloads.PodAsync(tenant, workload);
        var url = Foreign().Match(way) is { Success: true } foreign
            ? await ServiceUrlAsync(scenario[foreign.Groups["tenant"].Value], foreign.Groups["service"].Value, ClusterAddress)
            : Port().Match(way) is { Success: true } port
            ? Url(port.Groups["udp"].Success ? "udp" : "http", (string)pod["status"]!["podIP"]!, port.Groups["number"].Value)
            : way switch
            {
                "its pod IP" => PodUrl(pod),
                "its service" => await ServiceUrlAsync(tenant, workload.Name, ClusterAddress),
                "its name" => await ServiceUrlAsync(tenant, workload.Name, s => ($"{workload.Name}.{tenant.Namespace}.svc", s["ports"]![0]!["port"]!)),
                "its node port" => await ServiceUrlAsync(tenant, workload.Name, s => ((string)pod["status"]!["hostIP"]!,
                    s["ports"]![0]!["nodePort"] ?? throw new ArgumentException($"The Service {workload.Name} of tenant \"{tenant.Name}\" has no node port."))),
                _ => throw new ArgumentException($"There is no way called \"{way}\"; there are: {Ways}."),
            };
        return new($"{workload} of tenant \"{tenant.Name}\" at {way}", url, $"{tenant.Namespace}/{workload.Name}");
    }

    /// <inheritdoc/>
    public void Dispose() => _prober.Dispose();

    private static EvidenceGrid Grid(IReadOnlyList<ExpectedCell> expected, IReadOnlyList<Observation> seen)
    {
        var (targets, cells) = (expected.Select(c => c.Target).Distinct().ToList(), expected.Zip(seen).GroupBy(c => (c.First.Source, c.First.Target)).ToDictionary(c => c.Key, c => c.Last()));
        return new([.. targets.Select(t => $"{t.Name} ({t.Url})")], [.. expected.Select(c => c.Source).Distinct().Select(source => new EvidenceRow(source.Name,
            [.. targets.Select(target => cells.TryGetValue((source, target), out var cell) ? new EvidenceCell(cell.First.Reached, cell.Second.Meaning, cell.First.IsMetBy(cell.Second)) : EvidenceCell.NotTried)]))]);
    }

    private async Task<string> ServiceUrlAsync(Tenant tenant, string service, Func<JsonNode, (string Host, JsonNode Port)> address)
    {
        var (host, port) = address((await scenario.Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{tenant.Namespace}/services/{service}"))
            .OrThrow().Body!["spec"]!);
        return Url("http", host, port.ToString());
    }

    private static (string Host, JsonNode Port) ClusterAddress(JsonNode service) => ((string)service["clusterIP"]!, service["ports"]![0]!["port"]!);

    private static ProbeTarget Declared(string name, NetworkPeer pod, NamedPort port) => new($"{name}, {port.Protocol} port {port.Number}",
        Url(port.Protocol == "UDP" ? "udp" : "http", pod.Address.ToString(), port.Number.ToString(CultureInfo.InvariantCulture)), $"{pod.Namespace}/{pod.Name}");

    // The first port that the pod declares.
    private static string PodUrl(JsonNode pod)
    {
        var port = pod["spec"]!["containers"]![0]!["ports"]![0]!;
        return Url((string?)port["protocol"] == "UDP" ? "udp" : "http", (string)pod["status"]!["podIP"]!, port["containerPort"]!.ToString());
    }

    private static string Url(string scheme, string host, string port) =>
        string.Create(CultureInfo.InvariantCulture, $"{scheme}://{HostName.InUrl(host)}:{port}/");

    [GeneratedRegex($"""^the (?<workload>{Workload.Pattern}) of tenant "(?<tenant>[^"]+)"$""")]
    private static partial Regex Source();

    [GeneratedRegex("""^the service "(?<service>[^"]+)" of tenant "(?<tenant>[^"]+)"$""")]
    private static partial Regex Foreign();

    [GeneratedRegex("^(?<udp>UDP )?port (?<number>[0-9]+)$")]
    private static partial Regex Port();
}
