using SecuritySpecs.Kube.Files;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SecuritySpecs.Kube.Manifests;

/// <summary>
/// The Kubernetes objects of a YAML file under fleet-fixtures, with <c>${NAME}</c> placeholders filled in. It means what it
/// means to kubectl.
/// </summary>
/// <param name="File">The file, relative to fleet-fixtures, for messages.</param>
/// <param name="Objects">The objects, in the file's order.</param>
public sealed partial record Manifest(string File, IReadOnlyList<JsonObject> Objects)
{
    // The kinds of files of a component: they are no objects of the API, and some components refuse a name in them.
    private static readonly string[] Nameless = ["EncryptionConfiguration", "Policy"];

    /// <summary>The file as its author knows it, for messages.</summary>
    public string Told { get; init; } = $"fleet-fixtures/{File}";

    /// <summary>What a mistake has taken out of the file. On a cluster that other runs have used it may be there.</summary>
    public IReadOnlyList<JsonObject> TakenOut { get; init; } = [];

    /// <summary>Reads a file.</summary>
    /// <param name="folder">The folder that <paramref name="file"/> is relative to.</param>
    /// <param name="file">For example <c>controls/gpu-quota.yaml</c>.</param>
    /// <param name="values">A value for each placeholder in the file.</param>
    /// <exception cref="BadInputException">The file is missing, no YAML, holds no Kubernetes object, or a placeholder has no value.</exception>
    public static Manifest Load(string folder, string file, IReadOnlyDictionary<string, string> values) => Fill(file, TextFile.Read(Path.Combine(folder, file), file), values);

    /// <summary>Reads a text that has placeholders; <paramref name="file"/> is named in errors.</summary>
    /// <exception cref="BadInputException">It is no YAML, holds no Kubernetes object, or a placeholder has no value.</exception>
    public static Manifest Fill(string file, string text, IReadOnlyDictionary<string, string> values) => Parse(file, FillText(file, text, values));

    /// <summary>A text with its placeholders filled in; <paramref name="file"/> is named in errors.</summary>
    /// <exception cref="BadInputException">A placeholder has no value.</exception>
    public static string FillText(string file, string text, IReadOnlyDictionary<string, string> values) =>
        string.Join('\n', text.Split('\n').Select((line, i) => Fill(line, file, i + 1, values)));

    /// <summary>The names of the placeholders in a text, sorted.</summary>
    public static IReadOnlyList<string> Placeholders(string text) => [.. Placeholder().Matches(text).Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Reads the objects of a YAML text; <paramref name="file"/> is named in errors.</summary>
    /// <exception cref="BadInputException">It is no YAML or holds no Kubernetes object.</exception>
    public static Manifest Parse(string file, string text) => new(file, [.. Documents(file, text).Select(d => d.Object)]);

    /// <summary>The objects of a YAML text, each as it is written; documents without content are passed over, as kubectl does.</summary>
    /// <exception cref="BadInputException">It is no YAML or holds no Kubernetes object.</exception>
    internal static IReadOnlyList<(YamlMappingNode Written, JsonObject Object)> Documents(string file, string text)
    {
        var written = YamlText.Documents(file, text).Select(d => d.RootNode).Where(r => r is not YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" });
        var objects = written.Select(r => (Object: Object(file, r), Written: (YamlMappingNode)r)).Select(o => (o.Written, o.Object)).ToList();
        return objects.Count > 0 ? objects : throw new BadInputException(file, 1, "holds no Kubernetes object");
    }

    private static JsonObject Object(string file, YamlNode root)
    {
        var line = (int)root.Start.Line;
        if (new YamlJson(file).Of(root) is not JsonObject @object)
            throw new BadInputException(file, line, "is not a Kubernetes object: expected a mapping with apiVersion, kind and metadata.name");
        foreach (var (field, value) in (IEnumerable<(string, JsonNode?)>)
            [("apiVersion", @object["apiVersion"]), ("kind", @object["kind"]), ("metadata.name", (@object["metadata"] as JsonObject)?["name"])])
        {
            if (value is null && field == "metadata.name" && Nameless.Contains((string)@object["kind"]!))
                continue;
            if (value is null)
                throw new BadInputException(file, line, $"is not a Kubernetes object: it has no {field}");
            if (value.GetValueKind() != JsonValueKind.String)
                throw new BadInputException(file, line, $"is not a Kubernetes object: its {field} is {value.ToJsonString()}, not a text; put a number, yes, no, y or n in quotes");
        }

        var (version, name) = ((string)@object["apiVersion"]!, (string)@object["kind"]!);
        if (BuiltInKinds.Lack(version, name))
            throw new BadInputException(file, LineOf((YamlMappingNode)root, "kind"), $"{version} has no kind \"{name}\"; {BuiltInKinds.Hint(version, name)}");
        return @object;
    }

    private static int LineOf(YamlMappingNode map, string key) =>
        (int)(map.Children.Keys.FirstOrDefault(k => k is YamlScalarNode s && s.Value == key) ?? map).Start.Line;

    private static string Fill(string line, string file, int number, IReadOnlyDictionary<string, string> values) =>
        Placeholder().Replace(line, match => values.TryGetValue(match.Groups[1].Value, out var value)
            ? value
            : throw new BadInputException(file, number, $"{match.Value} has no value; known are {string.Join(", ", values.Keys.Order())}"));

    [GeneratedRegex(@"\$\{([A-Z_]+)\}")]
    private static partial Regex Placeholder();
}
