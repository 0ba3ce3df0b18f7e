using SecuritySpecs.Cluster.Images;
using SecuritySpecs.Network;

namespace SecuritySpecs.Tool.Bench;

/// <summary>
/// How long it takes to see who reaches whom: all ways between pods by batches, as scenarios look, and one exec for each of the
/// same ways, as one would by hand. Half of the ways are denied, where the cluster enforces policies.
/// </summary>
internal sealed class ReachabilityBench : IDisposable
{
    private const int Pods = 60;
    private const int FewPods = 12;

    // Several, as a fleet has: on one node 60 pods would be neighbours of 59 each, and a Linux kernel knows 1024 in all.
    private static readonly string[] Nodes = [.. Enumerable.Range(2, 6).Select(n => $"bench-{n}")];
    private static readonly string[] Namespaces = ["bench-open", "bench-fenced"];
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(5);
    private static readonly (string Protocol, int Port)[] Ports = [("TCP", 8080), ("TCP", 8081), ("UDP", 8080)];
    private readonly RunOptions _options;
    private readonly KubeApi _admin;
    private readonly Prober _prober;

    private ReachabilityBench(RunOptions options, K3sCluster cluster)
    {
        (_options, _admin) = (options, new KubeApi(cluster.Admin, "platform admin"));
        _prober = new(_admin);
    }

    public static async Task RunAsync()
    {
        var options = RunOptions.FromEnvironment() with { Keep = false };
        if (options.Cluster != RunOptions.K3s)
        {
            Console.WriteLine("  Reachability was not measured: a cluster that is not this project's own is not filled with pods.");
            return;
        }

        options = await new RunImages(options, Console.Error.WriteLine).PrepareAsync();
        await using var cluster = await K3sCluster.StartAsync(options, Nodes);
        using var bench = new ReachabilityBench(options, cluster);
        await bench.MeasureAsync();
    }

    public void Dispose()
    {
        _prober.Dispose();
        _admin.Dispose();
    }

    private async Task MeasureAsync()
    {
        var clock = Stopwatch.StartNew();
        foreach (var space in Namespaces)
            (await _admin.PostAsync("/api/v1/namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = space } })).OrThrow();
        await Task.WhenAll(Enumerable.Range(0, Pods).Select(AddAsync));
        Print($"reachability: {Pods} pods on {Nodes.Length} nodes, from none to ready", clock.Elapsed, "");
        (await _admin.PostAsync($"/apis/networking.k8s.io/v1/namespaces/{Namespaces[1]}/networkpolicies", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "default-deny" },
            ["spec"] = new JsonObject { ["podSelector"] = new JsonObject(), ["policyTypes"] = new JsonArray("Ingress") },
        })).OrThrow();

        var few = await WaysAsync(FewPods);
        var isEnforced = await SettleAsync(few);
        var denied = isEnforced ? few.Count(w => !w.Reached) : 0;
        Console.WriteLine($"  {few.Count} connections between {FewPods} pods, {denied} of them denied{(isEnforced ? "" : ": this cluster enforces no policy")}");
        var expected = isEnforced ? few : [.. few.Select(w => w with { Reached = true })];
        var whole = await TimeAsync(() => new Reachability(_prober).AwaitAsync(expected, "the connections"));
        Print($"reachability: {FewPods} pods x {Ports.Length} ports, 3 rounds that agree", whole, "at most 3 s");
        var one = await TimeAsync(() => new Reachability(_prober, inARow: 1).AwaitAsync(expected, "the connections"));
        Print("  one round", one, "");
        var otherwise = 0;
        var execs = await TimeAsync(async () => otherwise = await ExecAsync(expected));
        Print("  one exec a way, one after another", execs, string.Create(CultureInfo.InvariantCulture, $"at least 30 x one round: {execs / one:0} x, and {execs / whole:0} x all 3"));
        if (otherwise > 0)
            Console.WriteLine($"  {otherwise} connections had another result by exec: a single late probe counts as no answer");

        var many = await WaysAsync(Pods);
        expected = isEnforced ? many : [.. many.Select(w => w with { Reached = true })];
        var all = await TimeAsync(() => new Reachability(_prober, deadline: StartDeadline).AwaitAsync(expected, "the connections"));
        Print($"reachability: {Pods} pods x {Ports.Length} ports, 3 rounds that agree", all, $"at most 15 s ({many.Count} connections)");
    }

    // Also opens the connections to the pods' probers, which a scenario does once.
    private async Task<bool> SettleAsync(IReadOnlyList<ExpectedCell> ways)
    {
        await new Reachability(_prober, deadline: StartDeadline).AwaitAsync([.. (await WaysAsync(Pods)).Where(w => w.Source.Pod == w.Target.Owner!.Split('/')[1])], "every pod to answer itself");
        try
        {
            await new Reachability(_prober).AwaitAsync(ways, "the connections");
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task<int> ExecAsync(IReadOnlyList<ExpectedCell> ways)
    {
        var otherwise = 0;
        foreach (var way in ways)
        {
            var pods = new PodDriver(_admin, _options.Manifests, way.Source.Namespace, "default");
            var probe = await pods.ProbeAsync(way.Source.Pod, way.Target.Url, (int)Reachability.TimeoutFor(ways.Count).TotalMilliseconds);
            otherwise += probe.IsOpen == way.Reached ? 0 : 1;
        }

        return otherwise;
    }

    private async Task<IReadOnlyList<ExpectedCell>> WaysAsync(int count)
    {
        var snapshot = await PolicySnapshot.ReadAsync(_admin, Namespaces);
        var pods = snapshot.Pods.Values.OrderBy(p => p.Name, StringComparer.Ordinal).Take(count).ToList();
        return [..
            from source in pods from target in pods from port in Ports
            let url = string.Create(CultureInfo.InvariantCulture, $"{(port.Protocol == "UDP" ? "udp" : "http")}://{target.Address}:{port.Port}/")
            select new ExpectedCell(new(source.Name, source.Namespace, source.Name), new($"{target.Name} {port.Protocol} {port.Port}", url, $"{target.Namespace}/{target.Name}"),
                snapshot.Oracle.Allows(source, target, port.Protocol, port.Port))];
    }

    // Every second pod is fenced.
    private async Task AddAsync(int number)
    {
        var pods = new PodDriver(_admin, _options.Manifests, Namespaces[number % 2], "default");
        var name = string.Create(CultureInfo.InvariantCulture, $"pod-{number:00}");
        await pods.AddAsync(name, "workloads/client.yaml", Placement.On(Nodes[number / 2 % Nodes.Length]));
        await Poll.UntilAsync($"pod {name} to run", () => _admin.GetUnrecordedAsync($"{pods.Collection}/{name}"), a => (string?)a.Body!["status"]?["phase"] == "Running",
            a => a.Body?["status"]?.ToJsonString() ?? a.ToString(), StartDeadline);
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed;
    }

    private static void Print(string figure, TimeSpan time, string wanted) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{figure,-58} {time.TotalSeconds,8:0.00} s   {wanted}"));
}
