using FsCheck;
using FsCheck.Fluent;

namespace SecuritySpecs.Rbac.Tests;

/// <summary>
/// Random RBAC objects out of a small vocabulary, so that rules and questions meet. Names tell what an object is for:
/// <c>bare-</c> bindings have ServiceAccounts without a namespace, <c>missing-</c> ones refer to no role.
/// </summary>
/// <param name="Objects">Path of the collection, and object.</param>
internal sealed record World(IReadOnlyList<(string Collection, JsonObject Object)> Objects)
{
    public const string Bare = "bare-";
    public const string Missing = "missing-";
    public const string Aggregated = "aggregated-";
    public const string AggregationLabel = "rbac.tests/aggregate";
    public static readonly string[] Namespaces = ["rbac-one", "rbac-two", "rbac-three"];
    public static readonly string[] Users = ["ada", "ben", "cleo", "dan", "eve", "flo"];
    public static readonly string[] Groups = ["drivers", "miners", "painters", "sailors", "system:serviceaccounts:rbac-one", "system:authenticated"];
    public static readonly string[] Accounts = ["runner", "builder", "watcher"];
    public static readonly string[] Verbs = ["get", "list", "create", "patch", "delete", "impersonate", "bind"];
    public static readonly string[] ApiGroups = ["", "apps", "batch", "example.org"];
    public static readonly string[] Resources = ["pods", "secrets", "deployments", "jobs", "nodes", "namespaces", "widgets"];
    public static readonly string[] Subresources = ["exec", "log", "status", "scale"];
    public static readonly string[] Names = ["alpha", "beta", "gamma"];
    public static readonly string[] Urls = ["/metrics", "/metrics/cadvisor", "/logs", "/logs/a/b", "/healthz/etcd", "/debug/pprof"];

    private const string Api = "/apis/rbac.authorization.k8s.io/v1/";
    private const int UrlRoles = 8;

    // What chance alone would leave out of some worlds: roles for the resource *, and bindings to a Role that only another
    // namespace has.
    private const int Rare = 6;
    private static readonly string[] UrlRules = ["/metrics", "/healthz/etcd", "/metrics/*", "/logs*", "/debug/**", "/lo*", "*"];

    /// <summary>Some 200 objects.</summary>
    public static Gen<World> Random =>
        from cluster in Many(35, i => ClusterRole($"plain-{i}", [], everything: i < Rare))
        from urls in Many(UrlRoles, UrlRole)
        from parts in Many(12, i => ClusterRole($"part-{i}", new() { [AggregationLabel] = $"to-{i % 3}" }))
        from roles in Many(38, Role)
        from clusterBindings in Many(35, i => Binding($"wide-{i}", i, null))
        from bindings in Many(80, i => IsRare(i) ? Binding($"near-{i}", i, Namespaces[1 + (i % 2)]) : Gen.Elements(Namespaces).SelectMany(space => Binding($"near-{i}", i, space)))
        select new World([.. cluster, .. urls, .. parts, .. Aggregates(), .. roles, .. clusterBindings, .. bindings, .. RightToOneSecret()]);

    private static Gen<List<T>> Many<T>(int count, Func<int, Gen<T>> one) => Gen.CollectToList(Enumerable.Range(0, count), one).Select(l => l.ToList());

    private static Gen<(string, JsonObject)> ClusterRole(string name, JsonObject labels, bool everything = false) =>
        (everything ? ResourceRule(Gen.Constant<string[]>(["*"]), wild: 0).Select(r => new JsonArray(r)) : Rules(urls: true))
            .Select(rules => (Api + "clusterroles", Object("ClusterRole", name, null, ("rules", rules), labels)));

    // About one world in ten would have no dangerous right to some objects alone.
    private static IEnumerable<(string, JsonObject)> RightToOneSecret()
    {
        var rule = new JsonObject { ["verbs"] = Texts(["get"]), ["apiGroups"] = Texts([""]), ["resources"] = Texts(["secrets"]), ["resourceNames"] = Texts([Names[0]]) };
        yield return (Api + "clusterroles", Object("ClusterRole", "one-secret", null, ("rules", new JsonArray(rule))));
        yield return Bound(null, "one-secret", true, "one-secret", [Named("User", "keeper")]);
    }

    private static Gen<(string, JsonObject)> UrlRole(int i) => UrlRule(Gen.Constant<string[]>([UrlRules[i % UrlRules.Length]]))
        .Select(rule => (Api + "clusterroles", Object("ClusterRole", $"urls-{i}", null, ("rules", new JsonArray(rule)))));

    private static Gen<(string, JsonObject)> Role(int i) =>
        from rules in Rules(urls: false)
        // Twelve in every namespace, and two that only the first has.
        let space = i < 36 ? Namespaces[i % 3] : Namespaces[0]
        select ($"{Api}namespaces/{space}/roles", Object("Role", $"role-{(i < 36 ? i / 3 : i - 24)}", space, ("rules", rules)));

    // By label, by expression, and one that takes from another that is aggregated itself.
    private static IEnumerable<(string, JsonObject)> Aggregates()
    {
        yield return Aggregate(0, new() { ["matchLabels"] = new JsonObject { [AggregationLabel] = "to-0" } }, "to-chain");
        yield return Aggregate(1, new() { ["matchExpressions"] = new JsonArray(new JsonObject { ["key"] = AggregationLabel, ["operator"] = "In", ["values"] = Texts(["to-1", "to-2"]) }) }, null);
        yield return Aggregate(2, new() { ["matchLabels"] = new JsonObject { [AggregationLabel] = "to-chain" } }, null);
    }

    private static (string, JsonObject) Aggregate(int i, JsonObject selector, string? label)
    {
        var role = Object("ClusterRole", $"{Aggregated}{i}", null, ("rules", new JsonArray()), label is null ? [] : new JsonObject { [AggregationLabel] = label });
        role["aggregationRule"] = new JsonObject { ["clusterRoleSelectors"] = new JsonArray(selector) };
        return (Api + "clusterroles", role);
    }

    private static Gen<JsonArray> Rules(bool urls) =>
        Gen.Choose(1, 2).SelectMany(count => Gen.CollectToList(Enumerable.Range(0, count), _ => urls ? Gen.Frequency((6, ResourceRule(AnyResources)), (1, UrlRule(Few(Gen.Elements(UrlRules))))) : ResourceRule(AnyResources)))
            .Select(rules => new JsonArray([.. rules]));

    private static Gen<string[]> AnyResources => Gen.Frequency(
        (94, Few(Gen.Frequency((6, Gen.Elements(Resources)), (3, Combined), (2, Gen.Elements(Subresources).Select(s => "*/" + s))))), (6, Gen.Constant<string[]>(["*"])));

    private static Gen<JsonObject> ResourceRule(Gen<string[]> some, int wild = 10) =>
        from verbs in Some(Verbs, wild)
        from apiGroups in Some(ApiGroups, wild)
        from resources in some
        from names in Gen.Frequency((7, Gen.Constant<string[]>([])), (3, Few(Gen.Elements(Names))))
        select names.Length == 0
            ? new JsonObject { ["verbs"] = Texts(verbs), ["apiGroups"] = Texts(apiGroups), ["resources"] = Texts(resources) }
            : new JsonObject { ["verbs"] = Texts(verbs), ["apiGroups"] = Texts(apiGroups), ["resources"] = Texts(resources), ["resourceNames"] = Texts(names) };

    private static Gen<string> Combined => from r in Gen.Elements(Resources) from s in Gen.Elements(Subresources) select $"{r}/{s}";

    private static Gen<JsonObject> UrlRule(Gen<string[]> some) =>
        from verbs in Some(["get", "create"], wild: 20)
        from urls in some
        select new JsonObject { ["verbs"] = Texts(verbs), ["nonResourceURLs"] = Texts(urls) };

    // The first ones are about URLs alone, for somebody who has little else: a URL role in the whole cluster, and one that a
    // RoleBinding names in vain.
    private static Gen<(string, JsonObject)> Binding(string name, int i, string? space) => i < UrlRoles
        ? Gen.Constant(Bound(space, name, true, $"urls-{i}", [Named("User", $"reader-{(space is null ? i : i + UrlRoles)}")]))
        :
        from toClusterRole in space is null ? Gen.Constant(true) : IsRare(i) ? Gen.Constant(false) : Gen.Elements(true, false)
        from role in IsRare(i) ? Gen.Constant(toClusterRole ? i == UrlRoles ? $"{Missing}role" : $"plain-{i - UrlRoles}" : $"role-{12 + (i / 2 % 2)}") : RoleName(toClusterRole)
        from subjects in i % 8 == 7 && space is not null ? Few(Bared) : Few(Subject(space))
        let prefix = i % 8 == 7 && space is not null ? Bare : role.StartsWith(Missing, StringComparison.Ordinal) ? Missing : ""
        select Bound(space, prefix + name, toClusterRole, role, subjects);

    private static bool IsRare(int binding) => binding is >= UrlRoles and < UrlRoles + Rare;

    private static Gen<string> RoleName(bool cluster) => cluster
        ? Gen.Frequency(
            (10, Gen.Choose(0, 34).Select(i => $"plain-{i}")), (6, Gen.Choose(0, 2).Select(i => $"{Aggregated}{i}")), (1, Gen.Constant($"{Missing}role")))
        : Gen.Choose(0, 13).Select(i => $"role-{i}");

    // In the whole cluster nothing is given to everybody, or there would be little left to deny.
    private static Gen<JsonObject> Subject(string? space) => Gen.Frequency(
        (4, Gen.Elements(Users).Select(u => Named("User", u))),
        (3, Gen.Elements(space is null ? Groups[..^1] : Groups).Select(g => Named("Group", g))),
        (4, from s in Gen.Elements(Namespaces) from a in Gen.Elements(Accounts) select Account(a, s)),
        (1, from s in Gen.Elements(Namespaces) from a in Gen.Elements(Accounts) select Named("User", $"system:serviceaccount:{s}:{a}")));

    private static Gen<JsonObject> Bared => Gen.Elements(Accounts).Select(a => Account(a, null));

    private static (string, JsonObject) Bound(string? space, string name, bool toClusterRole, string role, IEnumerable<JsonObject> subjects)
    {
        var binding = Object(space is null ? "ClusterRoleBinding" : "RoleBinding", name, space,
            ("subjects", new JsonArray([.. subjects.DistinctBy(s => s.ToJsonString()).Select(s => s.DeepClone())])));
        binding["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = toClusterRole ? "ClusterRole" : "Role", ["name"] = role };
        return (space is null ? Api + "clusterrolebindings" : $"{Api}namespaces/{space}/rolebindings", binding);
    }

    private static JsonObject Named(string kind, string name) => new() { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = kind, ["name"] = name };

    private static JsonObject Account(string name, string? space)
    {
        var subject = new JsonObject { ["kind"] = "ServiceAccount", ["name"] = name };
        if (space is not null)
            subject["namespace"] = space;
        return subject;
    }

    private static JsonObject Object(string kind, string name, string? space, (string Key, JsonNode Value) part, JsonObject? labels = null)
    {
        var metadata = new JsonObject { ["name"] = name, ["labels"] = labels?.DeepClone() ?? new JsonObject() };
        if (space is not null)
            metadata["namespace"] = space;
        return new() { ["apiVersion"] = "rbac.authorization.k8s.io/v1", ["kind"] = kind, ["metadata"] = metadata, [part.Key] = part.Value };
    }

    /// <summary>A few of a vocabulary, or with a chance in percent all by <c>*</c>.</summary>
    private static Gen<string[]> Some(string[] of, int wild) => Gen.Frequency((100 - wild, Few(Gen.Elements(of))), (wild, Gen.Constant<string[]>(["*"])));

    private static Gen<T[]> Few<T>(Gen<T> one) => Gen.Choose(1, 2).SelectMany(one.ArrayOf);

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Distinct().Select(t => JsonValue.Create(t))]);
}
