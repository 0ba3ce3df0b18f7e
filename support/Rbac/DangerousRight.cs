namespace SecuritySpecs.Rbac;

/// <summary>A right that is worth more than it looks: who holds it should be chosen, and few.</summary>
/// <param name="id">As features say it, after "can": <c>read secrets</c>.</param>
/// <param name="why">Why it is dangerous, in one sentence.</param>
/// <param name="cis">The recommendation of the CIS Kubernetes Benchmark (kube-bench cis-1.12) that is about it; null for none.</param>
/// <param name="questions">The requests of which any one is the right.</param>
public sealed class DangerousRight(string id, string why, string? cis, params IEnumerable<RightQuestion> questions)
{
    private const string Core = "";
    private const string Rbac = "rbac.authorization.k8s.io";
    private const string Authentication = "authentication.k8s.io";
    private const string Certificates = "certificates.k8s.io";
    private const string Admission = "admissionregistration.k8s.io";
    private static readonly string[] Write = ["create", "update", "patch"];
    private static readonly string[] WriteOrDelete = ["create", "update", "patch", "delete", "deletecollection"];

    /// <summary>Every id, as a regular expression. A new right gets its id here and a row in <see cref="All"/>.</summary>
    public const string Phrases =
        "read secrets|create pods|run a command in a pod|add a container to a running pod"
        + "|reach the kubelets|escalate roles|bind roles|impersonate others"
        + "|mint tokens of service accounts|request certificates|approve certificates|write webhook configurations"
        + "|write admission policies|change namespaces|write quotas and limit ranges|change nodes"
        + "|create persistent volumes|write workload templates|write roles and bindings|write the status of pods|bind pods to nodes|claim addresses for services";

    /// <summary>Every right that the analysis looks for.</summary>
    public static readonly IReadOnlyList<DangerousRight> All =
    [
        new("read secrets", "a list or a watch shows the content as a get does, and the content is other people's credentials", "5.1.2",
            On(["get", "list", "watch"], Core, "secrets")),
        new("create pods", "a pod mounts every Secret and borrows every ServiceAccount of its namespace", "5.1.4",
            On(["create"], Core, "pods")),
        new("run a command in a pod", "a shell in a pod is the pod's identity, its files and its GPU; a WebSocket opens it by get", null,
            On(["create", "get"], Core, "pods/exec", "pods/attach")),
        new("add a container to a running pod", "an ephemeral container joins the pod's namespaces and its ServiceAccount", null,
            On(["update", "patch"], Core, "pods/ephemeralcontainers")),
        new("reach the kubelets", "the kubelet's API runs commands in every pod of the node, past admission and audit, and shows every pod with its variables", "5.1.10",
            [
                .. OnCluster(["get", "create", "update", "patch", "delete"], Core, "nodes/proxy"),
                // What a kubelet asks for beside nodes/proxy: pods and configz since 1.32, log and checkpoint since long ago.
                .. OnCluster(["get"], Core, "nodes/pods", "nodes/configz", "nodes/log"), .. OnCluster(["get", "create"], Core, "nodes/checkpoint"),
            ]),
        new("escalate roles", "who may escalate writes rights into a role that nobody gave him", "5.1.8",
            [.. On(["escalate"], Rbac, "roles"), .. OnCluster(["escalate"], Rbac, "clusterroles")]),
        new("bind roles", "who may bind gives himself any role that there is, cluster-admin too", "5.1.8",
            On(["bind"], Rbac, "roles", "clusterroles")),
        new("impersonate others", "every check then judges somebody else, and the audit log's first name is theirs", "5.1.8",
            [
                .. OnCluster(["impersonate"], Core, "users", "groups"), .. On(["impersonate"], Core, "serviceaccounts"),
                .. OnCluster(["impersonate"], Authentication, "uids", "userextras/*"),
                // Constrained impersonation (on by default from 1.36): whose identity may be taken; what for, impersonate-on:... limits.
                .. OnCluster(["impersonate:user-info"], Authentication, "users", "groups", "uids", "userextras/*"),
                .. On(["impersonate:serviceaccount"], Authentication, "serviceaccounts"),
                .. OnCluster(["impersonate:arbitrary-node", "impersonate:associated-node"], Authentication, "nodes"),
            ]),
        new("mint tokens of service accounts", "a token is the account, from anywhere, until it expires", "5.1.13",
            [
                .. On(["create"], Core, "serviceaccounts/token"),
                // The control plane fills a Secret of the type kubernetes.io/service-account-token with a token of any account of the namespace.
                .. On(["get", "list", "watch"], Core, "secrets").Select(q => q with { With = new("create", Core, "secrets", "", true) }),
            ]),
        new("request certificates", "with an approver that looks away a certificate of any name follows, and certificates cannot be revoked", null,
            OnCluster(["create"], Certificates, "certificatesigningrequests")),
        new("approve certificates", "an approved certificate can carry any user name and group", "5.1.11",
            [
                .. OnCluster(["update", "patch"], Certificates, "certificatesigningrequests/approval", "certificatesigningrequests/status"),
                .. OnCluster(["approve", "sign"], Certificates, "signers"),
            ]),
        new("write webhook configurations", "an admission webhook reads and changes every object that passes, Secrets included", "5.1.12",
            OnCluster(WriteOrDelete, Admission, "validatingwebhookconfigurations", "mutatingwebhookconfigurations")),
        new("write admission policies", "a policy that is gone or no longer bound refuses nothing, and one that mutates changes every object that passes", null,
            OnCluster(WriteOrDelete, Admission, "validatingadmissionpolicies", "validatingadmissionpolicybindings",
                "mutatingadmissionpolicies", "mutatingadmissionpolicybindings")),
        new("change namespaces", "a namespace's labels are what Pod Security, network policies and admission policies select on", null,
            // Labels are also taken by the status, and by the call that ends a namespace.
            On(["update", "patch"], Core, "namespaces", "namespaces/status", "namespaces/finalize")),
        new("write quotas and limit ranges", "a quota that its tenant can write is advice", null,
            // Admission goes by the status of a quota.
            [.. On(WriteOrDelete, Core, "resourcequotas", "limitranges"), .. On(["update", "patch"], Core, "resourcequotas/status")]),
        new("change nodes", "labels decide whose pods land on a GPU node, and the status how many GPUs it claims to have", null,
            OnCluster(["update", "patch"], Core, "nodes", "nodes/status")),
        new("create persistent volumes", "a hostPath volume is the node's file system, whatever Pod Security says about pods", "5.1.9",
            OnCluster(["create"], Core, "persistentvolumes")),
        new("write workload templates", "whoever writes the template of a pod creates pods, by a controller's hand", "5.1.4",
            [
                .. On(Write, "apps", "deployments", "daemonsets", "statefulsets", "replicasets"),
                .. On(Write, "batch", "jobs", "cronjobs"), .. On(Write, Core, "replicationcontrollers"),
            ]),
        new("write roles and bindings", "rights that can be written can be shared out, and another's taken away", null,
            [.. On(WriteOrDelete, Rbac, "roles", "rolebindings"), .. OnCluster(WriteOrDelete, Rbac, "clusterroles", "clusterrolebindings")]),
        new("write the status of pods", "a pod that is said to have ended is counted by no quota and runs on, and Services send traffic to the address that a status names", null,
            On(["update", "patch"], Core, "pods/status")),
        new("bind pods to nodes", "who binds is the scheduler: taints, affinity and the pools of nodes are his to obey", null,
            On(["create"], Core, "pods/binding", "bindings")),
        new("claim addresses for services", "the nodes send the traffic of every address that a Service's status names to the Service's pods", null,
            On(["update", "patch"], Core, "services/status")),
    ];

    /// <summary>As features say it, after "can".</summary>
    public string Id => id;

    /// <summary>Why it is dangerous.</summary>
    public string Why => why;

    /// <summary>CIS recommendation; null for none.</summary>
    public string? Cis => cis;

    /// <summary>The requests of which any one is the right.</summary>
    public IReadOnlyList<RightQuestion> Questions { get; } = [.. questions];

    /// <summary>Subresources of pods, namespaces, nodes and quotas that no right asks for, and why not.</summary>
    public static readonly IReadOnlyDictionary<string, string> HarmlessSubresources = new Dictionary<string, string>
    {
        ["pods/log"] = "shows what a pod prints: features/rights.yaml says who may read it",
        ["pods/portforward"] = "connects to a pod past its network policies, with the rights of nobody else: namespace-boundary.feature",
        ["pods/proxy"] = "as pods/portforward: inference-endpoint.feature",
        ["pods/eviction"] = "removes a pod, as the verb delete does",
        ["pods/resize"] = "changes how much CPU and memory a pod has, and quotas and limit ranges judge it",
    };

    /// <summary>The right of an id.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static DangerousRight Of(string id) => All.FirstOrDefault(r => r.Id == id)
        ?? throw new ArgumentException($"No dangerous right is called \"{id}\"; there are: {string.Join("; ", All.Select(r => r.Id))}.");

    /// <summary>The same right with further requests of which any one is it.</summary>
    public DangerousRight With(IEnumerable<RightQuestion> more) => new(Id, Why, Cis, Questions.Concat(more));

    /// <inheritdoc/>
    public override string ToString() => Id;

    private static IEnumerable<RightQuestion> On(string[] verbs, string group, params string[] resources) => Expand(verbs, group, resources, true);

    private static IEnumerable<RightQuestion> OnCluster(string[] verbs, string group, params string[] resources) => Expand(verbs, group, resources, false);

    private static IEnumerable<RightQuestion> Expand(string[] verbs, string apiGroup, string[] resources, bool inNamespaces) =>
        from resource in resources
        let parts = resource.Split('/')
        from verb in verbs
        select new RightQuestion(verb, apiGroup, parts[0], parts.ElementAtOrDefault(1) ?? "", inNamespaces);
}

/// <summary>A request, wherever and about whichever object, that a right consists of.</summary>
/// <param name="Verb">RBAC verb.</param>
/// <param name="Group">API group.</param>
/// <param name="Resource">Resource without subresource.</param>
/// <param name="Subresource">Subresource; empty for none, <c>*</c> for whichever.</param>
/// <param name="InNamespaces">
/// Whether a RoleBinding can give it. Of a Namespace it can: a request about a Namespace is judged in that namespace.
/// </param>
public sealed record RightQuestion(string Verb, string Group, string Resource, string Subresource, bool InNamespaces)
{
    private const string Any = "*";

    /// <summary>Another request that it takes beside this one; null for none.</summary>
    public RightQuestion? With { get; init; }

    /// <summary>Whether such a request can name one object. One that does not exist yet has no name; a list has by a field selector.</summary>
    public bool Nameable => Subresource.Length > 0 || Verb is not ("create" or "deletecollection");

    /// <summary>Whether a rule allows the request, at least for the objects that it names.</summary>
    public bool IsAnsweredBy(RbacRule rule) =>
        (Subresource == Any ? SubresourceOf(rule) is { } own && rule.IsAbout(Verb, Group, Resource, own) : rule.IsAbout(Verb, Group, Resource, Subresource))
        && (rule.Names.Count == 0 || Nameable || rule.Names.Contains(""));

    /// <summary>The question with the subresource that a rule names.</summary>
    public RightQuestion As(RbacRule rule) => Subresource == Any ? this with { Subresource = SubresourceOf(rule)! } : this;

    /// <summary>One request of this kind.</summary>
    /// <param name="namespace">Where; null for the whole cluster.</param>
    /// <param name="name">About what; empty for no one object.</param>
    public AccessRequest Example(string? @namespace, string name) => new(Verb, Group, Resource, Subresource == Any ? "scopes" : Subresource, name, InNamespaces ? @namespace ?? "" : "");

    private string? SubresourceOf(RbacRule rule) => rule.Resources
        .Select(r => r == Any ? "scopes" : r.Split('/') is [var resource, var sub] && (resource == Resource || resource == Any) ? sub : null)
        .FirstOrDefault(s => s is not null);
}
