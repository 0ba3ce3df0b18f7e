using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Fleet;

namespace SecuritySpecs.Drivers.RbacAndQuotas;

/// <summary>How pods of tenants end, and what still runs of a pod that is gone from the API.</summary>
public sealed class TerminationDriver(ScenarioPlatform scenario, PodFactory factory, GpuPodDriver gpuPods)
{
    /// <summary>Every deletion that admission is shown, as a regular expression.</summary>
    public const string Forms = Deletion + "|" + Forced + "|" + Evicted + "|" + EvictedByForce;

    private const string Deletion = "a deletion of its pod with a grace period";
    private const string Forced = "a deletion of its pod by force";
    private const string Evicted = "an eviction of its pod with a grace period";
    private const string EvictedByForce = "an eviction of its pod by force";

    // The age of the kubelet's list, and some.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(6);

    private KubeletPods Kubelet => new(scenario.Platform.Admin, scenario.Platform.Fleet.NodeUnderTest);

    /// <summary>Runs a pod that holds all GPUs that the node has left, and does not end when it is told to.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="seconds">Its grace period, after which it is killed.</param>
    /// <returns>The pod, and the GPUs that it was told of.</returns>
    public async Task<(SubmittedPod Pod, IReadOnlyList<string> Gpus)> RunDeafAsync(Tenant tenant, int seconds)
    {
        var gpus = await scenario.Platform.Fleet.AllocatableAsync(scenario.Platform.Fleet.NodeUnderTest);
        scenario.CleanUp.Undo(() => Kubelet.AwaitEndedAsync([tenant.Namespace]));
        var pod = await PodFactory.ReadyAsync(await factory.SubmitAsync(tenant, "deaf", PodFactory.GpuPod, gpuPods.NodeUnderTest, pod =>
        {
            PodDriver.Gpus(gpus)(pod);
            pod["spec"]!["terminationGracePeriodSeconds"] = seconds;
            pod["spec"]!["containers"]![0]!["command"] = new JsonArray("sh", "-c", "trap '' TERM; echo running; while true; do sleep 1; done");
        }));
        await Kubelet.AwaitRunningAsync((string)pod.Answer.Body!["metadata"]!["uid"]!);
        return (pod, await gpuPods.VisibleGpusAsync(pod));
    }

    /// <summary>Deletes a pod as its tenant.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="force">Whether its object goes at once; it is asked for twice, as whoever is in a hurry does.</param>
    public static async Task DeleteAsync(SubmittedPod pod, bool force)
    {
        (await pod.Tenant.Api.DeleteAsync(pod.Path)).OrThrow();
        if (force)
            (await pod.Tenant.Api.DeleteAsync(pod.Path, Options(0))).OrThrow();
    }

    /// <summary>Has admission judge the end of a tenant's latest pod, which stays; null for another phrase.</summary>
    public static Task<ApiAnswer>? TryAsync(Tenant tenant, string phrase) => phrase switch
    {
        Deletion or Forced => TryDeleteAsync(tenant, phrase == Forced),
        Evicted or EvictedByForce => TryEvictAsync(tenant, phrase == EvictedByForce),
        _ => null,
    };

    /// <summary>Says of a pod that it has ended, as its kubelet does.</summary>
    /// <param name="pod">A pod on a node without a kubelet.</param>
    /// <param name="phase"><c>Succeeded</c> or <c>Failed</c>.</param>
    public async Task ReportAsync(SubmittedPod pod, string phase) =>
        (await scenario.Admin.PatchAsync(pod.Path + "/status", new JsonObject { ["status"] = new JsonObject { ["phase"] = phase } })).OrThrow();

    /// <summary>The tenants of this scenario of which something runs that has no object in the API; sorted.</summary>
    public async Task<IReadOnlyList<string>> GhostsAsync()
    {
        var ghosts = await Kubelet.WithoutObjectAsync();
        return [.. scenario.Tenants.Namespaces.Where(t => ghosts.Any(g => g.Namespace == t.Value)).Select(t => t.Key).Order(StringComparer.Ordinal)];
    }

    /// <summary>Waits until all that runs of this scenario's tenants has an object in the API: what ended in order is on the kubelet's list for a moment more.</summary>
    public Task AwaitNoGhostAsync() => Poll.UntilAsync("all pods that run to be in the API", GhostsAsync, t => t.Count == 0, t => $"pods of {string.Join(", ", t)} run and are not", Moment);

    /// <summary>Waits until nothing of a tenant's runs that has no object in the API.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="next">The pod that holds one of its GPUs by now.</param>
    /// <param name="bound">How long that may take.</param>
    public async Task AwaitEndAsync(Tenant tenant, SubmittedPod next, TimeSpan bound)
    {
        var clock = Stopwatch.StartNew();
        var seen = 0;
        await Poll.UntilAsync($"the pod of tenant \"{tenant.Name}\" that was deleted to have ended", Kubelet.RunningAsync, running =>
        {
            var runs = running.Any(p => p.Namespace == tenant.Namespace);
            seen += runs ? 1 : 0;
            return !runs;
        }, running => string.Join(", ", running), bound);
        scenario.Note($"the kubelet of {scenario.Platform.Fleet.NodeUnderTest}", seen == 0
            ? $"the pod of tenant \"{tenant.Name}\" had ended before pod {next.Name} of tenant \"{next.Tenant.Name}\" was ready"
            : string.Create(CultureInfo.InvariantCulture, $"the pod of tenant \"{tenant.Name}\", gone from the API, ran on for {clock.ElapsedMilliseconds} ms beside pod {next.Name} of tenant \"{next.Tenant.Name}\", which holds one of its GPUs"));
    }

    private static async Task<ApiAnswer> TryDeleteAsync(Tenant tenant, bool force)
    {
        var options = Options(force ? 0 : 1);
        options["dryRun"] = new JsonArray("All");
        return await tenant.Api.DeleteAsync($"{tenant.Pods.Collection}/{await LatestAsync(tenant)}", options);
    }

    private static async Task<ApiAnswer> TryEvictAsync(Tenant tenant, bool force)
    {
        var (name, options) = (await LatestAsync(tenant), Options(force ? 0 : 1));
        options["dryRun"] = new JsonArray("All");
        return await tenant.Api.PostAsync($"{tenant.Pods.Collection}/{name}/eviction?dryRun=All", new JsonObject
        {
            ["apiVersion"] = "policy/v1", ["kind"] = "Eviction", ["metadata"] = new JsonObject { ["name"] = name }, ["deleteOptions"] = options,
        });
    }

    private static async Task<string> LatestAsync(Tenant tenant) =>
        (string)(await tenant.Api.GetUnrecordedAsync(tenant.Pods.Collection)).OrThrow().Items.MaxBy(p => (string)p!["metadata"]!["creationTimestamp"]!, StringComparer.Ordinal)!["metadata"]!["name"]!;

    private static JsonObject Options(int seconds) => new() { ["gracePeriodSeconds"] = seconds };
}
