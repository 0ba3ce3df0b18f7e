namespace SecuritySpecs.Kube.Manifests;

/// <summary>
/// Files of controls as kustomize takes them: a base, and a component for each. What a file says about the tenant's namespace becomes
/// a patch, so that each component adds its labels and annotations to those of the others. Applied one after the other by one manager,
/// plain files take them away from each other.
/// </summary>
/// <param name="base">The file that makes the namespace: its name, and its text without placeholders.</param>
/// <param name="components">The files of the components, likewise, in the order in which they are listed.</param>
/// <param name="namespace">The tenant's namespace.</param>
public sealed partial class KustomizeTree((string Name, string Text) @base, IReadOnlyList<(string Name, string Text)> components, string @namespace)
{
    private const string ApiVersion = "kustomize.config.k8s.io";

    /// <summary>The files, by their path in the folder that <c>kubectl apply -k</c> is given.</summary>
    /// <param name="labels">Labels for all objects; empty for none.</param>
    /// <exception cref="BadInputException">A text is no YAML, or holds no Kubernetes object.</exception>
    public IReadOnlyDictionary<string, string> Files(IReadOnlyDictionary<string, string> labels)
    {
        var files = new Dictionary<string, string>
        {
            ["kustomization.yaml"] = Text("v1beta1", "Kustomization", List("resources", [@base.Name]), List("components", components.Select(c => $"components/{c.Name}")), LabelsOf(labels)),
            [$"{@base.Name}/kustomization.yaml"] = Text("v1beta1", "Kustomization", List("resources", [$"{@base.Name}.yaml"])),
            [$"{@base.Name}/{@base.Name}.yaml"] = @base.Text,
        };
        foreach (var (name, text) in components)
            Add(files, name, text);
        return files;
    }

    /// <summary>A text without what keeps scenarios apart, which a platform has no use for.</summary>
    public static string WithoutScenario(string text) => OfScenarios().Replace(text, "");

    private void Add(Dictionary<string, string> files, string name, string text)
    {
        var documents = Separator().Split(text).Where(d => d.Trim().Length > 0).Select(d => d.Trim('\n') + "\n").ToLookup(d => IsAboutNamespace(name, d));
        var (patch, objects) = (string.Concat(documents[true]), string.Join("---\n", documents[false]));
        files[$"components/{name}/kustomization.yaml"] = Text("v1alpha1", "Component",
            objects.Length > 0 ? List("resources", [$"{name}.yaml"]) : "", patch.Length > 0 ? List("patches", ["path: namespace.yaml"]) : "");
        if (objects.Length > 0)
            files[$"components/{name}/{name}.yaml"] = objects;
        if (patch.Length > 0)
            files[$"components/{name}/namespace.yaml"] = patch;
    }

    private bool IsAboutNamespace(string name, string document) => Manifest.Parse(name, document).Objects is [var only]
        && (string)only["kind"]! == "Namespace" && (string)only["metadata"]!["name"]! == @namespace;

    private static string Text(string version, string kind, params string[] sections) => $"apiVersion: {ApiVersion}/{version}\nkind: {kind}\n{string.Concat(sections)}";

    private static string List(string name, IEnumerable<string> items) => $"{name}:\n{string.Concat(items.Select(i => $"  - {i}\n"))}";

    private static string LabelsOf(IReadOnlyDictionary<string, string> labels) =>
        labels.Count == 0 ? "" : $"labels:\n  - pairs:\n{string.Concat(labels.Select(l => $"      {l.Key}: \"{l.Value}\"\n"))}";

    [GeneratedRegex("^---\n", RegexOptions.Multiline)]
    private static partial Regex Separator();

    // The line of a binding, with the comment before it.
    [GeneratedRegex("^ *# Leave this out on a platform.*\n|^ *- \\{key: security.specs/scenario,.*\n", RegexOptions.Multiline)]
    private static partial Regex OfScenarios();
}
