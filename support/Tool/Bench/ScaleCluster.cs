using SecuritySpecs.Fleet;
using SecuritySpecs.Network;
using SecuritySpecs.Rbac;

namespace SecuritySpecs.Tool.Bench;

/// <summary>A cluster of any size that only exists as the objects that its API server would return: what the analyses are measured with.</summary>
/// <param name="tenants">Each has a namespace, a GPU quota, three network policies and ten role bindings.</param>
/// <param name="nodes">Each has eight GPUs, one pod a GPU, and a binding of its kubelet's user. It is one tenant's; tenants take turns.</param>
internal sealed class ScaleCluster(int tenants, int nodes)
{
    private const int GpusPerNode = 8;
    private const int BindingsPerTenant = 10;
    private const string Resource = "nvidia.com/gpu";

    // As many on its own node, which are its own tenant's, as on others.
    private const int PeersOfAPod = 20;
    private readonly List<string> _namespaces = [.. Enumerable.Range(0, tenants).Select(n => $"tenant-{n}")];
    private readonly List<string> _quotas = [.. Enumerable.Range(0, tenants).Select(Quota)];
    private readonly List<string> _nodes = [.. Enumerable.Range(0, nodes).Select(Node)];
    private readonly List<string> _policies = [.. Enumerable.Range(0, tenants).SelectMany(Policies)];

    /// <summary>The analyses, each with its name, as a function that does it whole: reading the answers is part of it.</summary>
    public IReadOnlyList<(string Name, Action Do)> Analyses => [("quota", AuditQuotas), ("RBAC", AuditRights), ("network", AuditConnections)];

    private void AuditQuotas()
    {
        var without = GpuQuotas.NamespacesWithout(_namespaces, _quotas.Select(q => JsonNode.Parse(q)!));
        var gpus = _nodes.Sum(n => GpuQuotas.Allocatable(JsonNode.Parse(n)!, Resource));
        Expect(without.Count == 0 && gpus == nodes * GpusPerNode);
    }

    private void AuditRights()
    {
        var many = ManyBindings.Of(tenants * BindingsPerTenant);
        var kubelets = Enumerable.Range(0, nodes).Select(n => new RbacBinding(null, $"node-{n}", new Dictionary<string, string>(), true, many.Roles[0].Name, [RbacSubject.User($"system:node:node-{n}")]));
        var analysis = new RbacAnalysis(many with { Bindings = [.. many.Bindings, .. kubelets] });
        Expect(DangerousRight.All.Sum(r => analysis.WhoCan(r).Count) > 0);
    }

    private void AuditConnections()
    {
        var none = new Dictionary<string, string>();
        var oracle = new PolicyOracle(_namespaces.ToDictionary(n => n, _ => (IReadOnlyDictionary<string, string>)none), _policies.Select(p => JsonNode.Parse(p)!));
        var pods = Enumerable.Range(0, nodes * GpusPerNode)
            .Select(n => new NetworkPeer(new IPAddress(new byte[] { 10, (byte)(n >> 16), (byte)(n >> 8), (byte)n }), _namespaces[n / GpusPerNode % tenants], $"pod-{n}", none, [])).ToList();
        var open = 0;
        for (var n = 0; n < pods.Count; n++)
        {
            for (var peer = 1; peer <= PeersOfAPod / 2; peer++)
            {
                open += oracle.Allows(pods[n], pods[n - (n % GpusPerNode) + ((n + peer) % GpusPerNode)], "TCP", 8080) ? 1 : 0;
                open += oracle.Allows(pods[n], pods[(n + (peer * GpusPerNode)) % pods.Count], "TCP", 8080) ? 1 : 0;
            }
        }

        Expect(open > 0 && open < pods.Count * PeersOfAPod);
    }

    // Of an analysis that finds nothing, or all, the time says nothing.
    private static void Expect(bool found)
    {
        if (!found)
            throw new InvalidOperationException("An analysis of the synthetic cluster found something other than what is in it.");
    }

    private static string Quota(int tenant) =>
        $$$$"""{"metadata":{"name":"gpu-quota","namespace":"tenant-{{{{tenant}}}}"},"spec":{"hard":{"{{{{GpuQuotas.Counted}}}}":"8"}},"status":{"used":{"{{{{GpuQuotas.Counted}}}}":"8"}}}""";

    private static string Node(int node) => $$$$"""
        {"metadata":{"name":"node-{{{{node}}}}","labels":{"gpu-pool":"a100"}},"spec":{"taints":[]},
         "status":{"capacity":{"cpu":"64","memory":"512Gi","{{{{Resource}}}}":"{{{{GpusPerNode}}}}"},"allocatable":{"cpu":"64","memory":"512Gi","{{{{Resource}}}}":"{{{{GpusPerNode}}}}"}}}
        """;

    private static string[] Policies(int tenant) =>
    [
        Policy(tenant, "default-deny", """ "policyTypes":["Ingress","Egress"] """),
        Policy(tenant, "same-tenant", """ "policyTypes":["Ingress","Egress"],"ingress":[{"from":[{"podSelector":{}}]}],"egress":[{"to":[{"podSelector":{}}]}] """),
        Policy(tenant, "dns", """ "policyTypes":["Egress"],"egress":[{"to":[{"namespaceSelector":{"matchLabels":{"dns":"true"}}}],"ports":[{"protocol":"UDP","port":53}]}] """),
    ];

    private static string Policy(int tenant, string name, string spec) => $$$$"""{"metadata":{"name":"{{{{name}}}}","namespace":"tenant-{{{{tenant}}}}"},"spec":{"podSelector":{},{{{{spec}}}}}}""";
}
