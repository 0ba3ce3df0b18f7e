using Microsoft.AspNetCore.Http;

namespace SecuritySpecs.Tests;

[TestFixture]
public sealed class RbacSnapshotTests
{
    private const string ReadSecrets = "[{verbs: [get], apiGroups: [\"\"], resources: [secrets]}]";

    // view takes from two parts, edit from view: as the controller has filled them in.
    private const string Aggregates = $$"""
        {kind: ClusterRole, apiVersion: rbac.authorization.k8s.io/v1, metadata: {name: part, labels: {to: view} }, rules: [{verbs: [list], apiGroups: [""], resources: [pods]}]}
        ---
        {kind: ClusterRole, apiVersion: rbac.authorization.k8s.io/v1, metadata: {name: foreign, labels: {to: view, run: other} }, rules: {{ReadSecrets}} }
        ---
        kind: ClusterRole
        apiVersion: rbac.authorization.k8s.io/v1
        metadata: {name: view, labels: {to: edit} }
        aggregationRule: {clusterRoleSelectors: [{matchLabels: {to: view} }]}
        rules: [{verbs: [get], apiGroups: [""], resources: [secrets]}, {verbs: [list], apiGroups: [""], resources: [pods]}]
        ---
        kind: ClusterRole
        apiVersion: rbac.authorization.k8s.io/v1
        metadata: {name: edit}
        aggregationRule: {clusterRoleSelectors: [{matchExpressions: [{key: to, operator: In, values: [edit]}]}]}
        rules: [{verbs: [get], apiGroups: [""], resources: [secrets]}, {verbs: [list], apiGroups: [""], resources: [pods]}]
        """;

    [Test]
    public void What_an_aggregated_role_took_from_a_role_that_is_left_out_is_left_out_too()
    {
        var snapshot = RbacCluster.Of(Aggregates).Without(IsOthers);

        snapshot.Roles.Select(r => r.Name).Should().Equal("part", "view", "edit");
        snapshot.Roles.Should().OnlyContain(r => r.Rules.Count == 1 && r.Rules[0].Resources.Single() == "pods");
    }

    [Test]
    public void Where_nothing_is_left_out_aggregated_roles_stay_as_the_controller_filled_them() =>
        RbacCluster.Of(Aggregates).Without(_ => false).Roles.Should().Equal(RbacCluster.Of(Aggregates).Roles, (a, b) => a.Name == b.Name && a.Rules.Count == b.Rules.Count);

    [Test]
    public void What_is_in_a_namespace_that_is_left_out_or_gone_is_left_out_with_it()
    {
        var snapshot = RbacCluster.Of("""
            {kind: Namespace, apiVersion: v1, metadata: {name: mine} }
            ---
            {kind: Namespace, apiVersion: v1, metadata: {name: theirs, labels: {run: other} } }
            ---
            {kind: RoleBinding, apiVersion: rbac.authorization.k8s.io/v1, metadata: {name: a, namespace: mine}, roleRef: {kind: Role, name: r} }
            ---
            {kind: RoleBinding, apiVersion: rbac.authorization.k8s.io/v1, metadata: {name: b, namespace: theirs}, roleRef: {kind: Role, name: r} }
            ---
            {kind: RoleBinding, apiVersion: rbac.authorization.k8s.io/v1, metadata: {name: c, namespace: mine, labels: {run: other} }, roleRef: {kind: Role, name: r} }
            ---
            {kind: RoleBinding, apiVersion: rbac.authorization.k8s.io/v1, metadata: {name: d, namespace: gone}, roleRef: {kind: Role, name: r} }
            """);
        snapshot = snapshot with { Namespaces = snapshot.Namespaces.Where(n => n.Key != "gone").ToDictionary() };

        snapshot.Without(IsOthers).Bindings.Select(b => b.Name).Should().Equal("a");
    }

    [TestCase("{matchLabels: {a: x} }", "a: x", true)]
    [TestCase("{matchLabels: {a: x} }", "a: z", false)]
    [TestCase("{matchExpressions: [{key: a, operator: In, values: [x, z]}]}", "a: z", true)]
    [TestCase("{matchExpressions: [{key: a, operator: NotIn, values: [x]}]}", "b: x", true)]
    [TestCase("{matchExpressions: [{key: a, operator: NotIn, values: [x]}]}", "a: x", false)]
    [TestCase("{matchExpressions: [{key: a, operator: Exists}]}", "a: x", true)]
    [TestCase("{matchExpressions: [{key: a, operator: DoesNotExist}]}", "a: x", false)]
    [TestCase("{matchLabels: {a: x}, matchExpressions: [{key: b, operator: Exists}]}", "a: x", false)]
    public void A_selector_selects_as_Kubernetes_does(string selector, string labels, bool selected)
    {
        var role = RbacCluster.Of($"{{kind: ClusterRole, apiVersion: rbac.authorization.k8s.io/v1, metadata: {{name: r, labels: {{{labels}}} }}, aggregationRule: {{clusterRoleSelectors: [{selector}]}} }}").Roles.Single();

        role.Aggregates.Single().Selects(role.Labels).Should().Be(selected);
    }

    [Test]
    public async Task A_long_list_is_read_to_its_end()
    {
        await using var server = await ListsAsync(names: 1200, refuse: "");

        (await RbacSnapshot.ReadAsync(server.Api)).Bindings.Should().HaveCount(2 * 1200).And.OnlyHaveUniqueItems();
    }

    [TestCase("clusterroles")]
    [TestCase("rolebindings")]
    [TestCase("namespaces")]
    public async Task A_list_that_is_refused_is_an_error_and_never_an_empty_one(string refused)
    {
        await using var server = await ListsAsync(names: 3, refused);

        var read = () => RbacSnapshot.ReadAsync(server.Api);

        (await read.Should().ThrowAsync<KubeApiException>()).WithMessage($"*{refused}*403*");
    }

    private static bool IsOthers(IReadOnlyDictionary<string, string> labels) => labels.GetValueOrDefault("run") == "other";

    /// <summary>As much of an API server as lists need: every collection has so many objects, in pages.</summary>
    private static Task<LoopbackServer> ListsAsync(int names, string refuse) => LoopbackServer.StartAsync(context =>
    {
        var kind = context.Request.Path.Value!.Split('/')[^1];
        context.Response.StatusCode = kind == refuse ? 403 : 200;
        int limit = int.Parse(context.Request.Query["limit"]!, System.Globalization.CultureInfo.InvariantCulture);
        var from = context.Request.Query["continue"] is [{ } token] ? int.Parse(token, System.Globalization.CultureInfo.InvariantCulture) : 0;
        var to = Math.Min(from + limit, names);
        var items = Enumerable.Range(from, to - from).Select(i => $$"""{"metadata": {"name": "{{kind}}-{{i}}"}, "roleRef": {"kind": "ClusterRole", "name": "r"} }""");
        return context.Response.WriteAsync($$"""{"metadata": {"continue": "{{(to < names ? to : "")}}"}, "items": [{{string.Join(',', items)}}]}""");
    });
}
