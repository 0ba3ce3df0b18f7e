namespace SecuritySpecs.Tests;

[TestFixture]
public sealed class RightsOwnersTests
{
    private const string ReadSecrets = "{verbs: [get], apiGroups: [\"\"], resources: [secrets]}";
    private static readonly RightsOwners Declared = RightsOwners.Read(Path.Combine(RunOptions.FindRoot(), "fleet-fixtures", RightsOwners.FileName));

    // What the distributions bind out of the box, by their own manifests.
    [TestCase("{kind: Group, name: \"system:masters\"}", TestName = "Kubernetes: cluster-admin")]
    [TestCase("{kind: User, name: \"system:kube-controller-manager\"}", TestName = "Kubernetes: system:kube-controller-manager")]
    [TestCase("{kind: Group, name: \"system:nodes\"}", TestName = "Kubernetes: nodes")]
    [TestCase("{kind: ServiceAccount, name: generic-garbage-collector, namespace: kube-system}", TestName = "Kubernetes: a controller")]
    [TestCase("{kind: Group, name: \"kubeadm:cluster-admins\"}", TestName = "kubeadm: its admins")]
    [TestCase("{kind: Group, name: \"system:bootstrappers:kubeadm:default-node-token\"}", TestName = "kubeadm: joining nodes")]
    [TestCase("{kind: User, name: kube-apiserver}", TestName = "k3s: the API server at the kubelets")]
    [TestCase("{kind: User, name: \"system:k3s-controller\"}", TestName = "k3s: its controller")]
    [TestCase("{kind: User, name: k3s-cloud-controller-manager}", TestName = "k3s: its cloud controller")]
    [TestCase("{kind: ServiceAccount, name: helm-traefik, namespace: kube-system}", TestName = "k3s: a job of the helm controller")]
    [TestCase("{kind: ServiceAccount, name: local-path-provisioner-service-account, namespace: local-path-storage}", TestName = "kind: its provisioner")]
    public void A_distributions_own_parts_are_no_finding(string subject) => Findings(RbacCluster.Bound(ReadSecrets, subject)).Should().BeEmpty();

    [TestCase("{kind: User, name: ada}")]
    [TestCase("{kind: User, name: kube-apiserver-2}")]
    [TestCase("{kind: Group, name: drivers}")]
    [TestCase("{kind: ServiceAccount, name: default, namespace: local-path-storage}")]
    [TestCase("{kind: ServiceAccount, name: default, namespace: kube-system-2}")]
    [TestCase("{kind: User, name: \"system:serviceaccount:one:developer\"}")]
    [TestCase("{kind: User, name: \"system:anonymous\"}")]
    [TestCase("{kind: Group, name: \"system:authenticated\"}")]
    [TestCase("{kind: Group, name: \"system:unauthenticated\"}")]
    [TestCase("{kind: Group, name: \"system:serviceaccounts\"}")]
    [TestCase("{kind: Group, name: \"system:serviceaccounts:kube-system\"}")]
    public void Everybody_else_is(string subject) => Findings(RbacCluster.Bound(ReadSecrets, subject)).Should().ContainSingle();

    [TestCase("blue", "blue", "developer", true)]
    [TestCase("blue", "green", "developer", false)]
    [TestCase("blue", "blue", "default", false)]
    [TestCase("plain", "plain", "developer", false)]
    public void A_tenants_account_owns_its_rights_at_home_only(string account, string @namespace, string name, bool declared)
    {
        var tenant = (IReadOnlyDictionary<string, string>)new Dictionary<string, string> { [RightsOwner.TenantLabel] = "x" };
        var snapshot = RbacCluster.Bound(ReadSecrets, $"{{kind: ServiceAccount, name: {name}, namespace: {account}}}", @namespace) with
        {
            Namespaces = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["blue"] = tenant, ["green"] = tenant, ["plain"] = new Dictionary<string, string>() },
        };

        Findings(snapshot).Should().HaveCount(declared ? 0 : 1);
    }

    [Test]
    public void A_tenants_account_does_not_own_its_rights_in_the_whole_cluster() =>
        Findings(RbacCluster.Bound(ReadSecrets, "{kind: ServiceAccount, name: developer, namespace: blue}")).Should().ContainSingle();

    [TestCase("{verbs: [get], nonResourceURLs: [/healthz, /version]}", 0)]
    [TestCase("{verbs: [get], nonResourceURLs: [/metrics]}", 1)]
    [TestCase("{verbs: [get], nonResourceURLs: [/healthz*]}", 1)]
    [TestCase("{verbs: [get, post], nonResourceURLs: [/healthz]}", 1)]
    [TestCase("{verbs: [\"*\"], nonResourceURLs: [/healthz]}", 1)]
    [TestCase("{verbs: [list], apiGroups: [storage.k8s.io], resources: [storageclasses]}", 1)]
    [TestCase("{verbs: [create], apiGroups: [authorization.k8s.io], resources: [selfsubjectaccessreviews]}", 0)]
    [TestCase("{verbs: [create], apiGroups: [\"*\"], resources: [selfsubjectaccessreviews]}", 1)]
    public void What_everybody_gets_beyond_the_declared_is_found_dangerous_or_not(string rule, int findings)
    {
        var snapshot = RbacCluster.Bound(rule, "{kind: Group, name: \"system:authenticated\"}");

        new WhoCanReport(new(snapshot), snapshot, Declared).BroadBindings().Should().HaveCount(findings);
    }

    [Test]
    public void A_name_that_everybody_may_read_is_declared_for_one_namespace()
    {
        const string Rule = "{verbs: [get], apiGroups: [\"\"], resources: [configmaps], resourceNames: [cluster-info]}";
        int Of(string space) => RbacCluster.Bound(Rule, "{kind: User, name: \"system:anonymous\"}", space) is var s ? new WhoCanReport(new(s), s, Declared).BroadBindings().Count : 0;

        Of("kube-public").Should().Be(0);
        Of("one").Should().Be(1);
    }

    [TestCase("owners: []", 1, "components is missing")]
    [TestCase("owners: []\ncomponents: []\neverybody: []\nfriends: []", 4, "unknown key \"friends\"")]
    [TestCase("owners: [{subject: group a, may: all}]\ncomponents: []\neverybody: []", 1, "why is missing")]
    [TestCase("owners: [{subject: robot a, may: all, why: x}]\ncomponents: []\neverybody: []", 1, "begins with \"user \"")]
    [TestCase("owners: [{subject: service account a, may: all, why: x}]\ncomponents: []\neverybody: []", 1, "lacks its namespace")]
    [TestCase("owners:\n  - subject: user a\n    may: [read everything]\n    why: x\ncomponents: []\neverybody: []", 3, "unknown right \"read everything\"; known are read secrets")]
    [TestCase("owners: [{subject: user a, may: some, why: x}]\ncomponents: []\neverybody: []", 1, "expected \"all\" or a list of rights")]
    [TestCase("owners: [{subject: user a, may: all, why: x, only-in: the moon}]\ncomponents: []\neverybody: []", 1, "unknown place \"the moon\"")]
    [TestCase("owners: []\ncomponents: []\neverybody: [{who: [user a], verbs: [get], why: x}]", 3, "expected urls, or groups and resources")]
    public void A_mistake_in_the_file_is_told_with_its_line(string text, int line, string problem)
    {
        var parse = () => RightsOwners.Parse(text);

        parse.Should().Throw<BadInputException>().Which.Message.Should().StartWith($"fleet-fixtures/controls/rights-owners.yaml:{line}: ").And.Contain(problem);
    }

    [Test]
    public void A_feature_can_name_every_right() =>
        DangerousRight.Phrases.Split('|').Should().Equal(DangerousRight.All.Select(r => r.Id)).And.OnlyHaveUniqueItems();

    private static IEnumerable<RightGrant> Findings(RbacSnapshot snapshot) => new WhoCanReport(new(snapshot), snapshot, Declared).BeyondOwners(DangerousRight.Of("read secrets"));
}
