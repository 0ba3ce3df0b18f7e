using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Kube.Manifests;

/// <summary>A file of fleet-fixtures/controls, as what stands in its place has to be.</summary>
/// <param name="Name">Without <c>.yaml</c>.</param>
/// <param name="Header">The comment that it begins with, without the marks.</param>
/// <param name="Objects">Its objects; none where it is no manifest.</param>
/// <param name="Placeholders">Every placeholder that it has or names.</param>
/// <param name="Needed">Those that what stands in its place must have.</param>
public sealed partial record ReferenceControl(
    string Name, IReadOnlyList<string> Header, IReadOnlyList<JsonObject> Objects, IReadOnlyList<string> Placeholders, IReadOnlyList<string> Needed)
{
    // The tenant's own name beside that of its namespace: a selector may do with either.
    private const string Tenant = "TENANT";
    private const string Namespace = "NAMESPACE";

    /// <summary>In fleet-fixtures.</summary>
    public string File => $"controls/{Name}.yaml";

    /// <summary>Whether every scenario's tenants are made of it.</summary>
    public bool IsBase => Name == ComponentList.Base;

    /// <summary>The kinds of its objects, with their group.</summary>
    public IReadOnlyList<string> Kinds => [.. Objects.Select(Kind).Distinct()];

    /// <summary>The name of each object that is the only one of its kind: by these names scenarios find them.</summary>
    public IEnumerable<(string Kind, string Name)> Names => Objects.GroupBy(Kind).Where(g => g.Count() == 1 && g.First()["metadata"]?["name"] is not null)
        .Select(g => (g.Key, (string)g.First()["metadata"]!["name"]!));

    /// <summary>All of them, sorted by name.</summary>
    /// <param name="fixtures">The folder fleet-fixtures.</param>
    public static IReadOnlyList<ReferenceControl> All(string fixtures) =>
        [.. Directory.EnumerateFiles(Path.Combine(fixtures, "controls"), "*.yaml").Order(StringComparer.Ordinal).Select(f => Of(Path.GetFileNameWithoutExtension(f), TextFile.Read(f, f)))];

    /// <summary>Reads one.</summary>
    /// <param name="name">Without <c>.yaml</c>.</param>
    /// <param name="text">The file's text.</param>
    public static ReferenceControl Of(string name, string text)
    {
        IReadOnlyList<string> header = [.. text.Split('\n').TakeWhile(l => l.StartsWith('#')).Select(l => l[1..].TrimEnd()).Select(l => l.StartsWith(' ') ? l[1..] : l)];
        var used = Manifest.Placeholders(text);
        var named = Word().Matches(Remark().Replace(Sentence().Match(string.Join(' ', header)).Value, "")).Select(m => m.Value);
        var needed = used.Contains(Namespace) && name != ComponentList.Base ? used.Where(p => p != Tenant) : used;
        return new(name, header, text.Split('\n').Any(l => l.StartsWith("kind:", StringComparison.Ordinal)) ? Manifest.Parse($"controls/{name}.yaml", text).Objects : [],
            [.. used.Union(named).Order(StringComparer.Ordinal)], [.. needed]);
    }

    /// <summary>An object's kind, with its group where it has one.</summary>
    internal static string Kind(JsonObject @object) => $"{(string)@object["kind"]!}{(((string)@object["apiVersion"]!).Split('/') is [var group, _] ? "." + group : "")}";

    // "Placeholders: NAMESPACE (the tenant's), GPUS (how many it may hold at once)."
    [GeneratedRegex(@"(?<=Placeholders?: )([A-Z_]+( \([^)]*\))?,? ?)+")]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\([^)]*\)")]
    private static partial Regex Remark();

    [GeneratedRegex("[A-Z_]+")]
    private static partial Regex Word();
}
