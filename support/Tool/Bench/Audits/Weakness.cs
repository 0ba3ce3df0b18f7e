using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Tool.Bench.Audits;

/// <summary>An object of a made-up cluster, with placeholders.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="Json">Its text.</param>
internal sealed record Template(string Kind, string Name, string Json);

/// <summary>Something wrong with an object of a made-up cluster.</summary>
/// <param name="Object">Its kind and name, with placeholders.</param>
/// <param name="Replace">What stands in its JSON where it is right.</param>
/// <param name="With">What stands there instead.</param>
/// <param name="Finds">What an audit must find, as CONTROL: OBJECT: PROBLEM.</param>
internal sealed record Weakness(string Object, string Replace, string With, IReadOnlyList<string> Finds)
{
    /// <summary>Reads the file.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="name">The file, relative to it.</param>
    /// <exception cref="BadInputException">It is not as wanted.</exception>
    public static IReadOnlyList<Weakness> Read(string root, string name)
    {
        var file = new YamlFile(name);
        var document = file.Read(Path.Combine(root, name));
        return [.. file.Items(file.Fields(document, "the file", ["weaknesses"])["weaknesses"], "weaknesses").Select(node =>
        {
            var fields = file.Fields(node, "a weakness", ["object", "replace", "with", "finds"]);
            var finds = file.Items(fields["finds"], "finds").Select(f => file.Text(f, "finds"));
            return new Weakness(Text("object"), Text("replace"), Text("with"), [.. finds]);

            string Text(string field) => file.Text(fields[field], field);
        })];
    }

    /// <summary>Whether it is in this object.</summary>
    public bool IsAbout(Template template) => Object == $"{template.Kind} {template.Name}";

    /// <summary>The text of an object with it.</summary>
    /// <exception cref="BadInputException">There is no such text.</exception>
    public string In(string json) => json.Contains(Replace, StringComparison.Ordinal)
        ? json.Replace(Replace, With, StringComparison.Ordinal)
        : throw new BadInputException("weaknesses.yaml", 0, $"{Object} has no text {Replace}: it has {json}");
}
