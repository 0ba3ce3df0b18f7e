using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using SecuritySpecs.PlatformAudit;
using SecuritySpecs.Reports.Formats;
using SecuritySpecs.Secrets;

namespace SecuritySpecs.Tests;

/// <summary>A cluster in which the audit finds nothing, and one thing wrong with it at a time.</summary>
[TestFixture]
public sealed class ClusterAuditTests
{
    private const string Sound = """
        {apiVersion: v1, kind: Namespace, metadata: {name: blue, labels: {security.specs/tenant: blue, pod-security.kubernetes.io/enforce: restricted}}}
        ---
        {apiVersion: v1, kind: Namespace, metadata: {name: platform}}
        ---
        {apiVersion: v1, kind: Node, metadata: {name: a100-1}, status: {allocatable: {cpu: "8", nvidia.com/gpu: "8", nvidia.com/mig-1g.10gb: "0", nvidia.com/gpumem: "800"}}}
        ---
        {apiVersion: v1, kind: ResourceQuota, metadata: {name: gpu-quota, namespace: blue}, spec: {hard: {requests.nvidia.com/gpu: "2"}}}
        ---
        {apiVersion: v1, kind: LimitRange, metadata: {name: gpus, namespace: blue}, spec: {limits: [{type: Container, default: {nvidia.com/gpu: "0"}}]}}
        ---
        {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: default-deny, namespace: blue}, spec: {podSelector: {}, policyTypes: [Ingress, Egress]}}
        ---
        {apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: blue}, automountServiceAccountToken: false}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: train-0, namespace: blue, labels: {app: train}, ownerReferences: [{controller: true, kind: Job, name: train}]}
        spec:
          serviceAccountName: default
          containers: [{name: main, image: "registry.example/train@sha256:0123456789012345678901234567890123456789012345678901234567890123", ports: [{containerPort: 8888}]}]
        status: {podIP: 10.0.0.5}
        ---
        {apiVersion: v1, kind: Service, metadata: {name: train, namespace: blue}, spec: {type: ClusterIP}}
        ---
        {apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: engine}, webhooks: [{name: v.engine, failurePolicy: Fail, rules: [{resources: [pods]}]}]}
        ---
        {apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {name: gpu}, spec: {failurePolicy: Fail}}
        ---
        {apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, metadata: {name: gpu}, spec: {policyName: gpu, validationActions: [Deny, Audit]}}
        ---
        {apiVersion: apps/v1, kind: DaemonSet, metadata: {name: toolkit, namespace: platform}, spec: {template: {spec: {containers: [{name: c, image: "registry.example/container-toolkit:v9.9.9"}]}}}}
        """;

    private static readonly string Root = RunOptions.FindRoot();
    private static readonly string Fixtures = Path.Combine(Root, "fleet-fixtures");
    private static readonly AuditRules Rules = new(RightsOwners.Read(Path.Combine(Fixtures, RightsOwners.FileName)), SecretRules.Read(Fixtures), ToolkitFixes.Read(Path.Combine(Fixtures, ToolkitFixes.FileName)),
        OwnRegistries.Parse("registry.example"));

    [Test]
    public void In_a_sound_cluster_it_finds_nothing() => Findings(Sound).Should().BeEmpty();

    [TestCase("requests.nvidia.com/gpu: \"2\"", "requests.cpu: \"2\"", "gpu-quota: Namespace blue: no quota on nvidia.com/gpu", TestName = "No quota")]
    [TestCase("requests.nvidia.com/gpu: \"2\"", "limits.nvidia.com/gpu: \"2\"", "gpu-quota: Namespace blue: the quota gpu-quota has a key on nvidia.com/gpu that counts nothing", TestName = "An inert quota")]
    [TestCase("spec: {hard: {", "spec: {scopes: [BestEffort], hard: {", "gpu-quota: Namespace blue: the quota on nvidia.com/gpu, gpu-quota, is for pods of some scopes only", TestName = "A quota with a scope")]
    [TestCase("nvidia.com/mig-1g.10gb: \"0\"", "nvidia.com/mig-1g.10gb: \"7\"", "gpu-quota: Namespace blue: no quota on nvidia.com/mig-1g.10gb", TestName = "Another name of a GPU")]
    [TestCase("default: {nvidia.com/gpu: \"0\"}", "defaultRequest: {nvidia.com/gpu: \"1\"}", "gpu-limit-range: LimitRange blue/gpus: gives nvidia.com/gpu by default", TestName = "A limit range that gives GPUs")]
    [TestCase("policyTypes: [Ingress, Egress]", "policyTypes: [Egress]", "default-deny: Namespace blue: no default deny for ingress\nml-consoles: Job blue/train: everybody can reach port 8888", TestName = "No default deny for ingress")]
    [TestCase("policyTypes: [Ingress, Egress]", "policyTypes: [Ingress]", "cloud-credentials: Namespace blue: its pods can call 169.254.169.254\ndefault-deny: Namespace blue: no default deny for egress", TestName = "No default deny for egress")]
    [TestCase("policyTypes: [Ingress, Egress]", "policyTypes: [Ingress, Egress], ingress: [{ports: [{port: 8888}]}]", "default-deny: Namespace blue: no default deny for ingress\nml-consoles: Job blue/train: everybody can reach port 8888", TestName = "A port that is open to everybody")]
    [TestCase("enforce: restricted", "warn: restricted", "pod-security: Namespace blue: enforces no level of Pod Security", TestName = "Pod Security that only warns")]
    [TestCase("enforce: restricted", "enforce: privileged", "pod-security: Namespace blue: enforces Pod Security \"privileged\"", TestName = "Pod Security of no use")]
    [TestCase("spec:\n  serviceAccountName", "spec:\n  hostPID: true\n  serviceAccountName", "pod-security: Job blue/train: has hostPID", TestName = "The node's processes")]
    [TestCase("spec:\n  serviceAccountName", "spec:\n  volumes: [{name: v, hostPath: {path: /var}}]\n  serviceAccountName", "pod-security: Job blue/train: has the folder /var of the node", TestName = "A folder of the node")]
    [TestCase("{name: main,", "{name: main, securityContext: {privileged: true},", "pod-security: Job blue/train: has the privileged container main", TestName = "A privileged container")]
    [TestCase("{name: main,", "{name: main, securityContext: {capabilities: {add: [CHOWN, SYS_ADMIN, BPF], drop: [ALL]}},", "pod-security: Job blue/train: has the capabilities SYS_ADMIN, BPF in container main", TestName = "Capabilities")]
    [TestCase("{security.specs/tenant: blue,", "{resource.kubernetes.io/admin-access: \"true\", security.specs/tenant: blue,", "shared-surfaces: Namespace blue: may ask for admin access to devices", TestName = "Admin access for a tenant")]
    [TestCase("{security.specs/tenant: blue,", "{resource.k8s.io/admin-access: \"true\", security.specs/tenant: blue,", "shared-surfaces: Namespace blue: may ask for admin access to devices", TestName = "Admin access for a tenant of 1.33")]
    [TestCase("containerPort: 8888", "containerPort: 7777, hostPort: 7777", "pod-security: Job blue/train: has port 7777 of the node", TestName = "A port of the node")]
    [TestCase("failurePolicy: Fail, rules", "failurePolicy: Ignore, rules", "gpu-only-through-a-request: ValidatingWebhookConfiguration engine: the webhook v.engine fails open", TestName = "A webhook that fails open")]
    [TestCase("spec: {failurePolicy: Fail}", "spec: {failurePolicy: Ignore}", "gpu-only-through-a-request: ValidatingAdmissionPolicy gpu: fails open", TestName = "A policy that fails open")]
    [TestCase("policyName: gpu", "policyName: other", "gpu-only-through-a-request: ValidatingAdmissionPolicy gpu: has no binding", TestName = "A policy without a binding")]
    [TestCase("[Deny, Audit]", "[Warn, Audit]", "gpu-only-through-a-request: ValidatingAdmissionPolicyBinding gpu: denies nothing", TestName = "A binding that only warns")]
    [TestCase("type: ClusterIP", "type: NodePort", "inference-endpoint: Service blue/train: is of type NodePort", TestName = "A NodePort")]
    [TestCase("type: ClusterIP", "type: ClusterIP, externalIPs: [192.0.2.7]", "service-addresses: Service blue/train: claims 192.0.2.7", TestName = "A claimed address")]
    [TestCase("automountServiceAccountToken: false", "automountServiceAccountToken: true", "service-account-tokens: Job blue/train: has a token of default, which holds no right", TestName = "An idle token")]
    [TestCase("train@sha256:0123456789012345678901234567890123456789012345678901234567890123", "train:latest", "image-sources: Job blue/train: the image registry.example/train:latest has no digest", TestName = "A tag")]
    [TestCase("registry.example/train@", "train@", "image-sources: Job blue/train: the image train@sha256:0123456789012345678901234567890123456789012345678901234567890123 is from elsewhere", TestName = "An image of Docker Hub")]
    [TestCase("spec:\n  serviceAccountName", "spec:\n  initContainers: [{name: i, image: \"evil.example/i@sha256:0123456789012345678901234567890123456789012345678901234567890123\"}]\n  serviceAccountName",
        "image-sources: Job blue/train: the image evil.example/i@sha256:0123456789012345678901234567890123456789012345678901234567890123 is from elsewhere", TestName = "An init container from elsewhere")]
    [TestCase("spec:\n  serviceAccountName", "spec:\n  volumes: [{name: v, image: {reference: \"registry.example/weights:1\"}}]\n  serviceAccountName",
        "image-sources: Job blue/train: the image registry.example/weights:1 has no digest", TestName = "A volume by a tag")]
    [TestCase("container-toolkit:v9.9.9", "container-toolkit:latest", "gpu-toolkit: DaemonSet platform/toolkit: container-toolkit does not tell its version", TestName = "A toolkit of no version")]
    public void It_finds_what_is_wrong_and_nothing_else(string right, string wrong, string found)
    {
        Sound.Should().Contain(right);

        string.Join('\n', Findings(Sound.Replace(right, wrong, StringComparison.Ordinal)).Select(f => $"{f.Control}: {f.Target}: {f.Problem}").Order(StringComparer.Ordinal)).Should().Be(found);
    }

    [TestCase("{apiVersion: v1, kind: Secret, metadata: {name: forever, namespace: blue}}", "service-account-tokens: Secret blue/forever: holds a token that never expires")]
    [TestCase("{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: internet, namespace: blue}, spec: {podSelector: {matchLabels: {app: train}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}}", "cloud-credentials: Job blue/train: can call 169.254.169.254")]
    [TestCase("{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: internet, namespace: blue}, spec: {podSelector: {matchLabels: {app: train}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16]}}]}]}}")]
    [TestCase("{apiVersion: resource.k8s.io/v1, kind: ResourceClaim, metadata: {name: c, namespace: blue}, spec: {devices: {requests: [{name: r, exactly: {adminAccess: true}}]}}}", "shared-surfaces: ResourceClaim blue/c: has admin access to devices")]
    [TestCase("{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r, namespace: blue}, rules: [{apiGroups: [\"\"], resources: [secrets], verbs: [list]}]}\n---\n{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b, namespace: blue}, roleRef: {kind: Role, name: r}, subjects: [{kind: User, name: eve}]}", "who-can: RoleBinding blue/b: user eve can read secrets in namespace blue")]
    public void It_finds_what_should_not_be_there(string more, params string[] found) =>
        Findings($"{Sound}\n---\n{more}").Select(f => $"{f.Control}: {f.Target}: {f.Problem}").Should().Equal(found);

    [Test]
    public void A_credential_is_named_by_its_field_and_its_value_is_nowhere()
    {
        var sample = SecretSample.Of(Rules.Rules.First(r => r.Id == "github-token"), new Random(5)); // the seed only makes the test repeatable

        var findings = Findings($"{Sound}\n---\n{{apiVersion: v1, kind: ConfigMap, metadata: {{name: notebook, namespace: blue}}, data: {{TOKEN: \"{sample.Value}\"}}}}");

        findings.Should().ContainSingle().Which.Should().Match<AuditFinding>(f => f.Control == "credentials-in-objects" && f.Target == "ConfigMap blue/notebook" && f.Problem.StartsWith("data.TOKEN: "));
        findings.Single().ToString().Should().NotContain(sample.Value);
    }

    [Test]
    public void A_token_that_old_versions_made_for_an_account_was_nobodys_choice()
    {
        var cluster = $"{Sound.Replace("{name: default, namespace: blue}", "{name: default, namespace: blue}, secrets: [{name: forever}]", StringComparison.Ordinal)}\n---\n{{apiVersion: v1, kind: Secret, metadata: {{name: forever, namespace: blue}}}}";

        Findings(cluster, "v1.20.2").Select(f => f.Problem).Should().Equal("Kubernetes v1.20.2 has no Pod Security admission");
        Findings(cluster).Select(f => f.Target).Should().Equal("Secret blue/forever");
    }

    [Test]
    public void Pods_of_one_workload_are_one_finding_with_one_fingerprint()
    {
        string Pod(string name) => Sound[Sound.IndexOf("apiVersion: v1\nkind: Pod", StringComparison.Ordinal)..Sound.IndexOf("---\n{apiVersion: v1, kind: Service,", StringComparison.Ordinal)]
            .Replace("name: train-0", $"name: {name}", StringComparison.Ordinal).Replace("kind: Job, name: train", "kind: ReplicaSet, name: web-5d9c", StringComparison.Ordinal)
            .Replace("{app: train}", "{pod-template-hash: 5d9c}", StringComparison.Ordinal).Replace("train@sha256:0123456789012345678901234567890123456789012345678901234567890123", "web:1", StringComparison.Ordinal);

        Findings($"{Sound}\n---\n{Pod("web-5d9c-a")}---\n{Pod("web-5d9c-b")}").Should().ContainSingle().Which.Target.Should().Be("Deployment blue/web");
    }

    [Test]
    public void Every_control_of_a_finding_has_its_row_in_the_catalogue_and_in_the_text_of_a_check()
    {
        var text = string.Concat(Directory.GetFiles(Path.Combine(Root, "support", "PlatformAudit"), "*Checks.cs").Select(File.ReadAllText));
        var named = Catalogue.Read(Root).Rows.Where(r => text.Contains($"\"{r.Id}\"", StringComparison.Ordinal)).Select(r => r.Id);

        named.Should().Contain(["who-can", "gpu-quota", "gpu-limit-range", "default-deny", "cloud-credentials", "inference-endpoint", "ml-consoles", "prometheus", "gpu-metrics", "pod-security",
            "gpu-only-through-a-request", "shared-surfaces", "service-addresses", "credentials-in-objects", "service-account-tokens", "image-sources", "gpu-toolkit"]);
    }

    [Test]
    public void Where_images_come_from_is_judged_only_where_somebody_has_said_where_they_may()
    {
        var (cluster, catalogue) = (Of(Sound.Replace("registry.example/train@", "train@", StringComparison.Ordinal), "v1.36.2"), Catalogue.Read(Root));

        var findings = ClusterAudit.Findings(cluster, Rules with { Registries = null });
        var result = AuditResult.Of("prod", cluster, findings, new HashSet<string>(), catalogue, null);

        findings.Should().BeEmpty();
        result.NotJudged[0].Should().StartWith("Where images come from was not judged: no --registries named your registries");
        JsonNode.Parse(result.ToJson())!["notJudged"]!.AsArray().Should().HaveSameCount(result.NotJudged);
        AuditSarif.Render(result, catalogue).Should().Contain("Where images come from was not judged");
        AuditResult.Of("prod", cluster, findings, new HashSet<string>(), catalogue, Rules.Registries).NotJudged.Should().Equal(result.NotJudged.Skip(1), "what no object tells is never judged");
    }

    [Test]
    public async Task It_only_reads_page_by_page_and_never_a_value_of_a_Secret()
    {
        var requests = new ConcurrentQueue<(string Method, string Url, string Accept)>();
        var told = new List<AuditProgress>();
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            var (path, more) = (context.Request.Path.Value!, context.Request.Query["continue"].Count > 0);
            requests.Enqueue((context.Request.Method, path + context.Request.QueryString, context.Request.Headers.Accept.ToString()));
            context.Response.StatusCode = path is "/apis/resource.k8s.io/v1" or "/apis/admissionregistration.k8s.io/v1" ? 404 : 200;
            await context.Response.WriteAsync(path switch
            {
                "/version" => """{"gitVersion":"v1.20.2"}""",
                "/api/v1/pods" when !more => """{"metadata":{"continue":"x","remainingItemCount":1},"items":[{"metadata":{"name":"a","namespace":"blue"}}]}""",
                "/api/v1/pods" => """{"metadata":{},"items":[{"metadata":{"name":"b","namespace":"blue"}}]}""",
                "/api/v1/secrets" => """{"metadata":{},"items":null}""",
                _ => """{"metadata":{},"items":[]}""",
            });
        });

        var cluster = await ClusterObjects.ReadAsync(server.Api, "tenant=yes", told.Add);

        cluster.Of("/api/v1/pods").Select(p => (string)p["metadata"]!["name"]!).Should().Equal("a", "b");
        told.Select(t => $"{t}").Should().ContainInOrder("reading /api/v1/pods 1/2", "reading /api/v1/pods 2/2", "reading roles, bindings and namespaces");
        told.Select(t => t.Share).Should().BeInAscendingOrder();
        told[^1].Share.Should().Be(1);
        requests.Should().OnlyContain(r => r.Method == "GET");
        requests.Where(r => r.Url.Contains("/secrets", StringComparison.Ordinal)).Should().ContainSingle()
            .Which.Should().Match<(string Method, string Url, string Accept)>(r => r.Url.Contains("fieldSelector=type%3Dkubernetes.io%2Fservice-account-token") && r.Accept.StartsWith("application/json;as=PartialObjectMetadataList"));
        requests.Should().Contain(r => r.Url.Contains("labelSelector=tenant%3Dyes", StringComparison.Ordinal));
        requests.Where(r => r.Url.StartsWith("/api/v1/", StringComparison.Ordinal)).Should().OnlyContain(r => r.Url.Contains("limit=500", StringComparison.Ordinal));
    }

    [Test]
    public void A_baseline_accepts_what_was_found_and_tells_what_is_gone()
    {
        var (cluster, catalogue) = (Of(Sound.Replace("type: ClusterIP", "type: NodePort", StringComparison.Ordinal), "v1.36.2"), Catalogue.Read(Root));
        var found = ClusterAudit.Findings(cluster, Rules);
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, "baseline.json");
        File.WriteAllText(file, AuditResult.Of("prod", cluster, found, new HashSet<string>(), catalogue, Rules.Registries).ToJson());

        var accepted = AuditResult.ReadBaseline(file);
        var (again, gone) = (AuditResult.Of("prod", cluster, found, accepted, catalogue, null), AuditResult.Of("prod", cluster, [], accepted, catalogue, null));

        (again.Findings.Count, again.Accepted, again.Unseen.Count).Should().Be((0, 1, 0));
        (gone.Findings.Count, gone.Accepted).Should().Be((0, 0));
        gone.Unseen.Should().Equal(found.Single().Fingerprint);
    }

    [TestCase("{", ":1: no audit.json: ")]
    [TestCase("{\"schemaVersion\":9}", ": no audit.json of version 1")]
    public void A_baseline_that_is_none_is_told(string text, string message)
    {
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, "broken-baseline.json");
        File.WriteAllText(file, text);

        FluentActions.Invoking(() => AuditResult.ReadBaseline(file)).Should().Throw<BadInputException>().WithMessage($"{file}{message}*");
    }

    private static IReadOnlyList<AuditFinding> Findings(string yaml, string version = "v1.36.2") => ClusterAudit.Findings(Of(yaml, version), Rules);

    private static ClusterObjects Of(string yaml, string version)
    {
        // As an API server sends it.
        var objects = Manifest.Parse("cluster.yaml", yaml).Objects.Select(o => JsonNode.Parse(o.ToJsonString())!).ToList();
        var lists = ClusterObjects.Kinds.ToDictionary(k => k.Key, k => (IReadOnlyList<JsonNode>)[.. objects.Where(o => (string)o["kind"]! == k.Value)]);
        var tenants = objects.Where(o => (string)o["kind"]! == "Namespace" && o["metadata"]!["labels"]?["security.specs/tenant"] is not null).Select(o => (string)o["metadata"]!["name"]!);
        return new(version, [.. tenants], RbacCluster.Of(yaml), lists);
    }
}
