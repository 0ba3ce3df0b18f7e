using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Requests;
using SecuritySpecs.Fleet;
using SecuritySpecs.Network;

namespace SecuritySpecs.Drivers.RbacAndQuotas;

/// <summary>A server that runs on although its pod is gone from the API, and who reaches it.</summary>
public sealed class GhostDriver(ScenarioPlatform scenario, PodFactory factory) : IDisposable
{
    private const int Tries = 10;
    private const string Server = "trap '' TERM; fleet prober --port=8080,8081 --udp-port=8080 --control-port=8079 & while true; do sleep 1; done";
    private readonly Prober _prober = new(scenario.Platform.Admin);

    private KubeletPods Kubelet => new(scenario.Platform.Admin, scenario.Platform.Fleet.NodeUnderTest);

    /// <summary>Runs a tenant's server that does not end when it is told to.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="seconds">Its grace period, after which it is killed.</param>
    public async Task<SubmittedPod> RunAsync(Tenant tenant, int seconds)
    {
        scenario.CleanUp.Undo(() => Kubelet.AwaitEndedAsync([tenant.Namespace]));
        var pod = await PodFactory.ReadyAsync(await factory.SubmitAsync(tenant, "deaf", "workloads/server.yaml", scenario.Platform.Fleet.NodeUnderTestOrAny, pod =>
        {
            pod["spec"]!["terminationGracePeriodSeconds"] = seconds;
            pod["spec"]!["containers"]![0]!["command"] = new JsonArray("sh", "-c", Server);
        }));
        var seen = (await scenario.Platform.Admin.GetUnrecordedAsync(pod.Path)).OrThrow();
        await Kubelet.AwaitRunningAsync((string)seen.Body!["metadata"]!["uid"]!);
        return pod with { Answer = seen };
    }

    /// <summary>Finds out whether a tenant's client reaches the server. What a network does with such a pod differs, so it is no verdict.</summary>
    public async Task MeasureAsync(Tenant client, SubmittedPod pod)
    {
        var source = new ProbeSource($"client of tenant \"{client.Name}\"", client.Namespace, TenantRequest.Client);
        var target = new ProbeTarget($"the server of tenant \"{pod.Tenant.Name}\"", PodDriver.UrlOf(pod.Answer.Body!, TenantRequest.ServerPort), $"{pod.Tenant.Namespace}/{pod.Name}");
        var seen = new List<Observation>();
        while (seen.Count < Tries)
            seen.AddRange(await _prober.LookAsync([(source, target)], TimeSpan.FromMilliseconds(500)));
        var runs = (await Kubelet.RunningAsync()).Any(p => p.Namespace == pod.Tenant.Namespace && p.Name == pod.Name);
        scenario.Note($"the {source.Name}", string.Create(CultureInfo.InvariantCulture,
            $"reached {target.Name} in {seen.Count(o => o.Result == ProbeResult.Open)} of {Tries} tries ({string.Join(", ", seen.Select(o => o.Meaning).Distinct())}); afterwards its containers {(runs ? "still ran" : "ran no more")}"));
    }

    /// <summary>Deletes a tenant's namespace, and waits until it is gone.</summary>
    public async Task DeleteNamespaceAsync(Tenant tenant)
    {
        var path = $"/api/v1/namespaces/{tenant.Namespace}";
        (await scenario.Admin.DeleteAsync(path)).OrThrow();
        await Poll.UntilAsync($"namespace {tenant.Namespace} to be gone", () => scenario.Platform.Admin.GetUnrecordedAsync(path), a => a.Code == 404,
            a => a.Body?["status"]?.ToJsonString() ?? a.Verdict);
    }

    /// <inheritdoc/>
    public void Dispose() => _prober.Dispose();
}
