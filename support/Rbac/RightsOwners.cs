using SecuritySpecs.Kube.Files;
using YamlDotNet.RepresentationModel;

namespace SecuritySpecs.Rbac;

/// <summary>
/// Who may hold dangerous rights, as fleet-fixtures/controls/rights-owners.yaml declares: owners, system components, and
/// what everybody may do.
/// </summary>
/// <param name="Owners">People and programs that were chosen to hold rights.</param>
/// <param name="Components">The cluster's own parts, which hold what they need.</param>
/// <param name="Everybody">What broad subjects may do.</param>
/// <param name="Extensions">Objects of extensions by which somebody else's rights are used.</param>
public sealed record RightsOwners(
    IReadOnlyList<RightsOwner> Owners, IReadOnlyList<SubjectPattern> Components, IReadOnlyList<EverybodysRule> Everybody, IReadOnlyList<RightsExtension> Extensions)
{
    /// <summary>The file, as its author knows it.</summary>
    public const string FileName = "controls/rights-owners.yaml";

    private const string AnyRight = "all";
    private const string TenantNamespace = "own tenant namespace";
    private static readonly YamlFile File = new($"fleet-fixtures/{FileName}");

    /// <summary>Reads the file.</summary>
    /// <exception cref="BadInputException">It is not as wanted; file and line are named.</exception>
    public static RightsOwners Read(string path) => Of(File.Read(path));

    /// <summary>Reads a file's text.</summary>
    /// <exception cref="BadInputException">It is not as wanted; file and line are named.</exception>
    public static RightsOwners Parse(string text) => Of(File.Parse(text));

    private static RightsOwners Of(YamlMappingNode document)
    {
        var top = File.Fields(document, "rights owners", ["owners", "components", "everybody"], ["extensions"]);
        return new(
            [.. File.Items(top["owners"], "owners").Select(Owner)],
            [.. File.Items(top["components"], "components").Select(Component)],
            [.. File.Items(top["everybody"], "everybody").Select(Everybodys)],
            top.TryGetValue("extensions", out var extensions) ? [.. File.Items(extensions, "extensions").Select(Extension)] : []);
    }

    /// <summary>A right with the requests about extensions that come to the same.</summary>
    public DangerousRight Widened(DangerousRight right) =>
        right.With(from extension in Extensions
                   where extension.Right == right.Id
                   from resource in extension.Resources
                   from verb in extension.Verbs
                   select new RightQuestion(verb, extension.Group, resource, "", extension.InNamespaces));

    private static RightsExtension Extension(YamlNode node)
    {
        var f = File.Fields(node, "extension", ["comes-to", "verbs", "group", "resources", "why"], ["cluster-scope"]);
        File.Text(f["why"], "why");
        return new(RightId(f["comes-to"], "comes-to"), Texts(f, "verbs"), File.Text(f["group"], "group"), Texts(f, "resources"), !f.ContainsKey("cluster-scope"));
    }

    private static string RightId(YamlNode node, string field)
    {
        var id = File.Text(node, field);
        return DangerousRight.All.Any(r => r.Id == id) ? id
            : throw File.Error(node, $"{field}: unknown right \"{id}\"; known are {string.Join("; ", DangerousRight.All.Select(r => r.Id))}");
    }

    private static RightsOwner Owner(YamlNode node)
    {
        var f = File.Fields(node, "owner", ["subject", "may", "why"], ["only-in"]);
        File.Text(f["why"], "why");
        if (f.TryGetValue("only-in", out var where) && File.Text(where, "only-in") != TenantNamespace)
            throw File.Error(where, $"only-in: unknown place \"{where}\"; the only one is \"{TenantNamespace}\"");
        return new(Pattern(f["subject"]), May(f["may"]), where is not null);
    }

    // Null for all rights.
    private static HashSet<string>? May(YamlNode node)
    {
        if (node is YamlScalarNode && File.Text(node, "may") == AnyRight)
            return null;
        var rights = new HashSet<string>();
        foreach (var item in node is YamlScalarNode ? throw File.Error(node, $"may: expected \"{AnyRight}\" or a list of rights") : File.Items(node, "may"))
            rights.Add(RightId(item, "may"));

        return rights;
    }

    private static SubjectPattern Component(YamlNode node)
    {
        var f = File.Fields(node, "component", ["subject", "why"]);
        File.Text(f["why"], "why");
        return Pattern(f["subject"]);
    }

    private static EverybodysRule Everybodys(YamlNode node)
    {
        var f = File.Fields(node, "everybody", ["who", "verbs", "why"], ["urls", "groups", "resources", "names", "namespace"]);
        File.Text(f["why"], "why");
        var who = File.Items(f["who"], "who").Select(Pattern).ToList();
        var rule = new RbacRule(Texts(f, "verbs"), Texts(f, "groups"), Texts(f, "resources"), Texts(f, "names"), Texts(f, "urls"));
        if (rule.Urls.Count == 0 && (rule.Groups.Count == 0 || rule.Resources.Count == 0))
            throw File.Error(node, "everybody: expected urls, or groups and resources");
        return new(who, rule, f.TryGetValue("namespace", out var space) ? File.Text(space, "namespace") : null);
    }

    private static string[] Texts(IReadOnlyDictionary<string, YamlNode> fields, string key) =>
        // The core API group is the empty text.
        fields.TryGetValue(key, out var list) ? [.. File.Items(list, key).Select(t => t is YamlScalarNode { Value: "" } ? "" : File.Text(t, key))] : [];

    private static SubjectPattern Pattern(YamlNode node)
    {
        var text = File.Text(node, "subject");
        foreach (var (prefix, kind) in SubjectPattern.Prefixes)
        {
            if (!text.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            var name = text[prefix.Length..];
            if (kind == SubjectKind.ServiceAccount && name.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
                throw File.Error(node, $"subject: \"{text}\" lacks its namespace: expected service account NAMESPACE/NAME");
            return new(kind, name);
        }

        throw File.Error(node, $"subject: \"{text}\" is none; it begins with {string.Join(", ", SubjectPattern.Prefixes.Select(p => $"\"{p.Prefix}\""))}");
    }
}

/// <summary>Subjects by name; a <c>*</c> at the end, or for a namespace, stands for any.</summary>
/// <param name="Kind">What the subjects are.</param>
/// <param name="Name">The name, or the beginning of it with a <c>*</c>.</param>
public sealed record SubjectPattern(SubjectKind Kind, string Name)
{
    /// <summary>How the file begins each kind of subject.</summary>
    public static readonly IReadOnlyList<(string Prefix, SubjectKind Kind)> Prefixes =
        [("user ", SubjectKind.User), ("group ", SubjectKind.Group), ("service account ", SubjectKind.ServiceAccount)];

    /// <summary>Whether a subject is one of these. What stands for everybody is only when it is named in full.</summary>
    public bool Matches(RbacSubject subject)
    {
        if (subject.Kind != Kind)
            return false;
        if (Kind == SubjectKind.ServiceAccount && Name.StartsWith("*/", StringComparison.Ordinal))
            return subject.Name.EndsWith(Name[1..], StringComparison.Ordinal);
        return Name.EndsWith('*')
            ? !subject.IsBroad && subject.Name.StartsWith(Name[..^1], StringComparison.Ordinal)
            : subject.Name == Name;
    }
}

/// <summary>Somebody who may hold rights.</summary>
/// <param name="Who">The subjects.</param>
/// <param name="May">The ids of the rights; null for all.</param>
/// <param name="OnlyInOwnTenantNamespace">Whether only a ServiceAccount of a tenant's namespace may, and only there.</param>
public sealed record RightsOwner(SubjectPattern Who, IReadOnlySet<string>? May, bool OnlyInOwnTenantNamespace)
{
    /// <summary>The label that makes a namespace a tenant's.</summary>
    public const string TenantLabel = "security.specs/tenant";

    /// <summary>Whether the owner may hold what a grant gives.</summary>
    public bool Covers(RightGrant grant, RbacSnapshot snapshot) =>
        Who.Matches(grant.Subject) && May?.Contains(grant.Right.Id) != false && (!OnlyInOwnTenantNamespace
            || (grant.Namespace is { } space && grant.Subject.AccountNamespace == space
                && snapshot.Namespaces.TryGetValue(space, out var labels) && labels.ContainsKey(TenantLabel)));
}

/// <summary>Objects of an extension by which somebody uses rights that he does not hold: a program with those rights does what they say.</summary>
/// <param name="Right">The id of the right that writing them comes to.</param>
/// <param name="Verbs">The verbs that do.</param>
/// <param name="Group">API group.</param>
/// <param name="Resources">Resources.</param>
/// <param name="InNamespaces">Whether the objects are in namespaces.</param>
public sealed record RightsExtension(string Right, IReadOnlyList<string> Verbs, string Group, IReadOnlyList<string> Resources, bool InNamespaces);

/// <summary>What a broad subject may do.</summary>
/// <param name="Who">The broad subjects.</param>
/// <param name="Rule">What they may.</param>
/// <param name="Namespace">Only there; null for anywhere.</param>
public sealed record EverybodysRule(IReadOnlyList<SubjectPattern> Who, RbacRule Rule, string? Namespace);
