using SecuritySpecs.Kube.Files;
using SecuritySpecs.Kube.Manifests;
using SecuritySpecs.PlatformAudit;
using SecuritySpecs.Secrets;

namespace SecuritySpecs.Tool.Bench.Audits;

/// <summary>How large a made-up cluster is.</summary>
/// <param name="Nodes">Its nodes, of eight GPUs each.</param>
/// <param name="Tenants">Its tenants: weaknesses.yaml has a use for each of the first few, and goes round.</param>
/// <param name="Pods">The pods of all tenants.</param>
internal sealed record AuditedSize(int Nodes, int Tenants, int Pods);

/// <summary>
/// A cluster that exists only as the objects that its API server would return, with weaknesses in some of them: what an audit must find
/// there is known. What the objects look like and what is wrong with them is data: the YAML files beside this one.
/// </summary>
internal sealed class AuditedCluster
{
    private const string Folder = "support/Tool/Bench/Audits";
    private const string Weaknesses = Folder + "/weaknesses.yaml";

    // So many tenants in a round have no weakness.
    private const int SoundTenants = 4;
    private const string Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string RbacApi = "/apis/rbac.authorization.k8s.io/v1/";

    private static readonly Dictionary<string, string> Collections = new(ClusterObjects.Kinds.ToDictionary(k => k.Value, k => k.Key))
    {
        ["Namespace"] = "/api/v1/namespaces", ["Role"] = RbacApi + "roles", ["ClusterRole"] = RbacApi + "clusterroles",
        ["RoleBinding"] = RbacApi + "rolebindings", ["ClusterRoleBinding"] = RbacApi + "clusterrolebindings",
    };

    private readonly Dictionary<string, List<string>> _lists = Collections.Values.ToDictionary(c => c, _ => new List<string>());
    private readonly List<string> _planted = [];

    /// <summary>Makes one up.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="size">How large it is.</param>
    /// <exception cref="BadInputException">A file is not as wanted, or the size leaves no place for a weakness.</exception>
    public AuditedCluster(string root, AuditedSize size)
    {
        var (tenant, platform) = (Read(root, "tenant"), Read(root, "platform"));
        var (node, pod) = (Read(root, "node").Single(), Read(root, "pod").Single());
        var weaknesses = Weakness.Read(root, Weaknesses);
        if (weaknesses.FirstOrDefault(w => !platform.Concat(tenant).Append(pod).Any(w.IsAbout)) is { } lost)
            throw new BadInputException(Weaknesses, 0, $"there is no object {lost.Object}");
        var ofTenants = weaknesses.Where(w => !platform.Any(w.IsAbout)).ToList();
        // One of each tenant's pods is among its other objects.
        var pods = size.Pods - size.Tenants;
        var last = (pods / size.Tenants) - 1;
        if (size.Tenants < ofTenants.Count || last < 0)
            throw new BadInputException(Weaknesses, 1, $"{ofTenants.Count} weaknesses want as many tenants, and two pods in each");
        var rule = SecretRules.Read(Path.Combine(root, "fleet-fixtures")).Single(r => r.Id == "github-token");
        var credential = ("CREDENTIAL", SecretSample.Of(rule, new Random(1)).Value); // always the same
        foreach (var template in platform)
            Add(template, weaknesses.SingleOrDefault(w => w.IsAbout(template)), []);
        for (var n = 0; n < size.Nodes; n++)
            Add(node, null, [("NODE", $"node-{n}")]);
        for (var n = 0; n < size.Tenants; n++)
        {
            foreach (var template in tenant)
                Add(template, WeaknessOf(n, template), [("TENANT", $"tenant-{n}"), credential]);
        }

        for (var n = 0; n < pods; n++)
        {
            var (owner, job) = (n % size.Tenants, n / size.Tenants);
            Add(pod, job == last ? WeaknessOf(owner, pod) : null,
            [
                ("TENANT", $"tenant-{owner}"), ("JOB", $"train-{job}"), ("NAME", $"train-{job}-0"), ("NODE", $"node-{n % size.Nodes}"),
                ("IP", $"10.{n >> 16}.{(n >> 8) & 255}.{n & 255}"), credential,
            ]);
        }

        Weakness? WeaknessOf(int number, Template template) =>
            ofTenants.ElementAtOrDefault(number % (ofTenants.Count + SoundTenants)) is { } own && own.IsAbout(template) ? own : null;
    }

    /// <summary>The text of each object, by the path of its collection.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Lists => _lists.ToDictionary(l => l.Key, l => (IReadOnlyList<string>)l.Value);

    /// <summary>What is wrong there, as CONTROL: OBJECT: PROBLEM; sorted.</summary>
    public IReadOnlyList<string> Planted => [.. _planted.Order(StringComparer.Ordinal)];

    private void Add(Template template, Weakness? weakness, (string Name, string Value)[] values)
    {
        _lists[Collections[template.Kind]].Add(Fill(weakness?.In(template.Json) ?? template.Json));
        _planted.AddRange((weakness?.Finds ?? []).Select(Fill));

        string Fill(string text) => values.Append((Name: "DIGEST", Value: Digest))
            .Aggregate(text, (filled, value) => filled.Replace($"${{{value.Name}}}", value.Value, StringComparison.Ordinal));
    }

    // The items of a list do not say their kind.
    private static List<Template> Read(string root, string name)
    {
        var file = $"{Folder}/{name}.yaml";
        return [.. Manifest.Parse(file, TextFile.Read(Path.Combine(root, file), file)).Objects.Select(o =>
        {
            var (kind, title) = ((string)o["kind"]!, (string)o["metadata"]!["name"]!);
            o.Remove("kind");
            o.Remove("apiVersion");
            return new Template(kind, title, o.ToJsonString());
        })];
    }
}
