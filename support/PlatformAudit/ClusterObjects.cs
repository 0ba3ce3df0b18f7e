using SecuritySpecs.Rbac;

namespace SecuritySpecs.PlatformAudit;

/// <summary>All that the audit judges, as the API server holds it at one time. Plain data: it is read once, by GET alone.</summary>
/// <param name="Version">The API server's gitVersion.</param>
/// <param name="Tenants">The namespaces of tenants; sorted.</param>
/// <param name="Rbac">RBAC, and the labels of all namespaces.</param>
/// <param name="Lists">The objects of each kind, by the path of its collection; of a kind that the cluster does not serve there are none.</param>
public sealed record ClusterObjects(string Version, IReadOnlyList<string> Tenants, RbacSnapshot Rbac, IReadOnlyDictionary<string, IReadOnlyList<JsonNode>> Lists)
{
    /// <summary>The collections that are read, each with the kind of its objects, which the items of a list do not say.</summary>
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        [Nodes] = "Node", [Pods] = "Pod", [Services] = "Service", [Quotas] = "ResourceQuota", [LimitRanges] = "LimitRange", [Accounts] = "ServiceAccount", [ConfigMaps] = "ConfigMap",
        [DaemonSets] = "DaemonSet", [Deployments] = "Deployment", [Policies] = "NetworkPolicy", [Validating] = "ValidatingWebhookConfiguration", [Mutating] = "MutatingWebhookConfiguration",
        [AdmissionPolicies] = "ValidatingAdmissionPolicy", [AdmissionBindings] = "ValidatingAdmissionPolicyBinding", [Claims] = "ResourceClaim", [TokenSecrets] = "Secret",
    };

    internal const string Nodes = "/api/v1/nodes";
    internal const string Pods = "/api/v1/pods";
    internal const string Services = "/api/v1/services";
    internal const string Quotas = "/api/v1/resourcequotas";
    internal const string LimitRanges = "/api/v1/limitranges";
    internal const string Accounts = "/api/v1/serviceaccounts";
    internal const string ConfigMaps = "/api/v1/configmaps";
    internal const string DaemonSets = "/apis/apps/v1/daemonsets";
    internal const string Deployments = "/apis/apps/v1/deployments";
    internal const string Policies = "/apis/networking.k8s.io/v1/networkpolicies";
    internal const string Validating = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
    internal const string Mutating = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
    internal const string AdmissionPolicies = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
    internal const string AdmissionBindings = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings";
    internal const string Claims = "/apis/resource.k8s.io/v1/resourceclaims";

    // Of Secrets no value is read: the server picks those with tokens, and sends their metadata.
    internal const string TokenSecrets = "/api/v1/secrets";
    private const string TokenType = "fieldSelector=type%3Dkubernetes.io%2Fservice-account-token";

    // What a cluster may lack: kinds that came later than 1.20.
    private static readonly HashSet<string> MayBeMissing = [AdmissionPolicies, AdmissionBindings, Claims];

    /// <summary>The objects of a kind.</summary>
    /// <param name="collection">The path of its collection.</param>
    public IReadOnlyList<JsonNode> Of(string collection) => Lists.GetValueOrDefault(collection) ?? [];

    /// <summary>Those of a kind that stand in tenants' namespaces.</summary>
    /// <param name="collection">The path of its collection.</param>
    public IEnumerable<JsonNode> OfTenants(string collection) => Of(collection).Where(o => Tenants.Contains(NamespaceOf(o)));

    /// <summary>Kubernetes' minor version, for example 20.</summary>
    public int Minor => int.TryParse(Version.Split('.').ElementAtOrDefault(1), NumberStyles.None, CultureInfo.InvariantCulture, out var minor) ? minor : 0;

    /// <summary>Reads a cluster.</summary>
    /// <param name="api">Somebody who may list all of it.</param>
    /// <param name="tenants">The label selector of tenants' namespaces.</param>
    /// <param name="tell">Is told how far it is.</param>
    /// <exception cref="KubeApiException">A list was refused: nothing can be judged by what is left.</exception>
    public static async Task<ClusterObjects> ReadAsync(KubeApi api, string tenants, Action<AuditProgress> tell)
    {
        var version = (string)(await api.GetUnrecordedAsync("/version")).OrThrow().Body!["gitVersion"]!;
        var lists = new Dictionary<string, IReadOnlyList<JsonNode>>();
        foreach (var (path, kind) in Kinds)
        {
            var items = MayBeMissing.Contains(path) && !await IsServedAsync(api, path) ? []
                : await api.ListAsync(path, path == TokenSecrets ? TokenType : "", metadataOnly: path == TokenSecrets, (count, of) => tell(new($"reading {path}", lists.Count, Kinds.Count, count, of)));
            foreach (var item in items)
            {
                item["kind"] = kind;
                // Who wrote which field, but no value: half of a pod of a large cluster.
                item["metadata"]!.AsObject().Remove("managedFields");
            }

            lists[path] = items;
        }

        tell(new("reading roles, bindings and namespaces", Kinds.Count, Kinds.Count, 0, 0));
        var rbac = await RbacSnapshot.ReadAsync(api);
        var chosen = await api.ListAsync("/api/v1/namespaces", "labelSelector=" + Uri.EscapeDataString(tenants));
        return new(version, [.. chosen.Select(NameOf).Order(StringComparer.Ordinal)], rbac, lists);
    }

    internal static string NameOf(JsonNode item) => (string)item["metadata"]!["name"]!;

    internal static string NamespaceOf(JsonNode item) => (string?)item["metadata"]!["namespace"] ?? "";

    /// <summary>An object as findings name it: <c>Pod blue/train-0</c>.</summary>
    internal static string Words(JsonNode item) => $"{item["kind"]} {(NamespaceOf(item) is { Length: > 0 } space ? space + "/" : "")}{NameOf(item)}";

    /// <summary>What a pod comes from, for its own name is another one tomorrow: <c>Deployment blue/web</c>, <c>Job blue/train</c>; the pod itself where nothing made it.</summary>
    internal static string Origin(JsonNode pod)
    {
        if (Items(pod["metadata"]!["ownerReferences"]).FirstOrDefault(o => (bool?)o["controller"] == true) is not { } owner)
            return Words(pod);
        var (kind, name) = ((string)owner["kind"]!, (string)owner["name"]!);
        return kind == "ReplicaSet" && (string?)pod["metadata"]!["labels"]?["pod-template-hash"] is { } hash && name.EndsWith("-" + hash, StringComparison.Ordinal)
            ? $"Deployment {NamespaceOf(pod)}/{name[..^(hash.Length + 1)]}" : $"{kind} {NamespaceOf(pod)}/{name}";
    }

    internal static IEnumerable<JsonNode> Items(JsonNode? list) => list is JsonArray items ? items.OfType<JsonNode>() : [];

    /// <summary>The containers of a pod's spec, of all kinds.</summary>
    internal static IEnumerable<JsonNode> Containers(JsonNode spec) => ((string[])["initContainers", "containers", "ephemeralContainers"]).SelectMany(list => Items(spec[list]));

    // Discovery: a group, or a kind of it, that the server does not know.
    private static async Task<bool> IsServedAsync(KubeApi api, string path)
    {
        var at = path.LastIndexOf('/');
        var group = await api.GetUnrecordedAsync(path[..at]);
        return group.Code != 404 && Items(group.OrThrow().Body!["resources"]).Any(r => (string)r["name"]! == path[(at + 1)..]);
    }
}
