namespace SecuritySpecs.Drivers.Shared;

/// <summary>The one place in which the pods that a scenario asks for get their names.</summary>
public sealed class PodFactory(ScenarioPlatform scenario)
{
    /// <summary>The file of a pod with a GPU.</summary>
    public const string GpuPod = "workloads/gpu-pod.yaml";

    /// <summary>The file of a pod without one.</summary>
    public const string PlainPod = "workloads/plain-pod.yaml";

    private int _count;

    /// <summary>A name that no other pod of the scenario has.</summary>
    public string NextName(string kind) => $"{kind}-{Interlocked.Increment(ref _count)}";

    /// <summary>Asks for a pod as a tenant; refusal is a verdict.</summary>
    /// <param name="tenant">Who asks.</param>
    /// <param name="kind">What its name begins with.</param>
    /// <param name="workload">The manifest under fleet-fixtures.</param>
    /// <param name="where">Which nodes may run it.</param>
    /// <param name="change">Changes the pod before it is sent; null for none.</param>
    /// <param name="dryRun">Have it judged by admission, and kept by nobody.</param>
    public async Task<SubmittedPod> SubmitAsync(Tenant tenant, string kind, string workload, Placement where, Action<JsonObject>? change = null, bool dryRun = false)
    {
        var name = NextName(kind);
        return new(tenant, name, await tenant.Pods.TryAddAsync(name, workload, where, change, dryRun));
    }

    /// <summary>Waits until a pod that must have been admitted is ready.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="source">What it came from, for the message where it was refused.</param>
    public static async Task<SubmittedPod> ReadyAsync(SubmittedPod pod, string? source = null)
    {
        pod.Answer.OrThrow(source);
        await pod.Tenant.Pods.WaitReadyAsync(pod.Name);
        return pod;
    }

    /// <summary>What admission says to a pod in a tenant's namespace: asked by the cluster admin, as a dry run, and no evidence.</summary>
    public Task<ApiAnswer> TrySentinelAsync(Tenant tenant, string workload, Placement where, Action<JsonObject>? change = null) =>
        AsAdmin(tenant).TryAddAsync("sentinel", workload, where, change, dryRun: true);

    /// <summary>A tenant's pods as the cluster admin makes them.</summary>
    public PodDriver AsAdmin(Tenant tenant) => new(scenario.Platform.Admin, scenario.Files, tenant.Namespace, Tenant.ServiceAccount);
}


/// <summary>A pod that a tenant asked for, and what the API server said.</summary>
public sealed record SubmittedPod(Tenant Tenant, string Name, ApiAnswer Answer)
{
    /// <summary>Where it is on the API server.</summary>
    public string Path => $"{Tenant.Pods.Collection}/{Name}";
}
