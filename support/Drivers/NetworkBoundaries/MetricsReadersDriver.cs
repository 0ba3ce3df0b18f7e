using SecuritySpecs.Cluster;
using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Metrics;
using SecuritySpecs.Network;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>Who reads the fleet's metrics: a scraper where Prometheus stands, its neighbour, and tenants that should not.</summary>
public sealed class MetricsReadersDriver(
    ScenarioPlatform scenario, MetricsDriver metrics, ReachabilityDriver reach, MistakeDriver mistakes)
{
    private const string PlatformLabel = "security.specs/platform";
    private const string Scraper = "scraper";
    private const string Neighbour = "neighbour";

    /// <summary>
    /// Runs an exporter in a namespace of its own, and in a monitoring namespace of its own two pods: the scraper, which stands
    /// where Prometheus would, and its neighbour. No policy stands in either.
    /// </summary>
    /// <param name="edit">A mistake to make in the exporter's manifest; null for none.</param>
    public async Task ServeAsync(ManifestEdit? edit = null)
    {
        var isFirst = metrics.OwnExporter is null;
        await metrics.OwnSiteAsync();
        await Task.WhenAll(
        [
            metrics.ServeAsync(edit),
            .. isFirst ? new[] { AddPodAsync(Scraper, isPrometheus: true), AddPodAsync(Neighbour, isPrometheus: false) } : [],
        ]);
    }

    /// <summary>Puts the scraper beside the platform's own Prometheus, for as long as the scenario lasts.</summary>
    public Task JoinPrometheusAsync() => AddPodAsync(Scraper, isPrometheus: true);

    /// <summary>Admits a tenant to something of the platform's by mistake. Nobody else is admitted by that policy.</summary>
    public Task AdmitAsync(Tenant tenant, MetricsServer server) => mistakes.MakeAsync("policy-metrics-hole", new()
    {
        ["NAME"] = scenario.Unique("hole"), ["NAMESPACE"] = server.Namespace, ["SERVER"] = server.Name,
        ["TENANT"] = tenant.Name, ["SCENARIO"] = scenario.Id,
    });

    /// <summary>Writes, with a tenant's own rights, on its namespace and on its client what the policies of the metrics look for.</summary>
    public static async Task PassOffAsync(Tenant tenant)
    {
        var @namespace = $"/api/v1/namespaces/{tenant.Namespace}";
        await Poll.UntilAsync("the right to write the namespace to be in force",
            () => tenant.Api.PatchAsync(@namespace, Labels(PlatformLabel, "monitoring")), a => a.Allowed, a => a.ToString());
        (await tenant.Api.PatchAsync($"{tenant.Pods.Collection}/client", Labels("app.kubernetes.io/name", "prometheus"))).OrThrow();
    }

    /// <summary>Takes the platform's label from a tenant's namespace.</summary>
    public async Task TakeLabelAsync(Tenant tenant) =>
        (await scenario.Admin.PatchAsync($"/api/v1/namespaces/{tenant.Namespace}", Labels(PlatformLabel, null))).OrThrow();

    /// <summary>Waits until something is reached by exactly those that are expected to.</summary>
    /// <param name="server">What.</param>
    /// <param name="rows">
    /// Who tries (<c>the client of tenant "blue"</c>, <c>the scraper</c>, <c>its neighbour</c>), at which of its addresses, and whether it
    /// must be reached.
    /// </param>
    public async Task AwaitReachedAsync(MetricsServer server, IEnumerable<(string By, string At, bool Reached)> rows)
    {
        var cells = new List<ExpectedCell>();
        foreach (var (by, at, reached) in rows)
            cells.Add(new(await reach.SourceAsync(by), new($"{server.Phrase} at {at}", await metrics.UrlAsync(server, at)), reached));
        await reach.AwaitAsync(server.Phrase, cells);
    }

    /// <summary>
    /// What a tenant's client reads at an exporter: of its long answer the beginning, which has the first field of every GPU.
    /// </summary>
    public async Task<IReadOnlyList<Series>> ReadAsync(Tenant tenant, MetricsServer exporter) =>
        Series.OfText(await new TenantCall(tenant, await metrics.UrlAsync(exporter, "its pod IP")).GetAsync("/metrics"));

    private static JsonObject Labels(string label, string? value) =>
        new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [label] = value } } };

    private async Task AddPodAsync(string name, bool isPrometheus)
    {
        var platform = scenario.Platform;
        var isOwn = metrics.OwnSite is not null;
        var (monitoring, unique) = (metrics.OwnSite?.Monitoring ?? Telemetry.MonitoringNamespace, isOwn ? name : scenario.Unique(name));
        var pods = new PodDriver(platform.Admin, scenario.Files, monitoring, "default");
        if (!isOwn)
            scenario.CleanUp.Remove($"{pods.Collection}/{unique}");
        await pods.AddAsync(unique, "workloads/client.yaml", platform.Fleet.NodeUnderTestOrAny, pod =>
        {
            if (isPrometheus)
                pod["metadata"]!["labels"]!["app.kubernetes.io/name"] = "prometheus";
        });
        await pods.WaitReadyAsync(unique);
        reach.Introduce(new(name == Neighbour ? "neighbour of the scraper" : name, monitoring, unique));
    }
}
