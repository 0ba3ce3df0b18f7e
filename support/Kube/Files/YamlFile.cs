using YamlDotNet.RepresentationModel;

namespace SecuritySpecs.Kube.Files;

/// <summary>A YAML file of the project's own, read strictly: every complaint names file and line and says what is allowed.</summary>
/// <param name="name">The file as its author knows it.</param>
public sealed class YamlFile(string name)
{
    /// <summary>The document of a file.</summary>
    /// <exception cref="BadInputException">It is missing, no YAML, or not one mapping.</exception>
    public YamlMappingNode Read(string path) => Parse(TextFile.Read(path, name));

    /// <summary>The document of a text.</summary>
    /// <exception cref="BadInputException">It is no YAML, or not one mapping.</exception>
    public YamlMappingNode Parse(string text) =>
        YamlText.Documents(name, text) is [{ RootNode: YamlMappingNode map }] ? map : throw new BadInputException(name, 1, "expected one mapping");

    /// <summary>The values of a mapping whose keys must be of a known set.</summary>
    /// <param name="node">The mapping.</param>
    /// <param name="what">What it describes, for messages.</param>
    /// <param name="required">Keys that must be there.</param>
    /// <param name="optional">Keys that may be there.</param>
    /// <exception cref="BadInputException">It is no mapping, has an unknown key or lacks one.</exception>
    public IReadOnlyDictionary<string, YamlNode> Fields(YamlNode node, string what, string[] required, string[]? optional = null)
    {
        if (node is not YamlMappingNode map)
            throw Error(node, $"{what}: expected a mapping");
        var fields = new Dictionary<string, YamlNode>();
        var known = required.Concat(optional ?? []).ToArray();
        foreach (var (at, value) in map.Children)
        {
            var key = Text(at, what);
            if (!known.Contains(key))
                throw Error(at, $"{what}: unknown key \"{key}\"; allowed are {string.Join(", ", known)}");
            if (!fields.TryAdd(key, value))
                throw Error(at, $"{what}: {key} is there twice");
        }

        foreach (var key in required.Where(k => !fields.ContainsKey(k)))
            throw Error(node, $"{what}: {key} is missing; wanted are {string.Join(", ", required)}");
        return fields;
    }

    /// <summary>The keys and values of a mapping whose keys may be any.</summary>
    /// <exception cref="BadInputException">It is no mapping.</exception>
    public IReadOnlyList<KeyValuePair<YamlNode, YamlNode>> Map(YamlNode node, string what) =>
        node is YamlMappingNode map ? [.. map.Children] : throw Error(node, $"{what}: expected a mapping");

    /// <summary>The items of a list.</summary>
    /// <exception cref="BadInputException">It is no list.</exception>
    public IReadOnlyList<YamlNode> Items(YamlNode node, string what) =>
        node is YamlSequenceNode list ? [.. list.Children] : throw Error(node, $"{what}: expected a list");

    /// <summary>A text that is not empty.</summary>
    /// <exception cref="BadInputException">It is something else.</exception>
    public string Text(YamlNode node, string what) =>
        node is YamlScalarNode { Value: { Length: > 0 } text } ? text : throw Error(node, $"{what}: expected a text");

    /// <summary>A whole number of at least <paramref name="least"/>, read as kubectl reads one.</summary>
    /// <exception cref="BadInputException">It is something else.</exception>
    public int Number(YamlNode node, string what, int least) =>
        node is YamlScalarNode { Tag.IsEmpty: true } scalar && YamlScalar.Read(scalar) is long number && number >= least && number <= int.MaxValue
            ? (int)number
            : throw Error(node, $"{what}: expected a whole number of at least {least}, but found \"{node}\"");

    /// <summary>The error for a place in the file.</summary>
    public BadInputException Error(YamlNode at, string problem) => new(name, (int)at.Start.Line, problem);
}
