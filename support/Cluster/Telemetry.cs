using System.Collections.Concurrent;
using System.Security.Cryptography;
using SecuritySpecs.Fleet;
using SecuritySpecs.Metrics;

namespace SecuritySpecs.Cluster;

/// <summary>
/// The fleet's telemetry as the reference configuration has it: a DCGM exporter on every real node, Prometheus, their accounts and
/// their network policies. Beside them a second exporter that stands for the lesson's: its switch for drills is open to everybody.
/// Deployed when a scenario first asks for it; shared by the runs on a cluster as the device plugin is.
/// </summary>
public sealed class Telemetry
{
    /// <summary>The namespace of Prometheus.</summary>
    public const string MonitoringNamespace = "security-specs-monitoring";

    /// <summary>The exporter whose switch everybody may use who reaches it.</summary>
    public const string LessonsExporter = "dcgm-exporter-lesson";

    /// <summary>The port of an exporter.</summary>
    public const int ExporterPort = 9400;

    /// <summary>The port of Prometheus.</summary>
    public const int PrometheusPort = 9090;

    /// <summary>On the pods of exporters.</summary>
    public const string ExporterLabel = "app.kubernetes.io/name=dcgm-exporter";

    /// <summary>The manifest of an exporter.</summary>
    public const string WorkloadFile = "workloads/dcgm-exporter.yaml";

    private const string Manager = "security-specs/telemetry";
    private const string Lease = "telemetry-deployment";
    private const string Name = "prometheus";
    private static readonly TimeSpan Rollout = TimeSpan.FromSeconds(120);

    // A scenario that falsifies metrics takes about 20 s, on a slow machine several times as long.
    private static readonly TimeSpan HoldDeadline = TimeSpan.FromSeconds(120);
    private readonly KubeApi _admin;
    private readonly RunOptions _options;
    private readonly GpuFleet _fleet;
    // Two runs on one cluster begin at different ones.
    private readonly ConcurrentDictionary<int, SemaphoreSlim> _gpus = new();
    private int _gpu = RandomNumberGenerator.GetInt32(1 << 16);

    private Telemetry(KubeApi admin, RunOptions options, GpuFleet fleet) => (_admin, _options, _fleet) = (admin, options, fleet);

    /// <summary>Its Prometheus.</summary>
    public static PrometheusApi Prometheus { get; } = new(MonitoringNamespace, Name);

    /// <summary>The exporter of the node under test.</summary>
    public string Exporter => NameOf(_fleet.RealPools[0]);

    /// <summary>The token that the reference exporters' switch asks for.</summary>
    public string Token { get; private set; } = "";

    /// <summary>
    /// Holds a GPU of the node under test for a scenario that falsifies its metrics: an exporter keeps one alarm a GPU, so a second
    /// scenario would clear the first one's. GPU 0 is handed out only where there is no other: requests that are to be obeyed call it healthy.
    /// </summary>
    /// <param name="index">Which GPU; null for the next one.</param>
    /// <returns>Its index, and what gives it back.</returns>
    public async Task<(int Index, Action GiveBack)> HoldGpuAsync(int? index = null)
    {
        var others = Math.Max(1, _fleet.RealPools[0].GpusPerNode - 1);
        var gpu = index ?? (int)((uint)Interlocked.Increment(ref _gpu) % (uint)others) + (_fleet.RealPools[0].GpusPerNode > 1 ? 1 : 0);
        var turn = _gpus.GetOrAdd(gpu, _ => new(1));
        if (!await turn.WaitAsync(HoldDeadline))
            throw new WaitedInVainException($"Waited {HoldDeadline.TotalSeconds:0} s for GPU {gpu}, whose metrics another scenario falsifies.");
        return (gpu, () => turn.Release());
    }

    /// <summary>Deploys it, and waits until Prometheus has scraped all of it.</summary>
    /// <exception cref="TimeoutException">It did not come up; the message says how far it got.</exception>
    public static async Task<Telemetry> DeployAsync(KubeApi admin, RunOptions options, GpuFleet fleet)
    {
        var telemetry = new Telemetry(admin, options, fleet);
        await using var lease = await ClusterLease.TakeAsync(admin, Lease, options.RunId, TimeSpan.FromMinutes(2));
        await telemetry.DeployAsync();
        await telemetry.AwaitAsync();
        return telemetry;
    }

    /// <summary>The values of an exporter's placeholders.</summary>
    /// <param name="options">The run.</param>
    /// <param name="pool">Whose nodes.</param>
    /// <param name="namespace">Where.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="token">The token that its switch asks for.</param>
    public static Dictionary<string, string> ExporterValues(RunOptions options, GpuPool pool, string @namespace, string name, string token) => new()
    {
        ["NAMESPACE"] = @namespace, ["NAME"] = name, ["IMAGE"] = options.FleetImage!, ["POOL"] = pool.Name, ["PRODUCT"] = pool.Product,
        ["GPUS"] = pool.GpusPerNode.ToString(CultureInfo.InvariantCulture), ["MEMORY"] = pool.MemoryMiB.ToString(CultureInfo.InvariantCulture),
        ["TOKEN"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(token)),
    };

    /// <summary>A Prometheus, as its image takes it.</summary>
    /// <param name="options">The run.</param>
    /// <param name="namespace">Where; it needs an account "prometheus" there.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="fleet">The namespace of the exporters.</param>
    public static Manifest LoadPrometheus(RunOptions options, string @namespace, string name, string fleet)
    {
        var manifest = options.Manifests.Load("workloads/prometheus.yaml", new Dictionary<string, string>
        {
            ["NAMESPACE"] = @namespace, ["NAME"] = name, ["IMAGE"] = options.PrometheusImage!, ["FLEET"] = fleet,
        });
        if (!PrometheusImage.HasKubernetesDiscovery(options.PrometheusImage!))
            FileDiscovery.ApplyTo(manifest, options);
        return manifest;
    }

    /// <summary>A new token for a switch.</summary>
    public static string NewToken() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private static string NameOf(GpuPool pool) => $"dcgm-exporter-{pool.Name}";

    private async Task DeployAsync()
    {
        await ApplyAsync("controls/metrics-network.yaml", Names);
        await ApplyAsync("controls/telemetry-rbac.yaml", Names);
        Token = await TokenAsync();
        foreach (var pool in _fleet.RealPools)
            await ApplyAsync(WorkloadFile, ExporterValues(_options, pool, GpuFleet.Namespace, NameOf(pool), Token));
        await ApplyAsync(WorkloadFile, ExporterValues(_options, _fleet.RealPools[0], GpuFleet.Namespace, LessonsExporter, Token), "with the argument \"--scenario=open\"");
        await SharedParts.ApplyAsync(_admin, Manager, LoadPrometheus(_options, MonitoringNamespace, Name, GpuFleet.Namespace));
    }

    private static Dictionary<string, string> Names => new() { ["FLEET"] = GpuFleet.Namespace, ["MONITORING"] = MonitoringNamespace, ["NAME"] = "security-specs" };

    private async Task ApplyAsync(string file, Dictionary<string, string> values, string? edit = null)
    {
        var manifest = _options.Manifests.Load(file, values);
        if (edit is not null)
            ManifestEdit.Of(edit).ApplyTo(manifest);
        await SharedParts.ApplyAsync(_admin, Manager, manifest);
    }

    // Another run's stays: the exporters ask for it.
    private async Task<string> TokenAsync()
    {
        var secret = await _admin.GetUnrecordedAsync($"/api/v1/namespaces/{GpuFleet.Namespace}/secrets/{Exporter}-scenario");
        return secret.Code == 404 ? NewToken() : Encoding.UTF8.GetString(Convert.FromBase64String((string)secret.OrThrow().Body!["data"]!["token"]!));
    }

    private async Task AwaitAsync()
    {
        await Task.WhenAll(_fleet.RealPools.Select(NameOf).Append(LessonsExporter).Select(n => GpuFleet.AwaitRolloutAsync(_admin, $"/apis/apps/v1/namespaces/{GpuFleet.Namespace}/daemonsets/{n}")));
        await SharedParts.AwaitDeploymentAsync(_admin, MonitoringNamespace, Name);
        // One pod a real node, and the lesson's.
        var exporters = _fleet.Info.RealNodes.Count + await PodsOfAsync(LessonsExporter);
        await Poll.UntilAsync($"Prometheus to have scraped {exporters} DCGM exporters and {_fleet.Info.RealNodes.Count} kubelets", AskUpAsync,
            up => up.Count(u => u is { Value: 1 } && u["job"] == "dcgm-exporter") == exporters && up.Count(u => u is { Value: 1 } && u["job"] == "kubelet") == _fleet.Info.RealNodes.Count,
            up => up.Count == 0 ? "nothing yet" : string.Join(", ", up.Select(u => $"{u["job"]} {u["instance"]}: {u.Value}")), Rollout);
    }

    private async Task<int> PodsOfAsync(string exporter) =>
        (int)(await _admin.GetUnrecordedAsync($"/apis/apps/v1/namespaces/{GpuFleet.Namespace}/daemonsets/{exporter}")).OrThrow().Body!["status"]!["desiredNumberScheduled"]!;

    // A ready pod is not reached through its Service at once.
    private async Task<IReadOnlyList<Series>> AskUpAsync()
    {
        var answer = await _admin.GetUnrecordedAsync(Prometheus.QueryPath("up"));
        return answer.Allowed && answer.Body is JsonObject ? Series.OfQuery(answer.Body) : [];
    }
}
