using SecuritySpecs.NetworkAgent.Tests.Unit;
using static SecuritySpecs.NetworkAgent.Tests.Cluster.Playground;
using static SecuritySpecs.NetworkAgent.Tests.Cluster.Policies;
using Shell = SecuritySpecs.OfflineCluster.Tests.Shell;

namespace SecuritySpecs.NetworkAgent.Tests.Cluster;

/// <summary>How soon rules follow a change, with 200 pods and 200 policies.</summary>
[TestFixture, NonParallelizable]
internal sealed class ScaleTests
{
    private const int Count = 200;
    private const int Changes = 5;
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(500);

    [TearDown]
    public async Task Open()
    {
        await Clear();
        await Api.TryDelete("api/v1/namespaces/y/pods?labelSelector=bulk");
        await Api.TryDelete("api/v1/nodes/paper");
    }

    [Test]
    public async Task Rules_follow_a_change_within_500_ms_at_200_pods_and_200_policies()
    {
        await MakePods();
        await Parallel.ForEachAsync(Enumerable.Range(0, Count), async (i, _) =>
            await Create("x", $"bulk-{i}", Policy(Everything, ingress: [From(Both(Labels("ns", "y"), In("bulk", $"{i}", $"{(i + 1) % Count}"))).On(Port(1000 + i))])));
        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: [From(Both(Labels("ns", "y"), Labels("friend", "yes")))]));
        await Expect(Table().Deny("*", "x/*"));

        var (opened, closed) = (new List<double>(), new List<double>());
        for (var i = 0; i < Changes; i++)
        {
            opened.Add(await Change("yes", "open"));
            closed.Add(await Change(null, "shut"));
        }

        TestContext.Progress.WriteLine($"network agent, {Count} pods and {Count} policies: a change of labels opens after {Figures(opened)} ms and closes after {Figures(closed)} ms");
        Median(opened).Should().BeLessThan(Limit.TotalMilliseconds);
        Median(closed).Should().BeLessThan(Limit.TotalMilliseconds);
    }

    [Test]
    public async Task The_kernel_takes_the_rules_of_200_own_pods_and_200_policies_within_500_ms()
    {
        var view = Worlds.Large(Count, Count);
        var (compiled, loaded) = (new List<double>(), new List<double>());
        for (var i = 0; i < Changes; i++)
        {
            var clock = Stopwatch.StartNew();
            // A table of another name, for addresses that nobody has.
            var rules = Transaction.Replace(Compiler.Compile(view)).Replace(Transaction.Table, "inet large", StringComparison.Ordinal);
            compiled.Add(clock.Elapsed.TotalMilliseconds);
            await File.WriteAllTextAsync(Path.Combine(Folder, "large.nft"), rules);
            loaded.Add(double.Parse(
                (await Server.Exec("bash", "-c", "a=${EPOCHREALTIME/./}; nft -f /var/lib/rancher/k3s/agent/images/large.nft; b=${EPOCHREALTIME/./}; echo $((b - a)); nft delete table inet large")).Trim(), CultureInfo.InvariantCulture) / 1000);
        }

        TestContext.Progress.WriteLine($"network agent, {Count} own pods and {Count} policies, all anew: compiled in {Figures(compiled)} ms, loaded in {Figures(loaded)} ms");
        // The median, as above: the first time is that of code that nobody has compiled yet, and the machine may be busy at any one.
        (Median(compiled) + Median(loaded)).Should().BeLessThan(Limit.TotalMilliseconds);
    }

    // The time from the API's answer until the last try that still found the old state, as y/b sees x/a: across nodes, so that both follow.
    private static async Task<double> Change(string? label, string until)
    {
        const string Watch =
            "use IO::Socket::INET; use Time::HiRes q(time); $| = 1; $until = $ARGV[1]; $last = 0; $good = 0; open(F, q(>), q(/tmp/watching)); close F; while ($good < 3) { $t = time; $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => 80, Timeout => 0.05); if (($s ? q(open) : q(shut)) eq $until) { $good++ } else { $good = 0; $last = $t } close $s if $s } printf qq(%.4f), $last";
        await Api.Bash("y", "b", "rm -f /tmp/watching");
        var watching = Api.Bash("y", "b", $"timeout 20 perl -e '{Watch}' {Addresses["x/a"]} {until}");
        await Shell.Await("the watch", async () => await Api.Bash("y", "b", "ls /tmp/watching 2>/dev/null") is { Length: > 0 } there ? there : null, () => Task.FromResult("none"));
        await Api.Patch("api/v1/namespaces/y/pods/b", new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["friend"] = label } } }.ToJsonString());
        var answered = DateTime.UtcNow;
        var last = DateTime.UnixEpoch.AddSeconds(double.Parse(await watching, CultureInfo.InvariantCulture));
        return Math.Max(0, (last - answered).TotalMilliseconds);
    }

    // Pods that only the API knows, with addresses, on a node that only the API knows.
    private static async Task MakePods()
    {
        await Api.Create("api/v1/nodes", """{"metadata": {"name": "paper"}}""");
        await Parallel.ForEachAsync(Enumerable.Range(0, Count), async (i, _) =>
        {
            await Api.Create("api/v1/namespaces/y/pods", $$"""
                {"metadata": {"name": "bulk-{{i}}", "labels": {"bulk": "{{i}}"} },
                 "spec": {"nodeName": "paper", "terminationGracePeriodSeconds": 0, "tolerations": [{"operator": "Exists"}], "containers": [{"name": "main", "image": "none"}]} }
                """);
            await Api.Patch($"api/v1/namespaces/y/pods/bulk-{i}/status", $$"""{"status": {"phase": "Running", "podIP": "10.42.200.{{i}}", "podIPs": [{"ip": "10.42.200.{{i}}"}]} }""");
        });
    }

    private static string Figures(List<double> milliseconds) => string.Join(", ", milliseconds.Select(m => m.ToString("0", CultureInfo.InvariantCulture)));

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
