using System.Text.Json.Schema;
using System.Xml.Linq;

namespace SecuritySpecs.Tests;

/// <summary>The JSON schema beside the result model says what the model says: same names, same types, its XML docs as descriptions.</summary>
[TestFixture]
public sealed partial class PostureSchemaTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Test]
    public void The_schema_file_is_that_of_the_model()
    {
        var file = Path.Combine(RunOptions.FindRoot(), "support", "Reports", "posture.schema.json");
        var wanted = Generate().ToJsonString(Indented) + "\n";
        var received = Path.Combine(TestContext.CurrentContext.WorkDirectory, "posture.schema.json");
        File.WriteAllText(received, wanted);

        (File.Exists(file) ? File.ReadAllText(file) : "").Should().Be(wanted, "the model has changed: copy {0} to {1}", received, file);
    }

    private static JsonObject Generate()
    {
        var docs = Docs();
        var schema = Posture.JsonOptions.GetJsonSchemaAsNode(typeof(Posture), new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) =>
            {
                var key = context.PropertyInfo is { } property ? $"P:{property.DeclaringType.FullName}.{char.ToUpperInvariant(property.Name[0])}{property.Name[1..]}" : $"T:{context.TypeInfo.Type.FullName}";
                if (node is not JsonObject @object)
                    return node;
                if (docs.TryGetValue(key, out var text))
                    @object.Insert(0, "description", text);
                if (@object.ContainsKey("properties"))
                    @object.Add("additionalProperties", false);
                return node;
            },
        }).AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "SecuritySpecs posture");
        return schema;
    }

    // Of a record, the documentation of a property is that of its parameter.
    private static Dictionary<string, string> Docs()
    {
        var xml = XDocument.Load(Path.ChangeExtension(typeof(Posture).Assembly.Location, ".xml"));
        var docs = new Dictionary<string, string>();
        foreach (var member in xml.Descendants("member").Where(m => ((string)m.Attribute("name")!).StartsWith("T:", StringComparison.Ordinal)))
        {
            var name = ((string)member.Attribute("name")!)[2..];
            docs["T:" + name] = Plain(member.Element("summary")!);
            foreach (var parameter in member.Elements("param"))
                docs[$"P:{name}.{(string)parameter.Attribute("name")!}"] = Plain(parameter);
        }

        return docs;
    }

    private static string Plain(XElement element) =>
        Spaces().Replace(string.Concat(element.Nodes().Select(n => n is XElement { Name.LocalName: "see" } see ? ((string)see.Attribute("cref")!).Split('.')[^1] : n is XElement e ? e.Value : n.ToString())), " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
