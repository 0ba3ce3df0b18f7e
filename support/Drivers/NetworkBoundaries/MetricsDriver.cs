using SecuritySpecs.Cluster;
using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Fleet;
using SecuritySpecs.Metrics;
using SecuritySpecs.Network;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>Who reaches what serves the fleet's metrics: the platform's, or an exporter of the scenario's own, to be served with every mistake.</summary>
public sealed class MetricsDriver(ScenarioPlatform scenario, ReachabilityDriver reach, MistakeDriver mistakes)
{
    private const string Control = "controls/metrics-network.yaml";
    private const string PlatformLabel = "security.specs/platform";
    private const string ExporterName = "dcgm-exporter";
    private const string Scraper = "scraper";
    private const string Neighbour = "neighbour";
    private MetricsServer? _own;
    private TelemetrySite? _ownSite;

    private Platform Platform => scenario.Platform;

    private string Monitoring => _ownSite?.Monitoring ?? Telemetry.MonitoringNamespace;

    private static string DaemonSets(string @namespace) => $"/apis/apps/v1/namespaces/{@namespace}/daemonsets";

    /// <summary>What a feature calls so; the DCGM exporter is the scenario's own where it has one.</summary>
    public async Task<MetricsServer> ServerAsync(string phrase) => phrase switch
    {
        MetricsServer.ExporterPhrase => _own ?? new(phrase, GpuFleet.Namespace, (await Platform.TelemetryAsync()).Exporter, Telemetry.ExporterPort),
        MetricsServer.LessonPhrase => MetricsServer.Lesson,
        _ => MetricsServer.Prometheus,
    };

    /// <summary>
    /// Runs an exporter in a namespace of its own, and in a monitoring namespace of its own two pods: the scraper, which stands
    /// where Prometheus would, and its neighbour. No policy stands in either.
    /// </summary>
    /// <param name="edit">A mistake to make in the exporter's manifest; null for none.</param>
    public async Task ServeAsync(ManifestEdit? edit = null)
    {
        var site = await OwnSiteAsync();
        var isFirst = _own is null;
        _own ??= new(MetricsServer.ExporterPhrase, site.Fleet, ExporterName, Telemetry.ExporterPort);
        await Task.WhenAll([DeployAsync(edit), .. isFirst ? new[] { AddPodAsync(Scraper, isPrometheus: true), AddPodAsync(Neighbour, isPrometheus: false) } : []]);
    }

    /// <summary>Namespaces of the scenario's own, in which telemetry can be set up with every mistake.</summary>
    public async Task<TelemetrySite> OwnSiteAsync() => _ownSite ??= new(await AddNamespaceAsync("fleet"), await AddNamespaceAsync("monitoring"), ExporterName, "any");

    /// <summary>The platform's own telemetry.</summary>
    public async Task<TelemetrySite> SharedSiteAsync()
    {
        var exporter = await ServerAsync(MetricsServer.ExporterPhrase);
        return new(GpuFleet.Namespace, Telemetry.MonitoringNamespace, exporter.Name, await PodNameAsync(exporter));
    }

    /// <summary>What is wrong with the scenario's own exporter, read from its pods, which run.</summary>
    public async Task<IReadOnlyList<string>> AuditOwnAsync() => [.. (await RunningPodsAsync(_own!.Namespace, ExporterName)).SelectMany(ExporterAudit.Findings).Distinct()];

    /// <summary>What is wrong with the platform's exporters, by name, read from their pods, which run; those of scenarios are left out.</summary>
    /// <exception cref="InvalidOperationException">There are none: nothing was audited.</exception>
    public async Task<IReadOnlyList<string>> AuditAllAsync()
    {
        var exporters = (await scenario.Admin.GetAsync($"/apis/apps/v1/daemonsets?labelSelector={Uri.EscapeDataString($"{Telemetry.ExporterLabel},!{RunLabels.Scenario}")}")).OrThrow().Items;
        if (exporters.Count == 0)
            throw new InvalidOperationException("There is no DCGM exporter to audit.");
        var findings = await Task.WhenAll(exporters.Select(e => (Namespace: (string)e!["metadata"]!["namespace"]!, Name: (string)e["metadata"]!["name"]!)).Select(async e =>
            (await RunningPodsAsync(e.Namespace, e.Name)).SelectMany(ExporterAudit.Findings).Distinct().Select(f => $"{e.Namespace}/{e.Name} {f}")));
        return [.. findings.SelectMany(f => f)];
    }

    // An exporter that runs nowhere shows nothing: each has a pod that has shown that it ran.
    private async Task<IReadOnlyList<JsonNode>> RunningPodsAsync(string @namespace, string exporter)
    {
        var pods = new PodDriver(Platform.Admin, Platform.Options.Manifests, @namespace, "default");
        var uid = (string)(await scenario.Admin.GetAsync($"{DaemonSets(@namespace)}/{exporter}")).OrThrow().Body!["metadata"]!["uid"]!;
        var names = (await scenario.Admin.GetAsync($"{pods.Collection}?labelSelector={Uri.EscapeDataString($"app.kubernetes.io/instance={exporter}")}")).OrThrow().Items
            .Where(p => p!["metadata"]!["deletionTimestamp"] is null && (string?)p["metadata"]!["ownerReferences"]?[0]?["uid"] == uid).Select(p => (string)p!["metadata"]!["name"]!).ToList();
        return names.Count == 0 ? throw new InvalidOperationException($"The DCGM exporter {@namespace}/{exporter} runs nowhere: there is nothing to audit.")
            : await Task.WhenAll(names.Select(n => pods.WaitReadyAsync(n)));
    }

    /// <summary>Puts the scraper beside the platform's own Prometheus, for as long as the scenario lasts.</summary>
    public Task JoinPrometheusAsync() => AddPodAsync(Scraper, isPrometheus: true);

    /// <summary>Applies controls/metrics-network.yaml to the scenario's own exporter, or makes it what it should be again.</summary>
    /// <param name="edit">A mistake to make in its content first; null for the file as it is.</param>
    public Task LockAsync(ManifestEdit? edit = null) => scenario.Manifests.ApplyAsync(Control, ControlValues, edit);

    /// <summary>Takes that control away.</summary>
    public Task UnlockAsync() => scenario.Manifests.RemoveAsync(Control, ControlValues);

    /// <summary>Admits a tenant to something of the platform's by mistake. Nobody else is admitted by that policy.</summary>
    public Task AdmitAsync(Tenant tenant, MetricsServer server) => mistakes.MakeAsync("policy-metrics-hole", new()
    {
        ["NAME"] = scenario.Unique("hole"), ["NAMESPACE"] = server.Namespace, ["SERVER"] = server.Name, ["TENANT"] = tenant.Name, ["SCENARIO"] = scenario.Id,
    });

    /// <summary>Writes, with a tenant's own rights, on its namespace and on its client what the policies of the metrics look for.</summary>
    public static async Task PassOffAsync(Tenant tenant)
    {
        await Poll.UntilAsync("the right to write the namespace to be in force", () => tenant.Api.PatchAsync($"/api/v1/namespaces/{tenant.Namespace}", Labels(PlatformLabel, "monitoring")), a => a.Allowed, a => a.ToString());
        (await tenant.Api.PatchAsync($"{tenant.Pods.Collection}/client", Labels("app.kubernetes.io/name", "prometheus"))).OrThrow();
    }

    /// <summary>Takes the platform's label from a tenant's namespace.</summary>
    public async Task TakeLabelAsync(Tenant tenant) => (await scenario.Admin.PatchAsync($"/api/v1/namespaces/{tenant.Namespace}", Labels(PlatformLabel, null))).OrThrow();

    /// <summary>Waits until something is reached by exactly those that are expected to.</summary>
    /// <param name="server">What.</param>
    /// <param name="rows">Who tries (<c>the client of tenant "blue"</c>, <c>the scraper</c>, <c>its neighbour</c>), at which of its addresses, and whether it must be reached.</param>
    public async Task AwaitReachedAsync(MetricsServer server, IEnumerable<(string By, string At, bool Reached)> rows)
    {
        var cells = new List<ExpectedCell>();
        foreach (var (by, at, reached) in rows)
            cells.Add(new(await reach.SourceAsync(by), new($"{server.Phrase} at {at}", await UrlAsync(server, at)), reached));
        await reach.AwaitAsync(server.Phrase, cells);
    }

    /// <summary>What a tenant's client reads at an exporter: of its long answer the beginning, which has the first field of every GPU.</summary>
    public async Task<IReadOnlyList<Series>> ReadAsync(Tenant tenant, MetricsServer exporter) =>
        Series.OfText(await new TenantCall(tenant, await UrlAsync(exporter, "its pod IP")).GetAsync("/metrics"));

    /// <summary>The base URL of something at one of its addresses.</summary>
    /// <exception cref="ArgumentException">There is no such address; the message lists those that there are.</exception>
    public async Task<string> UrlAsync(MetricsServer server, string at)
    {
        var (host, port) = at switch
        {
            "its pod IP" => ((string)(await PodAsync(server))["status"]!["podIP"]!, server.Port),
            "its service" => ((string)(await ServiceAsync(server))["spec"]!["clusterIP"]!, server.Port),
            "the node's address" => ((string)(await PodAsync(server))["status"]!["hostIP"]!, server.Port),
            _ => throw new ArgumentException($"There is no address called \"{at}\"; there are: its pod IP, its service, the node's address."),
        };
        return string.Create(CultureInfo.InvariantCulture, $"http://{HostName.InUrl(host)}:{port}/");
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

    private Dictionary<string, string> ControlValues => new()
    {
        ["FLEET"] = (_own ?? throw new InvalidOperationException("No step of this scenario has served metrics in a place of their own yet.")).Namespace, ["MONITORING"] = Monitoring,
    };

    private static JsonObject Labels(string label, string? value) => new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [label] = value } } };

    private async Task DeployAsync(ManifestEdit? edit)
    {
        var values = Telemetry.ExporterValues(Platform.Options, Platform.Fleet.RealPools[0], _own!.Namespace, ExporterName, NewToken());
        var path = $"{DaemonSets(_own.Namespace)}/{ExporterName}";
        // It may hold a port of the node.
        scenario.CleanUp.Remove(path);
        // Anew: of an exporter that had the node's network an apply would leave the port of the node that this had brought.
        await scenario.Admin.RemoveAsync(path);
        await Platform.Admin.AwaitGoneAsync(path);
        await scenario.Manifests.ApplyAsync(Telemetry.WorkloadFile, values, edit);
        await GpuFleet.AwaitRolloutAsync(Platform.Admin, path);
    }

    private async Task AddPodAsync(string name, bool isPrometheus)
    {
        var unique = _ownSite is null ? scenario.Unique(name) : name;
        var pods = new PodDriver(Platform.Admin, Platform.Options.Manifests, Monitoring, "default");
        if (_ownSite is null)
            scenario.CleanUp.Remove($"{pods.Collection}/{unique}");
        await pods.AddAsync(unique, "workloads/client.yaml", Platform.Fleet.NodeUnderTestOrAny, pod =>
        {
            if (isPrometheus)
                pod["metadata"]!["labels"]!["app.kubernetes.io/name"] = "prometheus";
        });
        await pods.WaitReadyAsync(unique);
        reach.Introduce(new(name == Neighbour ? "neighbour of the scraper" : name, Monitoring, unique));
    }

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
        // Not by a file: what a control says about a namespace is to be its own.
        (await scenario.Admin.PostAsync("/api/v1/namespaces", new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Namespace",
            // An exporter mounts a folder of the kubelet's.
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { [RunLabels.Run] = Platform.Options.RunId, ["pod-security.kubernetes.io/enforce"] = "privileged" } },
        })).OrThrow();
        return name;
    }

    private async Task<JsonNode> PodAsync(MetricsServer server) => (await Platform.Admin.GetUnrecordedAsync(
        $"/api/v1/namespaces/{server.Namespace}/pods?labelSelector={Uri.EscapeDataString($"app.kubernetes.io/instance={server.Name}")}"))
        .OrThrow().Items.First(p => p!["metadata"]!["deletionTimestamp"] is null)!;

    private async Task<JsonNode> ServiceAsync(MetricsServer server) => (await Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{server.Namespace}/services/{server.Name}")).OrThrow().Body!;
}
