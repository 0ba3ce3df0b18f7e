using SecuritySpecs.Network;

namespace SecuritySpecs.PlatformAudit;

/// <summary>
/// Which paths the NetworkPolicies leave open, by the objects alone. Whether the network enforces them the audit cannot see, nor what policies
/// of other kinds (Cilium's, Calico's, AdminNetworkPolicy) add or take away.
/// </summary>
internal static class NetworkChecks
{
    private const string Elsewhere = "audit-elsewhere";
    private static readonly Dictionary<string, string> NoLabels = [];
    private static readonly NetworkPeer Stranger = new(IPAddress.Parse("192.0.2.2"), Elsewhere, "stranger", NoLabels, []);
    private static readonly NetworkPeer Internet = NetworkPeer.Outside("198.51.100.1");

    // The instance metadata of AWS, Azure, GCP and others.
    private static readonly NetworkPeer Metadata = NetworkPeer.Outside("169.254.169.254");

    // Programs of GPU platforms by the port that they listen on unless told otherwise.
    private static readonly IReadOnlyList<(int Port, string Control, string What)> WellKnown =
    [
        (8000, "inference-endpoint", "a model server"), (8265, "ml-consoles", "Ray's dashboard, which runs any job"), (8888, "ml-consoles", "a notebook server"), (5000, "ml-consoles", "MLflow"),
        (6006, "ml-consoles", "TensorBoard"), (9090, "prometheus", "Prometheus"), (9400, "gpu-metrics", "a DCGM exporter"),
    ];

    public static IEnumerable<AuditFinding> Find(ClusterObjects cluster, AuditRules rules)
    {
        var oracle = new PolicyOracle(new Dictionary<string, IReadOnlyDictionary<string, string>>(cluster.Rbac.Namespaces) { [Elsewhere] = NoLabels }, cluster.Of(ClusterObjects.Policies));
        foreach (var tenant in cluster.Tenants)
        {
            // A pod that does not exist yet and that nobody has thought of: no policy of a certain name or shape will do.
            var newcomer = new NetworkPeer(IPAddress.Parse("192.0.2.1"), tenant, "newcomer", NoLabels, []);
            if (oracle.LetsSomeIn(Stranger, newcomer) || oracle.LetsSomeIn(Internet, newcomer))
                yield return Open(tenant, "no default deny for ingress", "Every pod of the cluster can call each new pod of the tenant.");
            if (oracle.LetsSomeOut(newcomer, Stranger) || oracle.LetsSomeOut(newcomer, Internet))
                yield return Open(tenant, "no default deny for egress", "Each new pod of the tenant can call every pod of the cluster and the internet.");
            if (oracle.LetsOut(newcomer, Metadata, "TCP", 80))
            {
                yield return new("cloud-credentials", Severity.High, $"Namespace {tenant}", "its pods can call 169.254.169.254",
                    "Where the platform runs in a cloud, a pod reads the credentials of its node.", "a default deny for egress; in policies that allow the internet, except 169.254.0.0/16");
            }
        }

        foreach (var finding in Programs(cluster, oracle))
            yield return finding;
    }

    private static AuditFinding Open(string tenant, string problem, string allows) =>
        new("default-deny", Severity.High, $"Namespace {tenant}", problem, allows, "fleet-fixtures/controls/default-deny.yaml");

    // Of all namespaces: exporters and Prometheus are the platform's. What is on the network of the node no policy protects.
    private static IEnumerable<AuditFinding> Programs(ClusterObjects cluster, PolicyOracle oracle)
    {
        foreach (var pod in cluster.Of(ClusterObjects.Pods).Where(p => p["status"]?["podIP"] is not null))
        {
            var isTheNode = (bool?)pod["spec"]!["hostNetwork"] == true;
            var peer = Peer(pod);
            foreach (var (port, control, what) in WellKnown.Where(w => peer.Ports.Any(p => p.Number == w.Port && p.Protocol == "TCP")))
            {
                if (isTheNode || oracle.LetsIn(Stranger, peer, "TCP", port))
                {
                    yield return new(control, Severity.High, ClusterObjects.Origin(pod), FormattableString.Invariant($"everybody can reach port {port}{(isTheNode ? " of its node, which no policy protects" : "")}"),
                        $"Any pod of the cluster can use {what}.", isTheNode ? "hostNetwork: false, and a NetworkPolicy" : "a NetworkPolicy that lets in only who needs it");
                }
            }
        }
    }

    private static NetworkPeer Peer(JsonNode pod) => new(
        IPAddress.Parse((string)pod["status"]!["podIP"]!), ClusterObjects.NamespaceOf(pod), ClusterObjects.NameOf(pod),
        (pod["metadata"]!["labels"]?.AsObject() ?? []).ToDictionary(l => l.Key, l => (string)l.Value!),
        [.. ClusterObjects.Containers(pod["spec"]!).SelectMany(c => ClusterObjects.Items(c["ports"])).Select(p => new NamedPort((string?)p["name"] ?? "", (string?)p["protocol"] ?? "TCP", (int)p["containerPort"]!))]);
}
