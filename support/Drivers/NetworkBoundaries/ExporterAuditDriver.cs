using SecuritySpecs.Cluster;
using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>Audits DCGM exporters: reads from their pods, which run, what they have of their node.</summary>
public sealed class ExporterAuditDriver(ScenarioPlatform scenario, MetricsDriver metrics)
{
    /// <summary>What is wrong with the scenario's own exporter.</summary>
    public async Task<IReadOnlyList<string>> AuditOwnAsync() =>
        [.. await AuditAsync(metrics.OwnExporter!.Namespace, MetricsDriver.ExporterName)];

    /// <summary>What is wrong with the platform's exporters, by name; those of scenarios are left out.</summary>
    /// <exception cref="InvalidOperationException">There are none: nothing was audited.</exception>
    public async Task<IReadOnlyList<string>> AuditAllAsync()
    {
        var selector = Uri.EscapeDataString($"{Telemetry.ExporterLabel},!{RunLabels.Scenario}");
        var exporters = (await scenario.Admin.GetAsync($"/apis/apps/v1/daemonsets?labelSelector={selector}")).OrThrow().Items;
        if (exporters.Count == 0)
            throw new InvalidOperationException("There is no DCGM exporter to audit.");
        var findings = await Task.WhenAll(exporters.Select(async e =>
        {
            var (@namespace, name) = ((string)e!["metadata"]!["namespace"]!, (string)e["metadata"]!["name"]!);
            return (await AuditAsync(@namespace, name)).Select(f => $"{@namespace}/{name} {f}");
        }));
        return [.. findings.SelectMany(f => f)];
    }

    private async Task<IEnumerable<string>> AuditAsync(string @namespace, string exporter) =>
        (await RunningPodsAsync(@namespace, exporter)).SelectMany(ExporterAudit.Findings).Distinct();

    // An exporter that runs nowhere shows nothing: each has a pod that has shown that it ran.
    private async Task<IReadOnlyList<JsonNode>> RunningPodsAsync(string @namespace, string exporter)
    {
        var pods = new PodDriver(scenario.Platform.Admin, scenario.Files, @namespace, "default");
        var daemonSet = await scenario.Admin.GetAsync($"{MetricsDriver.DaemonSets(@namespace)}/{exporter}");
        var uid = (string)daemonSet.OrThrow().Body!["metadata"]!["uid"]!;
        var selector = Uri.EscapeDataString($"app.kubernetes.io/instance={exporter}");
        var names = (await scenario.Admin.GetAsync($"{pods.Collection}?labelSelector={selector}")).OrThrow().Items
            .Select(p => p!["metadata"]!)
            .Where(m => m["deletionTimestamp"] is null && (string?)m["ownerReferences"]?[0]?["uid"] == uid)
            .Select(m => (string)m["name"]!).ToList();
        if (names.Count == 0)
            throw new InvalidOperationException($"The DCGM exporter {@namespace}/{exporter} runs nowhere: there is nothing to audit.");
        return await Task.WhenAll(names.Select(n => pods.WaitReadyAsync(n)));
    }
}
