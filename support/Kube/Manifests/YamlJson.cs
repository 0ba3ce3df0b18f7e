using SecuritySpecs.Kube.Files;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SecuritySpecs.Kube.Manifests;

/// <summary>Makes JSON of YAML as kubectl does before it sends it: scalars, keys and merges (<c>&lt;&lt;</c>) mean the same.</summary>
/// <param name="file">The file, for messages.</param>
internal sealed class YamlJson(string file)
{
    private const string Merge = "<<";

    /// <summary>The JSON of a node.</summary>
    /// <exception cref="BadInputException">JSON cannot say it, or this does not read it.</exception>
    public JsonNode? Of(YamlNode node) => node switch
    {
        YamlMappingNode map => Object(map),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Of)]),
        YamlScalarNode scalar => Value(scalar),
        _ => throw new InvalidOperationException($"YAML node {node.GetType().Name}"),
    };

    private JsonObject Object(YamlMappingNode map)
    {
        var @object = new JsonObject();
        var seen = new HashSet<string>();
        foreach (var (key, value) in map.Children)
        {
            if (key is YamlScalarNode { Style: ScalarStyle.Plain, Value: Merge })
            {
                foreach (var (name, merged) in Merged(value))
                    @object[name] = merged?.DeepClone();
                continue;
            }

            var field = Key(key);
            if (!seen.Add(field))
                throw Error(key, $"the key \"{field}\" is there twice");
            @object[field] = Of(value);
        }

        return @object;
    }

    // Of several mappings the first has precedence.
    private IEnumerable<KeyValuePair<string, JsonNode?>> Merged(YamlNode node) => node switch
    {
        YamlMappingNode map => Object(map),
        YamlSequenceNode list when list.Children.All(c => c is YamlMappingNode) => list.Children.Reverse().SelectMany(Merged),
        _ => throw Error(node, "expected a mapping or a list of mappings to merge"),
    };

    private string Key(YamlNode node) => (node is YamlScalarNode scalar ? Read(scalar) : null) switch
    {
        string text => text,
        bool yes => yes ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        _ => throw Error(node, $"expected a text as the key, but found {node}: put it in quotes"),
    };

    private JsonValue? Value(YamlScalarNode scalar) => Read(scalar) switch
    {
        null => null,
        bool yes => JsonValue.Create(yes),
        long number => JsonValue.Create(number),
        ulong number => JsonValue.Create(number),
        double number when !double.IsFinite(number) => throw Error(scalar, $"JSON has no number {scalar.Value}: put it in quotes"),
        // 1e16 would be written as 1E+16, which the API server does not take for an integer.
        double number when double.IsInteger(number) && Math.Abs(number) < long.MaxValue => JsonValue.Create((long)number),
        double number => JsonValue.Create(number),
        var text => JsonValue.Create((string)text),
    };

    private object? Read(YamlScalarNode scalar)
    {
        try
        {
            return YamlScalar.Read(scalar);
        }
        catch (NotSupportedException e)
        {
            throw Error(scalar, e.Message);
        }
    }

    private BadInputException Error(YamlNode at, string problem) => new(file, (int)at.Start.Line, problem);
}
