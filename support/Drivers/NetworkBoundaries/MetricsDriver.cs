using SecuritySpecs.Cluster;
using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Fleet;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>
/// What serves the fleet's metrics: the platform's servers, or an exporter of the scenario's own, which can be made with every mistake.
/// </summary>
public sealed class MetricsDriver(ScenarioPlatform scenario)
{
    /// <summary>The name of a scenario's own exporter.</summary>
    public const string ExporterName = "dcgm-exporter";

    private const string Control = "controls/metrics-network.yaml";

    private Platform Platform => scenario.Platform;

    /// <summary>The scenario's own exporter; null as long as it has none.</summary>
    public MetricsServer? OwnExporter { get; private set; }

    /// <summary>The scenario's own namespaces for telemetry; null as long as it has none.</summary>
    public TelemetrySite? OwnSite { get; private set; }

    /// <summary>What a feature calls so; the DCGM exporter is the scenario's own where it has one.</summary>
    public async Task<MetricsServer> ServerAsync(string phrase) => phrase switch
    {
        MetricsServer.ExporterPhrase =>
            OwnExporter ?? new(phrase, GpuFleet.Namespace, (await Platform.TelemetryAsync()).Exporter, Telemetry.ExporterPort),
        MetricsServer.LessonPhrase => MetricsServer.Lesson,
        _ => MetricsServer.Prometheus,
    };

    /// <summary>Namespaces of the scenario's own, in which telemetry can be set up with every mistake.</summary>
    public async Task<TelemetrySite> OwnSiteAsync() =>
        OwnSite ??= new(await AddNamespaceAsync("fleet"), await AddNamespaceAsync("monitoring"), ExporterName, "any");

    /// <summary>The platform's own telemetry.</summary>
    public async Task<TelemetrySite> SharedSiteAsync()
    {
        var exporter = await ServerAsync(MetricsServer.ExporterPhrase);
        return new(GpuFleet.Namespace, Telemetry.MonitoringNamespace, exporter.Name, await PodNameAsync(exporter));
    }

    /// <summary>Runs an exporter in a namespace of the scenario's own, or makes it anew. No policy stands there.</summary>
    /// <param name="edit">A mistake to make in its manifest; null for none.</param>
    public async Task ServeAsync(ManifestEdit? edit)
    {
        var site = await OwnSiteAsync();
        OwnExporter ??= new(MetricsServer.ExporterPhrase, site.Fleet, ExporterName, Telemetry.ExporterPort);
        var values = Telemetry.ExporterValues(Platform.Options, Platform.Fleet.RealPools[0], site.Fleet, ExporterName, NewToken());
        var path = $"{DaemonSets(site.Fleet)}/{ExporterName}";
        // It may hold a port of the node.
        scenario.CleanUp.Remove(path);
        // Anew: of an exporter that had the node's network an apply would leave the port of the node that this had brought.
        await scenario.Admin.RemoveAsync(path);
        await Platform.Admin.AwaitGoneAsync(path);
        await scenario.Manifests.ApplyAsync(Telemetry.WorkloadFile, values, edit);
        await GpuFleet.AwaitRolloutAsync(Platform.Admin, path);
    }

    /// <summary>Applies controls/metrics-network.yaml to the scenario's own exporter, or makes it what it should be again.</summary>
    /// <param name="edit">A mistake to make in its content first; null for the file as it is.</param>
    public Task LockAsync(ManifestEdit? edit = null) => scenario.Manifests.ApplyAsync(Control, ControlValues(), edit);

    /// <summary>Applies controls/metrics-network.yaml to namespaces of the scenario's own, in which nothing runs.</summary>
    public async Task FenceAsync()
    {
        var site = await OwnSiteAsync();
        await scenario.Manifests.ApplyAsync(Control, new() { ["FLEET"] = site.Fleet, ["MONITORING"] = site.Monitoring });
    }

    /// <summary>Takes that control away.</summary>
    public Task UnlockAsync() => scenario.Manifests.RemoveAsync(Control, ControlValues());

    /// <summary>The base URL of something at one of its addresses.</summary>
    /// <exception cref="ArgumentException">There is no such address; the message lists those that there are.</exception>
    public async Task<string> UrlAsync(MetricsServer server, string at)
    {
        var host = at switch
        {
            "its pod IP" => (string)(await PodAsync(server))["status"]!["podIP"]!,
            "its service" => (string)(await ServiceAsync(server))["spec"]!["clusterIP"]!,
            "the node's address" => (string)(await PodAsync(server))["status"]!["hostIP"]!,
            _ => throw new ArgumentException(
                $"There is no address called \"{at}\"; there are: its pod IP, its service, the node's address."),
        };
        return string.Create(CultureInfo.InvariantCulture, $"http://{HostName.InUrl(host)}:{server.Port}/");
    }

    /// <summary>The name of the pod that serves.</summary>
    public async Task<string> PodNameAsync(MetricsServer server) => (string)(await PodAsync(server))["metadata"]!["name"]!;

    /// <summary>Looks at a file from inside the pod that serves; a link is followed.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public async Task<PodFile> FileAsync(MetricsServer server, string path)
    {
        var pod = await PodAsync(server);
        var (name, container) = ((string)pod["metadata"]!["name"]!, (string)pod["spec"]!["containers"]![0]!["name"]!);
        var outcome = await scenario.Admin.ExecAsync(server.Namespace, name, container, "ls", "-lnL", path);
        if (outcome.ExitCode != 0)
            throw new InvalidOperationException($"ls -lnL {path} in pod {name} ended with {outcome.ExitCode}: {outcome.Stderr}");
        scenario.Note($"pod {name}", outcome.Stdout.Trim());
        return PodFile.Parse(outcome.Stdout);
    }

    /// <summary>Where the DaemonSets of a namespace are.</summary>
    internal static string DaemonSets(string @namespace) => $"/apis/apps/v1/namespaces/{@namespace}/daemonsets";

    private Dictionary<string, string> ControlValues() => OwnSite is { } site && OwnExporter is not null
        ? new() { ["FLEET"] = site.Fleet, ["MONITORING"] = site.Monitoring }
        : throw new InvalidOperationException("No step of this scenario has started an exporter of its own yet.");

    private string NewToken()
    {
        var token = Telemetry.NewToken();
        Platform.Redactor.Add(token);
        return token;
    }

    private async Task<string> AddNamespaceAsync(string purpose)
    {
        var name = scenario.Unique(purpose);
        scenario.CleanUp.RemovePods(name);
        var labels = new JsonObject
        {
            [RunLabels.Run] = Platform.Options.RunId,
            // An exporter mounts a folder of the kubelet's.
            ["pod-security.kubernetes.io/enforce"] = "privileged",
        };
        // Not by a file: what a control says about a namespace is to be its own.
        (await scenario.Admin.PostAsync("/api/v1/namespaces", new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels },
        })).OrThrow();
        return name;
    }

    private async Task<JsonNode> PodAsync(MetricsServer server)
    {
        var selector = Uri.EscapeDataString($"app.kubernetes.io/instance={server.Name}");
        var pods = await Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{server.Namespace}/pods?labelSelector={selector}");
        return pods.OrThrow().Items.First(p => p!["metadata"]!["deletionTimestamp"] is null)!;
    }

    private async Task<JsonNode> ServiceAsync(MetricsServer server) =>
        (await Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{server.Namespace}/services/{server.Name}")).OrThrow().Body!;
}
