using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Fleet;
using SecuritySpecs.PlatformAudit;

namespace SecuritySpecs.Drivers.SecretsAndSupplyChain;

/// <summary>Audits the versions of NVIDIA's container components, where a cluster tells them: in the images of the workloads that install them.</summary>
public sealed class ToolkitDriver(ScenarioPlatform scenario)
{
    private const string File = "drills/nvidia-component.yaml";
    private static readonly string[] Kinds = ["daemonsets", "deployments"];

    private string Name => scenario.Unique("toolkit");

    /// <summary>Rolls an image out as NVIDIA's operator does, or changes what was rolled out to it. No node runs it.</summary>
    public Task RollOutAsync(string image) =>
        scenario.Manifests.ApplyAsync(File, new() { ["NAME"] = Name, ["NAMESPACE"] = GpuFleet.Namespace, ["IMAGE"] = image });

    /// <summary>What is wrong with the components of the whole cluster, each with the workload that brings it; those of other scenarios are left out.</summary>
    public async Task<IReadOnlyList<string>> AuditAsync()
    {
        var components = ToolkitFixes.Read(Path.Combine(scenario.Platform.Options.Fixtures, ToolkitFixes.FileName));
        var findings = new List<string>();
        foreach (var kind in Kinds)
        {
            var workloads = (await scenario.Admin.GetAsync($"/apis/apps/v1/{kind}")).OrThrow().Items;
            foreach (var workload in workloads.Where(w => (string?)w!["metadata"]!["labels"]?[RunLabels.Scenario] is not { } whose || whose == scenario.Id))
                findings.AddRange(ToolkitFixes.Findings(workload!, components).Select(f => $"{kind[..^1]} {workload!["metadata"]!["namespace"]}/{workload["metadata"]!["name"]}: {f}"));
        }

        scenario.Note("audit", findings.Count == 0 ? "no component of NVIDIA's is too old" : string.Join("; ", findings));
        return findings;
    }

    /// <summary>A finding about what this scenario has rolled out.</summary>
    public string InWords(string finding) => $"daemonset {GpuFleet.Namespace}/{Name}: {finding}";
}
