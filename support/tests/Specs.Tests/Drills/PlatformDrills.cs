using SecuritySpecs.Fleet;
using SecuritySpecs.Kube;

namespace Specs.Tests.Drills;

/// <summary>
/// What a run stands on breaks in the middle of it. Whatever breaks, the run ends with an error that says so, never with a green, and
/// leaves nothing behind. All but the last drill mend what they broke, so one cluster does for all.
/// </summary>
[TestFixture]
public sealed class PlatformDrills
{
    private const string Quotas = "TestCategory=control:gpu-quota";
    private const string Roles = "TestCategory=control:least-privilege-rbac";
    private const string Dns = "/apis/apps/v1/namespaces/kube-system/deployments/coredns";
    private readonly string folder = Directory.CreateTempSubdirectory("specs-drills-").FullName;
    private DrillCluster cluster = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        Need.Engine();
        cluster = await DrillCluster.StartAsync(folder);
    }

    [OneTimeTearDown]
    public async Task End()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Test, Order(1)]
    public async Task An_enforcer_of_network_policies_that_stops_is_found_out()
    {
        var outcome = Drill("enforcer", "Name~WithANetworkPolicy", () => cluster.Signal("STOP", "network-agent"), mend: () => cluster.Signal("CONT", "network-agent"));

        ShouldBeAnError(outcome, "network-policy");
        await ShouldHaveLeftNothingAsync();
    }

    [Test, Order(2)]
    public async Task A_kubelet_that_stops_is_found_out()
    {
        var outcome = Drill("kubelet", Quotas, () => cluster.Signal("STOP", "kubelet"), mend: () => cluster.Signal("CONT", "kubelet"));

        ShouldBeAnError(outcome, "The kubelet of node drill");
        await ShouldHaveLeftNothingAsync();
    }

    [Test, Order(3)]
    public async Task A_device_plugin_that_goes_is_found_out()
    {
        var outcome = Drill("plugin", Quotas, () => Delete($"/apis/apps/v1/namespaces/{GpuFleet.Namespace}/daemonsets/device-plugin-a100"));

        ShouldBeAnError(outcome, "The device plugin no longer runs");
        await ShouldHaveLeftNothingAsync();
    }

    [Test, Order(4)]
    public async Task A_cluster_DNS_that_goes_is_found_out()
    {
        var outcome = Drill("dns", $"{Roles}|Name~FindsAnotherTenant", () => Scale(0), mend: () => Scale(1));

        ShouldBeAnError(outcome, "cluster-dns");
        await ShouldHaveLeftNothingAsync();

        void Scale(int replicas) => cluster.Admin.PatchAsync(Dns, new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } }).GetAwaiter().GetResult().OrThrow();
    }

    [Test, Order(5)]
    public async Task A_clock_that_jumps_by_an_hour_is_found_out()
    {
        Need.Program("faketime");
        var clock = Path.Combine(folder, "time");
        File.WriteAllText(clock, "+0");
        // The time of day alone: monotonic clocks go on, as they do where somebody sets the clock, and files keep their times. With its
        // own fix for such clocks libfaketime ends every timed wait of .NET at once, and the runtime's threads spin.
        string[] faketime =
        [
            "faketime", "-m", "--exclude-monotonic", "-f", "+0", "env", "--unset=FAKETIME", $"FAKETIME_TIMESTAMP_FILE={clock}",
            "FAKETIME_CACHE_DURATION=1", "FAKETIME_FORCE_MONOTONIC_FIX=0", "NO_FAKE_STAT=1",
        ];
        // Longer than the second for which libfaketime keeps what it has read.
        var outcome = Drill("clock", Quotas, () => File.WriteAllText(clock, "+3600"), through: faketime);

        ShouldBeAnError(outcome, "The clock of this machine moved by +3600 s");
        await ShouldHaveLeftNothingAsync();
    }

    [Test, Order(6)]
    public void A_full_disk_under_the_results_is_told()
    {
        using var results = SmallDisk.Mount(Path.Combine(folder, "full"), "512k");

        var outcome = Drill("full", Roles, results.Fill);

        ShouldBeAnError(outcome, "No space left on device");
    }

    [Test, Order(7)]
    public async Task An_administrators_token_that_ends_is_told()
    {
        var kubeconfig = await cluster.KubeconfigWithTokenAsync();

        var outcome = Drill("token", Quotas, () => Delete(DrillCluster.TokenAccount), kubeconfig: kubeconfig);

        ShouldBeAnError(outcome, "The API server no longer accepts the administrator's login");
        outcome.Errors.Should().Contain("'specs clean' tries again", "with such a token nothing can be removed");
        await CleanAsync();
    }

    [Test, Order(8)]
    public async Task An_API_server_that_is_killed_is_told()
    {
        await cluster.LeaveAsync();
        await CleanAsync();

        var outcome = Drill("api-server", Quotas, () => cluster.Exec("kill -KILL $(pidof kube-apiserver || echo 1)"));

        ShouldBeAnError(outcome, "The API server no longer answers");
    }

    private static void ShouldBeAnError(Outcome outcome, string says)
    {
        outcome.ExitCode.Should().Be(2, outcome.Output + outcome.Errors);
        $"{outcome.Output}{outcome.Errors}".Should().Contain(says).And.NotContain("   at ");
    }

    private async Task ShouldHaveLeftNothingAsync() => (await cluster.LeftoversAsync()).Should().BeEmpty();

    // A run that could not give back its lease counts as alive until that runs out.
    private Task<IReadOnlyList<string>> CleanAsync() => Poll.UntilAsync("`specs clean` to have removed everything", async () =>
    {
        Command.Run(Specs, Environment("clean"), "clean", "--cluster", cluster.Kubeconfig()).ExitCode.Should().Be(0);
        return await cluster.LeftoversAsync();
    }, left => left.Count == 0, left => string.Join(", ", left), TimeSpan.FromSeconds(60));

    // Breaks something as soon as a scenario has passed, and mends it when the results are written.
    private Outcome Drill(string name, string filter, Action @break, Action? mend = null, string? kubeconfig = null, string[]? through = null)
    {
        string[] command = [.. through ?? [], Specs, "run", "--cluster", kubeconfig ?? cluster.Kubeconfig(), "--fleet-image", cluster.FleetImage, "--filter", filter];
        using var run = new Command(command[0], Environment(name), command[1..]);
        run.WaitUntil("a scenario has passed", () => run.Printed().Contains("\npassed ", StringComparison.Ordinal));
        @break();
        try
        {
            var posture = Path.Combine(folder, name, "posture.json");
            if (mend is not null)
                run.WaitUntil("the results are written", () => File.Exists(posture));
        }
        finally
        {
            mend?.Invoke();
        }

        return run.Wait();
    }

    private void Delete(string path) => cluster.Admin.DeleteAsync(path).GetAwaiter().GetResult().OrThrow();

    private static string Specs => Repository.At("support", "specs");

    private Dictionary<string, string?> Environment(string results) => new(OuterRun.Forgotten) { ["SPECS_RESULTS"] = Path.Combine(folder, results), ["SPECS_KEEP"] = "0" };
}
