using SecuritySpecs.Fleet;
using SecuritySpecs.Network;

namespace SecuritySpecs.Cluster.Canaries;

/// <summary>
/// Finds out whether NetworkPolicies are enforced, which no API tells: a connection that comes about must fail once a policy denies
/// it, and come about again when the policy is gone. At each moment a twin of the same client to a server that no policy selects must
/// come about: a network that is broken enforces nothing.
/// </summary>
internal sealed class NetworkPolicyCanary(KubeApi admin, RunOptions options, GpuFleet fleet)
{
    private const int Port = 8080;
    private const string Server = "server";
    private const string Twin = "twin";

    /// <summary>How long a policy may stand without effect, on a machine that has much else to do.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    public async Task<CapabilityInfo> DetectAsync()
    {
        if (options.FleetImage is null)
            return new(CapabilityDetector.NetworkPolicy, false, "not tried: no --fleet-image was given to run probes with");
        await using var space = await ScratchNamespace.CreateAsync(admin, options.RunId, "canary-netpol");
        var pods = new PodDriver(admin, options.Manifests, space.Name, "default");
        await pods.AddAsync(Server, "workloads/server.yaml", fleet.NodeUnderTestOrAny, pod => pod["metadata"]!["labels"]!["canary"] = Server);
        await pods.AddAsync(Twin, "workloads/server.yaml", fleet.NodeUnderTestOrAny);
        await pods.AddAsync("client", "workloads/plain-pod.yaml", fleet.NodeUnderTestOrAny);
        var server = PodDriver.UrlOf(await pods.WaitReadyAsync(Server), Port);
        var twin = PodDriver.UrlOf(await pods.WaitReadyAsync(Twin), Port);
        await pods.WaitReadyAsync("client");
        return await JudgeAsync(
            async () =>
            {
                var seen = await Task.WhenAll(pods.ProbeAsync("client", server), pods.ProbeAsync("client", twin));
                return new(seen[0].Result, seen[1].Result);
            },
            () => DenyAsync(space.Name),
            () => admin.RemoveAsync($"{Policies(space.Name)}/deny"));
    }

    /// <summary>The verdict on what probes see before, under and after a policy.</summary>
    /// <param name="look">Probes both servers at the same moment.</param>
    /// <param name="deny">Writes the policy.</param>
    /// <param name="undo">Removes it.</param>
    /// <exception cref="TimeoutException">The twin was not reached, or a probe said something that is no answer: nothing is known.</exception>
    internal async Task<CapabilityInfo> JudgeAsync(Func<Task<Seen>> look, Func<Task> deny, Func<Task> undo)
    {
        await OpenAsync("before a policy");
        await deny();
        var clock = Stopwatch.StartNew();
        var under = await Poll.UntilAsync("the verdict on a connection that a policy denies", look,
            s => s.Twin == ProbeResult.Open && (s.IsDenied || (s.Denied == ProbeResult.Open && clock.Elapsed > Patience)), s => s.ToString(), 4 * Patience);
        await undo();
        await OpenAsync("after a policy");
        return new(CapabilityDetector.NetworkPolicy, under.IsDenied, under.IsDenied
            ? $"a canary's connection was open, {under.Denied} while a policy denied it and its twin was open, and open again after it"
            : $"a canary's connection stayed open for {Patience.TotalSeconds:0} s under a policy that denies it");

        Task OpenAsync(string when) => Poll.UntilAsync($"both connections to be open {when}", look, s => s is { Denied: ProbeResult.Open, Twin: ProbeResult.Open }, s => s.ToString(), 2 * Patience);
    }

    private async Task DenyAsync(string space) => (await admin.PostAsync(Policies(space), new JsonObject
    {
        ["apiVersion"] = "networking.k8s.io/v1", ["kind"] = "NetworkPolicy", ["metadata"] = new JsonObject { ["name"] = "deny" },
        ["spec"] = new JsonObject
        {
            ["podSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["canary"] = Server } }, ["policyTypes"] = new JsonArray("Ingress"),
        },
    })).OrThrow();

    private static string Policies(string space) => $"/apis/networking.k8s.io/v1/namespaces/{space}/networkpolicies";

    /// <summary>What probes saw at one moment.</summary>
    /// <param name="Denied">Of the connection that the policy denies.</param>
    /// <param name="Twin">Of its twin.</param>
    internal sealed record Seen(ProbeResult Denied, ProbeResult Twin)
    {
        /// <summary>Some enforcers drop the packets (timeout), others reject them (refused, unreachable).</summary>
        public bool IsDenied => Denied is ProbeResult.TimedOut or ProbeResult.Refused or ProbeResult.Unreachable;

        /// <inheritdoc/>
        public override string ToString() => $"{Denied}, the twin {Twin}";
    }
}
