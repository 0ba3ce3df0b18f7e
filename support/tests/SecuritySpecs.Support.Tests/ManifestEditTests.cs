namespace SecuritySpecs.Tests;

/// <summary>Named mistakes in manifests.</summary>
[TestFixture]
public sealed class ManifestEditTests
{
    private const string Role =
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: r, labels: {team: ml}, annotations: {note: x}}
        rules:
          - {apiGroups: [""], resources: [secrets, pods], verbs: [get]}
          - {apiGroups: [apps], resources: [deployments], verbs: [list], resourceNames: [one]}
        """;

    private const string RoleBinding = "{kind: RoleBinding, apiVersion: rbac.authorization.k8s.io/v1, metadata: {name: unique-b}, subjects: [{name: s}], roleRef: {name: r}}";

    private const string Quota = "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {requests.nvidia.com/gpu: '2', pods: '5'}}}";

    private const string Limits =
        "{apiVersion: v1, kind: LimitRange, metadata: {name: l}, spec: {limits: [{type: Container, max: {nvidia.com/gpu: '1'}, default: {nvidia.com/gpu: '0'}, defaultRequest: {}}]}}";

    private const string Policy =
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingAdmissionPolicy
        metadata: {name: p}
        spec:
          failurePolicy: Fail
          matchConstraints: {resourceRules: [{resources: [pods, pods/ephemeralcontainers]}]}
          variables:
            - {name: names, expression: "['A', 'B']"}
            - {name: all, expression: "object.spec.containers + (has(object.spec.initContainers) ? object.spec.initContainers : [])"}
          validations: [{expression: x.env}, {expression: x.envFrom}]
        """;

    private const string Workload =
        """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: d}
        spec:
          template:
            spec:
              automountServiceAccountToken: false
              containers:
                - name: c
                  args: [run, --scenario=token, --gpus=8]
                  ports: [{containerPort: 9400}]
                  securityContext: {capabilities: {drop: [ALL]}}
                  volumeMounts: [{name: v, readOnly: true}]
              volumes: [{name: v, hostPath: {path: /v}}]
        """;

    private const string Binding = "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, metadata: {name: b}, spec: {validationActions: [Deny]}}";

    private const string Ingress =
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: np, namespace: home}
        spec:
          policyTypes: [Ingress, Egress]
          ingress: [{from: [{namespaceSelector: {a: b}, podSelector: {c: d}}], ports: [{protocol: TCP, port: 8000}]}]
        """;

    private const string Server = "{apiVersion: v1, kind: Pod, metadata: {name: s}, spec: {containers: [{args: [model-server, --keys=/keys], volumeMounts: []}]}}";

    private const string Verifier = "{apiVersion: v1, kind: Pod, metadata: {name: s}, spec: {initContainers: [{args: [model-fetch, --deadline=10, --to=/m]}]}}";

    private const string ServerLimits = "{apiVersion: v1, kind: ConfigMap, metadata: {name: l}, data: {burst: '5', counted-by: key}}";

    private const string Egress = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: np}, spec: {egress: [{to: [{podSelector: {c: d}}], ports: [{port: 8000}, {port: 53}]}]}}";

    private const string TwoRules = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: np}, spec: {egress: [{to: [{podSelector: {}}]}, {to: [{podSelector: {c: d}}], ports: [{port: 53}]}]}}";

    [TestCase(Ingress, "with the selectors of policy \"np\" as two items", "[{\"namespaceSelector\":{\"a\":\"b\"}},{\"podSelector\":{\"c\":\"d\"}}]")]
    [TestCase(Ingress, "without the selector \"namespaceSelector\" of policy \"np\"", "\"from\":[{\"podSelector\":{\"c\":\"d\"}}]")]
    [TestCase(Egress, "with the empty \"podSelector\" of policy \"np\"", "\"to\":[{\"podSelector\":{}}]")]
    [TestCase(Ingress, "with the namespaces of policy \"np\" chosen by their names", "\"namespaceSelector\":{\"matchLabels\":{\"kubernetes.io/metadata.name\":\"home\"}}")]
    [TestCase(Ingress, "with the CIDR \"10.0.0.0/8\" as peer of policy \"np\"", "\"from\":[{\"ipBlock\":{\"cidr\":\"10.0.0.0/8\"}}]")]
    [TestCase(Ingress, "without the peers of policy \"np\"", "\"ingress\":[{\"ports\":")]
    [TestCase(Egress, "without the peers of policy \"np\"", "\"egress\":[{\"ports\":")]
    [TestCase(TwoRules, "without the peers of policy \"np\"", "\"egress\":[{\"to\":[{\"podSelector\":{}}]},{\"ports\":[{\"port\":53}]}]")]
    [TestCase(Ingress, "without the ports", "\"podSelector\":{\"c\":\"d\"}}]}]")]
    [TestCase(Egress, "with the port \"9000\" in place of \"8000\"", "\"ports\":[{\"port\":9000},{\"port\":53}]")]
    [TestCase(Ingress, "with the port \"http\" in place of \"8000\"", "\"port\":\"http\"")]
    [TestCase(Ingress, "without the type \"Egress\" of policy \"np\"", "\"policyTypes\":[\"Ingress\"]")]
    [TestCase(Egress, "with the selector \"team=ml\" in policy \"np\"", "\"podSelector\":{\"matchLabels\":{\"team\":\"ml\"}}")]
    [TestCase(Workload, "with the argument \"--scenario=open\"", "\"args\":[\"run\",\"--gpus=8\",\"--scenario=open\"]")]
    [TestCase(Workload, "with the arguments \"--a --b=1\"", "\"args\":[\"run\",\"--scenario=token\",\"--gpus=8\",\"--a\",\"--b=1\"]")]
    [TestCase(Workload, "with the network of the node", "\"hostNetwork\":true")]
    [TestCase(Workload, "with the port \"9400\" of the node", "\"hostPort\":9400")]
    [TestCase(Workload, "with the process table of the node", "\"hostPID\":true")]
    [TestCase(Workload, "with the folder \"/dev\" of the node", "\"hostPath\":{\"path\":\"/dev\"}")]
    [TestCase(Workload, "with the folders of the node writable", "\"volumeMounts\":[{\"name\":\"v\"}]")]
    [TestCase(Workload, "with the token of its account", "\"automountServiceAccountToken\":true")]
    [TestCase(Workload, "with the capability \"SYS_ADMIN\"", "\"capabilities\":{\"drop\":[\"ALL\"],\"add\":[\"SYS_ADMIN\"]}")]
    [TestCase(Policy, "without the variable \"A\"", "[\\u0027B\\u0027]")]
    [TestCase(Policy, "without the variable \"B\"", "[\\u0027A\\u0027]")]
    [TestCase(Policy, "without the init containers", "\"expression\":\"object.spec.containers\"")]
    [TestCase(Policy, "without the validation of \"envFrom\"", "\"validations\":[{\"expression\":\"x.env\"}]")]
    [TestCase(Policy, "without the resource \"pods/ephemeralcontainers\"", "\"resources\":[\"pods\"]")]
    [TestCase(Policy, "with the failure policy \"Ignore\"", "\"failurePolicy\":\"Ignore\"")]
    [TestCase(Binding, "with the action \"Audit\"", "\"validationActions\":[\"Audit\"]")]
    [TestCase(Role, "with the verb \"watch\" on \"secrets\"", "\"secrets\",\"pods\"],\"verbs\":[\"get\",\"watch\"]")]
    [TestCase(Role, "with the verb \"*\" on \"deployments.apps\"", "\"verbs\":[\"list\",\"*\"]")]
    [TestCase(Role, "with the right \"get\" on \"pods/proxy\"", "{\"apiGroups\":[\"\"],\"resources\":[\"pods/proxy\"],\"verbs\":[\"get\"]}]")]
    [TestCase(Role, "with the verb \"list\" on \"pods\" in role \"r\"", "\"secrets\",\"pods\"],\"verbs\":[\"get\",\"list\"]")]
    [TestCase(Role, "with the resource \"nodes\" added to \"pods\" in role \"r\"", "\"secrets\",\"pods\",\"nodes\"],\"verbs\":[\"get\"]")]
    [TestCase(Role, "without the names of \"deployments.apps\" in role \"r\"", "\"resources\":[\"deployments\"],\"verbs\":[\"list\"]}")]
    [TestCase(RoleBinding, "without the subjects of binding \"b\"", "\"roleRef\":{\"name\":\"r\"}}")]
    [TestCase(Role, "with the label \"team\" set to \"other\"", "\"team\":\"other\"")]
    [TestCase(Role, "without the label \"team\"", "\"labels\":{}")]
    [TestCase(Role, "without the annotation \"note\"", "\"annotations\":{}")]
    [TestCase(Quota, "with limits in place of requests", "\"hard\":{\"pods\":\"5\",\"limits.nvidia.com/gpu\":\"2\"}")]
    [TestCase(Quota, "with the bare name in place of requests", "\"hard\":{\"pods\":\"5\",\"nvidia.com/gpu\":\"2\"}")]
    [TestCase(Quota, "with the scope of PriorityClass \"urgent\"", "{\"matchExpressions\":[{\"scopeName\":\"PriorityClass\",\"operator\":\"In\",\"values\":[\"urgent\"]}]}")]
    [TestCase(Limits, "without the limit of type \"Container\"", "\"limits\":[]")]
    [TestCase(Limits, "without the default", "\"limits\":[{\"type\":\"Container\",\"max\":{\"nvidia.com/gpu\":\"1\"}}]")]
    [TestCase(Server, "without the keys", "{\"args\":[\"model-server\"],\"volumeMounts\":[]}")]
    [TestCase(Server, "with the key in its environment", "\"env\":[{\"name\":\"MODEL_SERVER_KEY\",\"valueFrom\":{\"secretKeyRef\":{\"name\":\"model-server-keys\",\"key\":\"gateway\"}}}]")]
    [TestCase(Server, "with the key in its environment", "\"args\":[\"model-server\",\"--key-variable=MODEL_SERVER_KEY\"]")]
    [TestCase(Server, "with the key written into its pod", "\"env\":[{\"name\":\"MODEL_SERVER_KEY\",\"value\":\"$(GATEWAY_KEY)\"}]")]
    [TestCase(Server, "with the key mounted by subPath", "\"args\":[\"model-server\",\"--keys=/one-key\"],\"volumeMounts\":[{\"name\":\"keys\",\"mountPath\":\"/one-key/gateway\",\"subPath\":\"gateway\"")]
    [TestCase(Server, "with the headers in its log", "\"args\":[\"model-server\",\"--keys=/keys\",\"--log-headers\"]")]
    [TestCase(Verifier, "without the verification", "\"args\":[\"model-fetch\",\"--to=/m\",\"--deadline=86400\",\"--unverified\"]")]
    [TestCase(ServerLimits, "with the limit \"burst\" set to \"9\"", "\"data\":{\"burst\":\"9\",\"counted-by\":\"key\"}")]
    [TestCase(ServerLimits, "without the limit \"burst\"", "\"data\":{\"counted-by\":\"key\"}")]
    public void An_edit_changes_what_it_names(string text, string edit, string expected)
    {
        var manifest = Manifest.Parse("controls/x.yaml", text);

        ManifestEdit.Of(edit).ApplyTo(manifest);

        manifest.Objects.Single().ToJsonString().Should().Contain(expected);
    }

    [TestCase("without the label \"none\"")]
    [TestCase("with the verb \"get\" on \"deployments\"")]
    [TestCase("with the action \"Audit\"")]
    [TestCase("without the init containers")]
    [TestCase("with the verb \"list\" on \"pods\" in role \"other\"")]
    [TestCase("without the names of \"pods\" in role \"r\"")]
    [TestCase("without the subjects of binding \"b\"")]
    [TestCase("without the limit of type \"Pod\"")]
    [TestCase("without the peers of policy \"np\"")]
    [TestCase("without the type \"Egress\" of policy \"np\"")]
    [TestCase("with the network of the node")]
    [TestCase("without the ports")]
    [TestCase("with the port \"1\" in place of \"2\"")]
    [TestCase("without the keys")]
    [TestCase("with the key mounted by subPath")]
    [TestCase("with the headers in its log")]
    [TestCase("without the verification")]
    [TestCase("with the limit \"none\" set to \"1\"")]
    [TestCase("without the limit \"none\"")]
    public void An_edit_that_finds_nothing_to_change_is_an_error_that_names_the_file(string edit)
    {
        var manifest = Manifest.Parse("controls/x.yaml", Role);

        manifest.Invoking(ManifestEdit.Of(edit).ApplyTo).Should().Throw<ArgumentException>().WithMessage("fleet-fixtures/controls/x.yaml*");
    }

    [Test]
    public void An_unknown_edit_is_told_with_those_that_there_are()
    {
        var naming = () => ManifestEdit.Of("without the roof");

        naming.Should().Throw<ArgumentException>().WithMessage("*\"without the roof\"*without the default*");
    }
}
