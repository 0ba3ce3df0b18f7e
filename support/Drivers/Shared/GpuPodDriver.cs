namespace SecuritySpecs.Drivers.Shared;

/// <summary>Pods with GPUs: asks for them as a tenant, and looks at what they were given.</summary>
public sealed class GpuPodDriver(ScenarioPlatform scenario, PodFactory factory)
{
    /// <summary>The real GPU node on which attacks and their positive twins run.</summary>
    public Placement NodeUnderTest => Placement.On(scenario.Platform.Fleet.NodeUnderTest);

    /// <summary>Any node of the fleet, reserved pools included.</summary>
    public Placement WholeFleet => Placement.AnyNode(scenario.Platform.Fleet.ApiOnlyTaint, scenario.Platform.Fleet.PoolTaints);

    /// <summary>A node that exists in the API only.</summary>
    public Placement WithoutKubelet => Placement.OnApiOnly(scenario.Platform.Fleet.Info.ApiOnlyNodes[0], scenario.Platform.Fleet.ApiOnlyTaint);

    /// <summary>Asks for a pod; refusal is a verdict.</summary>
    public Task<SubmittedPod> SubmitAsync(Tenant tenant, int gpus, Placement where) => gpus > 0
        ? factory.SubmitAsync(tenant, "gpu", PodFactory.GpuPod, where, PodDriver.Gpus(gpus))
        : factory.SubmitAsync(tenant, "gpu", PodFactory.PlainPod, where);

    /// <summary>Runs a pod on the node under test until it is ready; with no GPU it is a plain pod.</summary>
    public async Task<SubmittedPod> RunAsync(Tenant tenant, int gpus) => await PodFactory.ReadyAsync(await SubmitAsync(tenant, gpus, NodeUnderTest));

    /// <summary>Lets a running GPU pod come to its own end, as a job does.</summary>
    public async Task FinishAsync(SubmittedPod pod)
    {
        await scenario.Platform.Admin.ExecAsync(pod.Tenant.Namespace, pod.Name, "main", "sh", "-c", "kill -TERM 1");
        await pod.Tenant.Pods.WaitPhaseAsync(pod.Name, "Succeeded");
        scenario.Note($"pod {pod.Name} of tenant \"{pod.Tenant.Name}\"", "finished: phase Succeeded");
    }

    /// <summary>Runs pods on the whole fleet until it is full or the quota refuses, and waits until each has its place.</summary>
    /// <returns>The GPUs that the tenant then holds.</returns>
    /// <exception cref="KubeApiException">A pod was refused for another reason than the quota.</exception>
    public async Task<int> FillAsync(Tenant tenant)
    {
        var fleet = scenario.Platform.Fleet;
        var admitted = new List<string>();
        while (admitted.Count * fleet.SmallestShare < fleet.Gpus)
        {
            var pod = await SubmitAsync(tenant, fleet.SmallestShare, WholeFleet);
            if (QuotaDriver.Refused(pod.Answer))
                break;
            pod.Answer.OrThrow();
            admitted.Add(pod.Name);
        }

        await Task.WhenAll(admitted.Select(tenant.Pods.WaitPlacedAsync));
        return await HeldAsync(tenant);
    }

    /// <summary>The GPUs of a tenant's pods that are bound to a node.</summary>
    public async Task<int> HeldAsync(Tenant tenant)
    {
        var list = await scenario.Admin.GetAsync(tenant.Pods.Collection);
        await scenario.NoteFleetAsync();
        return list.OrThrow().Items.Where(p => p!["spec"]!["nodeName"] is not null)
            .Sum(p => PodDriver.GpusOf(p!));
    }

    /// <summary>The node that a pod runs on.</summary>
    public async Task<string> NodeOfAsync(SubmittedPod pod)
    {
        var seen = await scenario.Admin.GetAsync(pod.Path);
        return (string?)seen.OrThrow().Body!["spec"]!["nodeName"] ?? throw new InvalidOperationException($"Pod {pod.Name} is on no node.");
    }

    /// <summary>The GPUs that a container of a running pod was told of.</summary>
    public async Task<IReadOnlyList<string>> VisibleGpusAsync(SubmittedPod pod, string container = PodDriver.Main)
    {
        var seen = await pod.Tenant.Pods.EnvironmentAsync(pod.Name, "NVIDIA_VISIBLE_DEVICES", container);
        scenario.Note($"container {container} of pod {pod.Name} of tenant \"{pod.Tenant.Name}\"", $"NVIDIA_VISIBLE_DEVICES is {seen ?? "not set"}");
        return seen?.Split(',') ?? [];
    }
}
