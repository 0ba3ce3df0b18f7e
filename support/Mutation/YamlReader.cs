using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Mutation;

/// <summary>Reads YAML as JSON, with the placeholders as they stand.</summary>
internal static class YamlReader
{
    /// <summary>The documents of a file.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="BadInputException">It is no YAML, or holds something other than mappings.</exception>
    public static List<JsonObject> All(string file, string text) => [.. YamlText.Documents(file, text).Select(d => new YamlJson(file).Of(d.RootNode) as JsonObject
        ?? throw new BadInputException(file, (int)d.RootNode.Start.Line, "a mapping is wanted"))];

    /// <summary>The one document of a text that stands in another file.</summary>
    public static JsonNode One(string text) => All("a text in a manifest", text).Single();
}
