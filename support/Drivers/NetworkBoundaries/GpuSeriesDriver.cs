using SecuritySpecs.Cluster;
using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Metrics;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>What the platform's Prometheus knows of GPUs and of who holds them.</summary>
public sealed class GpuSeriesDriver(ScenarioPlatform scenario, MetricsDriver metrics, GpuPodDriver gpuPods)
{
    private const string Utilization = "DCGM_FI_DEV_GPU_UTIL";
    private static readonly TimeSpan ShownWithin = TimeSpan.FromSeconds(8);

    private Platform Platform => scenario.Platform;

    /// <summary>What one series of an exporter tells, in words.</summary>
    public static string Learnt(Series series) =>
        $"{series[Series.Uuid]} ({series["modelName"]}) on host {series["Hostname"]}, held by {(series["pod"] is { } pod ? $"{series["namespace"]}/{pod}" : "nobody")}";

    /// <summary>Waits until Prometheus knows exactly the GPUs of a pod as held by that pod.</summary>
    public async Task AwaitHeldAsync(SubmittedPod pod)
    {
        var uuids = (await gpuPods.VisibleGpusAsync(pod)).Order(StringComparer.Ordinal).ToList();
        var seen = await AwaitAsync($"Prometheus to know {string.Join(", ", uuids)} as held by pod {pod.Tenant.Namespace}/{pod.Name} and no other of that tenant's", pod.Tenant,
            held => held.Count > 0 && held.All(s => s["pod"] == pod.Name) && held.Select(s => s[Series.Uuid]!).Order(StringComparer.Ordinal).SequenceEqual(uuids));
        scenario.Note("Prometheus", string.Join("; ", seen.Select(Learnt)));
    }

    /// <summary>Waits until Prometheus knows no GPU as held by a tenant, while it knows GPUs: a Prometheus that has lost its exporter knows of none.</summary>
    public async Task AwaitNoneHeldAsync(Tenant tenant)
    {
        await AwaitAsync($"Prometheus to know of no GPU that tenant \"{tenant.Name}\" holds", tenant, held => held.Count == 0);
        var all = await Telemetry.Prometheus.QueryAsync(Platform.Admin, $"{Utilization}{{exporter=\"{(await Platform.TelemetryAsync()).Exporter}\"}}");
        if (all.Count == 0)
            throw new InvalidOperationException("Prometheus knows of no GPU at all: that nobody holds one shows nothing.");
    }

    /// <summary>The index of the one GPU that a pod holds.</summary>
    public async Task<int> IndexAsync(SubmittedPod pod)
    {
        await AwaitHeldAsync(pod);
        return int.Parse((await HeldAsync(pod.Tenant)).Single()["gpu"]!, CultureInfo.InvariantCulture);
    }

    /// <summary>How many kubelets Prometheus has scraped just now.</summary>
    public async Task<int> KubeletsUpAsync()
    {
        var up = await Telemetry.Prometheus.QueryAsync(scenario.Admin, "up{job=\"kubelet\"} == 1");
        scenario.Note("Prometheus", $"kubelets that are up: {string.Join(", ", up.Select(s => s["instance"]))}");
        return up.Count;
    }

    /// <summary>What an answer of Prometheus must hold for somebody to have learnt something from it.</summary>
    /// <param name="what">In a feature's words.</param>
    /// <param name="pod">A pod that holds a GPU.</param>
    /// <exception cref="ArgumentException">There is nothing of these words; the message lists what there is.</exception>
    public async Task<IReadOnlyList<string>> TellTaleAsync(string what, SubmittedPod pod) => what switch
    {
        "whose pod holds which GPU on which host" => [pod.Tenant.Namespace, pod.Name, (await gpuPods.VisibleGpusAsync(pod))[0], Platform.Fleet.NodeUnderTest],
        "the addresses of the exporters" => [new Uri(await metrics.UrlAsync(MetricsServer.Lesson, "its pod IP")).Authority],
        "what it scrapes, and by which credentials" => ["dcgm-exporter", "kubelet", "credentials_file"],
        "which doors its flags open" => ["\"web.enable-lifecycle\":\"false\"", "\"web.enable-admin-api\":\"false\""],
        "its command line" => ["--config.file="],
        "its memory, at the cost of its time" => ["heap profile:"],
        "all series at once" => ["DCGM_FI_DEV_", "UUID=\"GPU-"],
        _ => throw new ArgumentException($"Nothing is known of \"{what}\"; there are: whose pod holds which GPU on which host, the addresses of the exporters, "
            + "what it scrapes, and by which credentials, which doors its flags open, its command line, its memory, at the cost of its time, all series at once."),
    };

    private Task<IReadOnlyList<Series>> AwaitAsync(string awaited, Tenant tenant, Func<IReadOnlyList<Series>, bool> isRight) =>
        Poll.UntilAsync(awaited, () => HeldAsync(tenant), isRight, held => held.Count == 0 ? "none" : string.Join("; ", held.Select(Learnt)), ShownWithin);

    // Of the reference exporter alone: the lesson's tells of the same GPUs.
    private async Task<IReadOnlyList<Series>> HeldAsync(Tenant tenant) => await Telemetry.Prometheus.QueryAsync(Platform.Admin,
        $"{Utilization}{{exporter=\"{(await Platform.TelemetryAsync()).Exporter}\",namespace=\"{tenant.Namespace}\"}}");
}
