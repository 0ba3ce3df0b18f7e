using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Fleet;

namespace SecuritySpecs.Drivers.TenantIsolation;

/// <summary>A tenant's GPU job.</summary>
/// <param name="MemoryMiB">What it allocates.</param>
/// <param name="SliceMiB">The memory of the slice that it asks for.</param>
/// <param name="Cores">The computing time that it asks for, in percent.</param>
public sealed record GpuJob(int MemoryMiB, int SliceMiB, int Cores = 10);

/// <summary>What became of a GPU job.</summary>
/// <param name="Pod">Its pod.</param>
/// <param name="Gpu">The UUID of the GPU whose memory it holds; null where it failed.</param>
/// <param name="HeldMiB">What it holds; 0 where it failed.</param>
/// <param name="Failure">Why it failed, in its own or the kubelet's words; null where it did not.</param>
public sealed record JobOutcome(SubmittedPod Pod, string? Gpu, int HeldMiB, string? Failure);

/// <summary>GPU jobs of tenants on the GPU that they share.</summary>
public sealed class GpuShareDriver(ScenarioPlatform scenario, PodFactory factory)
{
    private const string Workload = "workloads/vgpu-job.yaml";
    private readonly HashSet<Tenant> _inHamisHands = [];

    /// <summary>Asks for a job; refusal is a verdict.</summary>
    /// <param name="tenant">Who asks.</param>
    /// <param name="job">What for.</param>
    /// <param name="evasion">How it tries to get out of its cap; null for not at all.</param>
    /// <param name="dryRun">Have it judged by admission, and kept by nobody.</param>
    public async Task<SubmittedPod> SubmitAsync(Tenant tenant, GpuJob job, CapEvasion? evasion = null, bool dryRun = false)
    {
        if (!_inHamisHands.Contains(tenant) && await IsInHamisHandsAsync(tenant))
        {
            await AwaitWebhookAsync(tenant);
            _inHamisHands.Add(tenant);
        }

        return await AskAsync(tenant, job, evasion, dryRun);
    }

    private async Task<bool> IsInHamisHandsAsync(Tenant tenant) =>
        (await scenario.Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{tenant.Namespace}")).OrThrow().Body!["metadata"]!["labels"]![SharedGpu.TenantLabel] is not null;

    // The API server sees the label by which a tenant is in HAMi's hands a moment after it was written.
    private Task<SubmittedPod> AwaitWebhookAsync(Tenant tenant) => Poll.UntilAsync($"HAMi's webhook to see to the jobs of tenant \"{tenant.Name}\"",
        () => AskAsync(tenant, new(1, 1), evasion: null, dryRun: true), p => (string?)p.Answer.OrThrow().Body!["spec"]!["schedulerName"] == SharedGpu.Scheduler,
        p => $"schedulerName {(string?)p.Answer.Body!["spec"]!["schedulerName"]}");

    private async Task<SubmittedPod> AskAsync(Tenant tenant, GpuJob job, CapEvasion? evasion, bool dryRun)
    {
        var gpu = await scenario.Platform.SharedGpuAsync();
        return await factory.SubmitAsync(tenant, "job", Workload, Placement.On(gpu.Node), pod =>
        {
            Describe(pod, job);
            evasion?.Apply(pod, gpu);
        }, dryRun);
    }

    /// <summary>Runs a job until it holds its memory or has failed.</summary>
    public async Task<JobOutcome> RunAsync(Tenant tenant, GpuJob job, CapEvasion? evasion = null)
    {
        if (evasion?.Phrase.Contains("ConfigMap", StringComparison.Ordinal) == true)
            await AddConfigMapAsync(tenant);
        var pod = await SubmitAsync(tenant, job, evasion);
        pod.Answer.OrThrow($"fleet-fixtures/{Workload}");
        var outcome = await OutcomeAsync(pod);
        scenario.Note($"job {pod.Name} of tenant \"{tenant.Name}\"", outcome.Failure ?? $"holds {outcome.HeldMiB} MiB of {outcome.Gpu}");
        return outcome;
    }

    /// <summary>Waits until a job holds its memory or has failed.</summary>
    public async Task<JobOutcome> OutcomeAsync(SubmittedPod pod)
    {
        var seen = await Poll.UntilAsync($"job {pod.Tenant.Namespace}/{pod.Name} to hold its memory or fail", () => LookAsync(pod.Path),
            s => s.Report is not null || s.Failure is not null, s => s.Pod["status"]!.ToJsonString());
        return new(pod, (string?)seen.Report?["gpu"], (int?)seen.Report?["memoryMiB"] ?? 0, seen.Failure);
    }

    /// <summary>The job's pod as the API server has it.</summary>
    public async Task<JsonNode> ReadAsync(SubmittedPod pod) => (await scenario.Admin.GetAsync(pod.Path)).OrThrow().Body!;

    private static void Describe(JsonObject pod, GpuJob job)
    {
        var main = pod["spec"]!["containers"]![0]!;
        main["command"]![3] = Text(job.MemoryMiB);
        main["resources"]!["limits"]![SharedGpu.Memory] = Text(job.SliceMiB);
        main["resources"]!["limits"]![SharedGpu.Cores] = Text(job.Cores);
    }

    private async Task<(JsonNode Pod, JsonNode? Report, string? Failure)> LookAsync(string path)
    {
        var pod = (await scenario.Platform.Admin.GetUnrecordedAsync(path)).OrThrow().Body!;
        var state = pod["status"]!["containerStatuses"]?[0]?["state"];
        if ((string?)pod["status"]!["phase"] == "Failed")
            return (pod, null, (string?)state?["terminated"]?["message"] ?? $"{(string?)pod["status"]!["reason"]}: {(string?)pod["status"]!["message"]}");
        if (state?["running"] is null)
            return (pod, null, null);
        var log = (await scenario.Platform.Admin.GetUnrecordedAsync($"{path}/log")).Body as JsonObject;
        return (pod, log?["memoryMiB"] is null ? null : log, null);
    }

    private static async Task AddConfigMapAsync(Tenant tenant) => (await tenant.Api.PostAsync($"/api/v1/namespaces/{tenant.Namespace}/configmaps", new JsonObject
    {
        ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = new JsonObject { ["name"] = CapEvasion.ConfigMap },
        ["data"] = new JsonObject { [CapEvasion.LimitVariable] = "0m" },
    })).OrThrow();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
