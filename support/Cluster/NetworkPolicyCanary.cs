using SecuritySpecs.Fleet;
using SecuritySpecs.Reports;

namespace SecuritySpecs.Cluster;

/// <summary>
/// Finds out whether NetworkPolicies are enforced, which no API tells: a probe that succeeds must fail once a
/// default-deny stands, and succeed again when it is gone.
/// </summary>
internal sealed class NetworkPolicyCanary(KubeApi admin, RunOptions options, GpuFleet fleet)
{
    private const int Port = 8080;
    private static readonly TimeSpan EnforcementDeadline = TimeSpan.FromSeconds(6);

    public async Task<CapabilityInfo> DetectAsync()
    {
        if (options.FleetImage is not { } image)
            return new(CapabilityDetector.NetworkPolicy, false, "not tried: no --fleet-image was given to run probes with");
        await using var space = await ScratchNamespace.CreateAsync(admin, options.RunId, "canary-netpol");
        var pods = new PodDriver(admin, options, space.Name, "default");
        await pods.AddAsync("server", "workloads/server.yaml", fleet.NodeUnderTestOrAny);
        await pods.AddAsync("client", "workloads/plain-pod.yaml", fleet.NodeUnderTestOrAny);
        var target = PodDriver.UrlOf(await pods.WaitReadyAsync("server"), Port);
        await pods.WaitReadyAsync("client");

        await ProbeUntilAsync(pods, target, isOpen: true, Poll.DefaultDeadline);
        await DenyAsync(space.Name);
        var denied = await IsDeniedAsync(pods, target);
        await admin.DeleteAsync($"{Policies(space.Name)}/deny");
        await ProbeUntilAsync(pods, target, isOpen: true, Poll.DefaultDeadline);
        return new(CapabilityDetector.NetworkPolicy, denied is not null, denied is not null
            ? $"a canary's connection was open, {denied} while a default-deny policy stood, and open again after it"
            : $"a canary's connection stayed open for {EnforcementDeadline.TotalSeconds:0} s under a default-deny policy");
    }

    private async Task DenyAsync(string space) => (await admin.PostAsync(Policies(space), new JsonObject
    {
        ["apiVersion"] = "networking.k8s.io/v1", ["kind"] = "NetworkPolicy", ["metadata"] = new JsonObject { ["name"] = "deny" },
        ["spec"] = new JsonObject { ["podSelector"] = new JsonObject(), ["policyTypes"] = new JsonArray("Ingress") },
    })).OrThrow();

    private static string Policies(string space) => $"/apis/networking.k8s.io/v1/namespaces/{space}/networkpolicies";

    // Some enforcers drop the packets (timeout), others reject them (refused).
    private static async Task<string?> IsDeniedAsync(PodDriver pods, string target)
    {
        try
        {
            return (await ProbeUntilAsync(pods, target, isOpen: false, EnforcementDeadline)).Result;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static Task<ProbeOutcome> ProbeUntilAsync(PodDriver pods, string target, bool isOpen, TimeSpan deadline) =>
        Poll.UntilAsync($"a probe that is {(isOpen ? "" : "not ")}open", () => pods.ProbeAsync("client", target), p => p.Result == "open" == isOpen, p => p.Result, deadline);
}
