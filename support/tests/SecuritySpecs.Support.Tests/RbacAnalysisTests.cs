namespace SecuritySpecs.Tests;

[TestFixture]
public sealed class RbacAnalysisTests
{
    private const string Ada = "{kind: User, name: ada}";
    private const string ReadSecrets = "{verbs: [list], apiGroups: [\"\"], resources: [secrets]}";

    [Test]
    public void Who_can_names_subject_place_and_binding()
    {
        var grants = WhoCan("read secrets", RbacCluster.Bound(ReadSecrets, $"{Ada}, {{kind: Group, name: drivers}}", "one"));

        grants.Select(g => g.ToString()).Should().Equal(
            "user ada can read secrets in namespace one by RoleBinding one/binding to ClusterRole role",
            "group drivers can read secrets in namespace one by RoleBinding one/binding to ClusterRole role");
    }

    [Test]
    public void The_group_that_no_binding_makes_mighty_is_always_listed()
    {
        var grants = new RbacAnalysis(RbacCluster.Bound(ReadSecrets, Ada)).WhoCan(DangerousRight.Of("change nodes"));

        grants.Should().ContainSingle().Which.ToString().Should().Be(
            "group system:masters can change nodes in the whole cluster without any binding: the API server lets this group do everything");
    }

    [Test]
    public void A_namespace_is_asked_about_with_what_holds_in_the_whole_cluster()
    {
        var snapshot = RbacCluster.Bound(ReadSecrets, Ada, "one");
        var right = DangerousRight.Of("read secrets");

        new RbacAnalysis(snapshot).WhoCan(right, "one").Should().HaveCount(2, "system:masters is the other");
        new RbacAnalysis(snapshot).WhoCan(right, "two").Should().HaveCount(1);
        new RbacAnalysis(RbacCluster.Bound(ReadSecrets, Ada)).WhoCan(right, "two").Should().HaveCount(2);
    }

    [Test]
    public void A_right_to_some_objects_tells_which()
    {
        var grants = WhoCan("read secrets", RbacCluster.Bound("{verbs: [get], apiGroups: [\"\"], resources: [secrets], resourceNames: [a, b]}", Ada));

        grants.Single().Names.Should().Equal("a", "b");
        grants.Single().Example.Name.Should().Be("a", "a review must ask about one of them");
    }

    [TestCase("create pods", "create", "", "pods", 0, TestName = "What does not exist yet has no name, so a rule with names never lets anybody create")]
    [TestCase("run a command in a pod", "create", "", "pods/exec", 1, TestName = "A subresource is created on an object that has a name")]
    [TestCase("read secrets", "list", "", "secrets", 1, TestName = "A list may be narrowed to one name")]
    [TestCase("write quotas and limit ranges", "deletecollection", "", "resourcequotas", 0, TestName = "A collection has no name")]
    public void Names_count_where_requests_have_them(string right, string verb, string group, string resource, int found) =>
        WhoCan(right, RbacCluster.Bound($"{{verbs: [{verb}], apiGroups: [\"{group}\"], resources: [{resource}], resourceNames: [x]}}", Ada)).Should().HaveCount(found);

    private const string Ben = "{kind: User, name: ben}";
    private const string Everybody = "{kind: Group, name: 'system:authenticated'}";

    [TestCase("create", Ada, "", "get", Ada, "", "the whole cluster")]
    [TestCase("create", Ada, "one", "list", Ada, "one", "namespace one")]
    [TestCase("create", Ada, "", "watch", Ada, "one", "namespace one")]
    [TestCase("create", Ada, "one", "get", Ada, "", "namespace one")]
    [TestCase("create", Ada, "one", "get", Everybody, "one", "namespace one")]
    [TestCase("create", Ada, "one", "get", Ada, "two", null, TestName = "Creating Secrets here and reading them there mints no token")]
    [TestCase("create", Ada, "one", "get", Ben, "one", null, TestName = "Two people who hold one right each mint no token")]
    [TestCase("create", Ada, "one", "update", Ada, "one", null, TestName = "Who may not read Secrets does not learn the token")]
    [TestCase("patch", Ada, "one", "get", Ada, "one", null, TestName = "The type of a Secret cannot be changed")]
    public void Creating_and_reading_Secrets_mints_tokens_by_whichever_bindings(string verb, string who, string where, string other, string whose, string whereElse, string? place)
    {
        var grants = WhoCan("mint tokens of service accounts", RbacCluster.Of($"{Given("one", verb, who, where)}\n---\n{Given("two", other, whose, whereElse)}"));

        if (place is null)
            grants.Should().BeEmpty();
        else
            grants.Select(g => g.ToString()).Should().Contain(g => g.StartsWith($"user ada can mint tokens of service accounts in {place} ", StringComparison.Ordinal));

        static string Given(string name, string verb, string who, string where) => $$"""
            kind: ClusterRole
            apiVersion: rbac.authorization.k8s.io/v1
            metadata: {name: {{name}}}
            rules: [{verbs: [{{verb}}], apiGroups: [""], resources: [secrets]}]
            ---
            kind: {{(where.Length == 0 ? "ClusterRoleBinding" : "RoleBinding")}}
            apiVersion: rbac.authorization.k8s.io/v1
            metadata: {name: {{name}}{{(where.Length == 0 ? "" : $", namespace: {where}")}}}
            roleRef: {kind: ClusterRole, name: {{name}}}
            subjects: [{{who}}]
            """;
    }

    [TestCase("change nodes", "patch", "", "nodes", 0, TestName = "A RoleBinding gives nothing of the cluster's own")]
    [TestCase("change namespaces", "patch", "", "namespaces", 1, TestName = "A RoleBinding gives the namespace that it is in")]
    [TestCase("bind roles", "bind", "rbac.authorization.k8s.io", "clusterroles", 1, TestName = "A RoleBinding lets bind ClusterRoles in its namespace")]
    [TestCase("escalate roles", "escalate", "rbac.authorization.k8s.io", "clusterroles", 0, TestName = "A RoleBinding lets nobody escalate ClusterRoles")]
    public void A_RoleBinding_ends_at_its_namespace(string right, string verb, string group, string resource, int found) =>
        WhoCan(right, RbacCluster.Bound($"{{verbs: [{verb}], apiGroups: [\"{group}\"], resources: [{resource}]}}", Ada, "one")).Should().HaveCount(found);

    [TestCase("userextras/scopes", "userextras/scopes")]
    [TestCase("*", "userextras/scopes", "uids")]
    [TestCase("userextras")]
    [TestCase("uids", "uids")]
    public void Whichever_extra_of_a_user_is_impersonated_is_found(string resource, params string[] found)
    {
        var grants = WhoCan("impersonate others", RbacCluster.Bound($"{{verbs: [impersonate], apiGroups: [authentication.k8s.io], resources: [\"{resource}\"]}}", Ada));

        grants.Select(g => g.Example.Combined).Should().HaveCount(Math.Min(1, found.Length)).And.BeSubsetOf(found);
    }

    [Test]
    public void A_binding_to_no_role_gives_nothing()
    {
        var snapshot = RbacCluster.Bound(ReadSecrets, Ada);

        WhoCan("read secrets", snapshot with { Roles = [] }).Should().BeEmpty();
        new RbacAnalysis(snapshot with { Roles = [] }).Allows("ada", [], new("list", "", "secrets")).Should().BeFalse();
    }

    [TestCase("{kind: ServiceAccount, name: runner, namespace: two}", "service account two/runner")]
    [TestCase("{kind: ServiceAccount, name: runner}", "service account one/runner")]
    [TestCase("{kind: User, name: \"system:serviceaccount:two:runner\"}", "service account two/runner")]
    [TestCase("{kind: Robot, name: runner}", null)]
    public void A_service_account_is_the_same_however_it_is_written(string subject, string? expected) =>
        WhoCan("read secrets", RbacCluster.Bound(ReadSecrets, subject, "one")).Select(g => g.Subject.ToString())
            .Should().Equal(expected is null ? [] : [expected]);

    [Test]
    public void A_service_account_without_a_namespace_is_nobody_in_a_ClusterRoleBinding() =>
        WhoCan("read secrets", RbacCluster.Bound(ReadSecrets, "{kind: ServiceAccount, name: runner}")).Should().BeEmpty();

    [Test]
    public void A_thousand_bindings_take_a_fraction_of_a_second()
    {
        var snapshot = ManyBindings.Of(1000);

        var clock = System.Diagnostics.Stopwatch.StartNew();
        var analysis = new RbacAnalysis(snapshot);
        var grants = DangerousRight.All.Sum(r => analysis.WhoCan(r).Count);

        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(1));
        grants.Should().BeGreaterThan(1000);
    }

    private static List<RightGrant> WhoCan(string right, RbacSnapshot snapshot) =>
        [.. new RbacAnalysis(snapshot).WhoCan(DangerousRight.Of(right)).Where(g => g.Binding is not null)];
}
