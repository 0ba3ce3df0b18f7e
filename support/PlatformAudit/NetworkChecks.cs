using SecuritySpecs.Network;

namespace SecuritySpecs.PlatformAudit;

/// <summary>
/// Which paths the NetworkPolicies leave open, by the objects alone. Whether the network enforces them the audit cannot see, nor what policies
/// of other kinds (Cilium's, Calico's, AdminNetworkPolicy) add or take away.
/// </summary>
internal static class NetworkChecks
{
    // The instance metadata of AWS, Azure, GCP and others.
    private const string Metadata = "169.254.169.254";
    private const int MetadataPort = 80;

    // Programs of GPU platforms by the port that they listen on unless told otherwise.
    private static readonly IReadOnlyList<(int Port, string Control, string What)> WellKnown =
    [
        (8000, "inference-endpoint", "a model server"), (8265, "ml-consoles", "Ray's dashboard, which runs any job"), (8888, "ml-consoles", "a notebook server"), (5000, "ml-consoles", "MLflow"),
        (6006, "ml-consoles", "TensorBoard"), (9090, "prometheus", "Prometheus"), (9400, "gpu-metrics", "a DCGM exporter"),
    ];

    public static IEnumerable<AuditFinding> Find(ClusterObjects cluster, AuditRules rules)
    {
        var deny = new DefaultDeny(cluster.Rbac.Namespaces, cluster.Of(ClusterObjects.Policies));
        foreach (var tenant in cluster.Tenants)
        {
            if (deny.LetsIn(tenant))
                yield return Open(tenant, "no default deny for ingress", "Every pod of the cluster can call each new pod of the tenant.");
            if (deny.LetsOut(tenant))
                yield return Open(tenant, "no default deny for egress", "Each new pod of the tenant can call every pod of the cluster and the internet.");
            if (deny.LetsOut(tenant, Metadata, MetadataPort))
                yield return Credentials($"Namespace {tenant}", $"its pods can call {Metadata}");
        }

        // Those that a policy of their own lets out further than a new pod. What is on the network of the node is a finding of its own.
        foreach (var pod in cluster.OfTenants(ClusterObjects.Pods).Where(p => p["status"]?["podIP"] is not null && (bool?)p["spec"]!["hostNetwork"] != true))
        {
            if (!deny.LetsOut(ClusterObjects.NamespaceOf(pod), Metadata, MetadataPort) && deny.LetsOut(NetworkPeer.OfPod(pod), Metadata, MetadataPort))
                yield return Credentials(ClusterObjects.Origin(pod), $"can call {Metadata}");
        }

        foreach (var finding in Programs(cluster, deny))
            yield return finding;
    }

    private static AuditFinding Open(string tenant, string problem, string allows) =>
        new("default-deny", Severity.High, $"Namespace {tenant}", problem, allows, "fleet-fixtures/controls/default-deny.yaml");

    private static AuditFinding Credentials(string target, string problem) =>
        new("cloud-credentials", Severity.High, target, problem, "Where the platform runs in a cloud, a pod reads the credentials of its node.",
            "a default deny for egress; in policies that allow the internet, except 169.254.0.0/16");

    // Of all namespaces: exporters and Prometheus are the platform's. What is on the network of the node no policy protects.
    private static IEnumerable<AuditFinding> Programs(ClusterObjects cluster, DefaultDeny deny)
    {
        foreach (var pod in cluster.Of(ClusterObjects.Pods).Where(p => p["status"]?["podIP"] is not null))
        {
            var isTheNode = (bool?)pod["spec"]!["hostNetwork"] == true;
            var ports = ClusterObjects.Containers(pod["spec"]!).SelectMany(c => ClusterObjects.Items(c["ports"])).Where(p => ((string?)p["protocol"] ?? "TCP") == "TCP").Select(p => (int)p["containerPort"]!).ToHashSet();
            foreach (var (port, control, what) in WellKnown.Where(w => ports.Contains(w.Port)))
            {
                if (isTheNode || deny.LetsIn(NetworkPeer.OfPod(pod), port))
                {
                    yield return new(control, Severity.High, ClusterObjects.Origin(pod), FormattableString.Invariant($"everybody can reach port {port}{(isTheNode ? " of its node, which no policy protects" : "")}"),
                        $"Any pod of the cluster can use {what}.", isTheNode ? "hostNetwork: false, and a NetworkPolicy" : "a NetworkPolicy that lets in only who needs it");
                }
            }
        }
    }
}
