using SecuritySpecs.Fleet;

namespace SecuritySpecs.PlatformAudit;

/// <summary>Quotas for every GPU resource that a node offers, and limit ranges that give GPUs away.</summary>
internal static class QuotaChecks
{
    // Under whose domain an extended resource is a GPU, or a part of one.
    private static readonly string[] Vendors = ["nvidia.com/", "amd.com/", "gpu.intel.com/", "habana.ai/"];

    // Amounts that go with a GPU and are none: HAMi's memory and computing time.
    private static readonly string[] PartsOfAGpu = ["nvidia.com/gpumem", "nvidia.com/gpumem-percentage", "nvidia.com/gpucores"];

    public static IEnumerable<AuditFinding> Find(ClusterObjects cluster, AuditRules rules)
    {
        var offered = GpuResources(cluster);
        foreach (var tenant in cluster.Tenants)
        {
            var quotas = cluster.Of(ClusterObjects.Quotas).Where(q => ClusterObjects.NamespaceOf(q) == tenant).ToList();
            foreach (var resource in offered)
            {
                var key = GpuQuotas.KeyOf(resource);
                if (quotas.Exists(q => GpuQuotas.HasKey(q, key) && !GpuQuotas.IsScoped(q)))
                    continue;
                var problem = quotas.Find(q => GpuQuotas.HasKey(q, key)) is { } scoped ? $"the quota on {resource}, {ClusterObjects.NameOf(scoped)}, is for pods of some scopes only"
                    : quotas.Find(q => (q["spec"]?["hard"]?.AsObject() ?? []).Any(k => k.Key.EndsWith(resource, StringComparison.Ordinal))) is { } inert ? $"the quota {ClusterObjects.NameOf(inert)} has a key on {resource} that counts nothing"
                    : $"no quota on {resource}";
                yield return new("gpu-quota", Severity.High, $"Namespace {tenant}", problem, $"The tenant can take every {resource} of the fleet.",
                    $"kubectl create quota gpu-quota -n {tenant} --hard={key}=N");
            }

            foreach (var range in cluster.Of(ClusterObjects.LimitRanges).Where(r => ClusterObjects.NamespaceOf(r) == tenant))
            {
                foreach (var resource in ClusterObjects.Items(range["spec"]!["limits"]).SelectMany(l => Defaults(l)).Where(r => offered.Contains(r)).Distinct())
                {
                    yield return new("gpu-limit-range", Severity.Medium, ClusterObjects.Words(range), $"gives {resource} by default",
                        "A container that asks for no GPU gets one, and keeps it from those that do.", $"set default and defaultRequest of {resource} to 0");
                }
            }
        }
    }

    private static List<string> GpuResources(ClusterObjects cluster) =>
    [
        .. cluster.Of(ClusterObjects.Nodes).SelectMany(n => n["status"]?["allocatable"]?.AsObject() ?? [])
            .Where(r => Vendors.Any(v => r.Key.StartsWith(v, StringComparison.Ordinal)) && !PartsOfAGpu.Contains(r.Key) && (string?)r.Value != "0").Select(r => r.Key).Distinct().Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Defaults(JsonNode limit) => ((string[])["default", "defaultRequest"]).SelectMany(f => limit[f]?.AsObject() ?? []).Where(d => (string?)d.Value != "0").Select(d => d.Key);
}
