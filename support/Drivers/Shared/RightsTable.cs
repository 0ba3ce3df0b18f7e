using SecuritySpecs.Kube.Files;
using YamlDotNet.RepresentationModel;

namespace SecuritySpecs.Drivers.Shared;

/// <summary>The rights that the specification wants each account to have: <c>features/rights.yaml</c>.</summary>
public static class RightsTable
{
    private const string FileName = "features/rights.yaml";
    private static readonly YamlFile File = new(FileName);

    /// <summary>The rights of somebody, each as <see cref="RightsDriver"/> tells it.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="who">As features call him, without an article.</param>
    /// <exception cref="BadInputException">The file does not have him, or is not as wanted.</exception>
    public static IReadOnlyList<string> Of(string root, string who)
    {
        var document = File.Read(Path.Combine(root, FileName));
        var row = File.Items(File.Fields(document, "rights", ["rights"])["rights"], "rights").Select(r => File.Fields(r, "account", ["who", "may"]))
            .FirstOrDefault(r => File.Text(r["who"], "who") == who) ?? throw File.Error(document, $"it does not say what the {who} may do");
        return [.. File.Items(row["may"], "may").SelectMany(Rights).Distinct().Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Rights(YamlNode node)
    {
        var right = File.Fields(node, "right", ["verbs"], ["resources", "names", "urls", "in"]);
        var @in = right.TryGetValue("in", out var place) ? " in " + File.Text(place, "in") : "";
        foreach (var verb in Texts(right, "verbs"))
        {
            foreach (var url in Texts(right, "urls"))
                yield return $"{verb} {url}{@in}";
            foreach (var (resource, name) in Texts(right, "resources").SelectMany(r => Texts(right, "names").DefaultIfEmpty("").Select(n => (Resource(r), n))))
                yield return $"{verb} {resource}{(name.Length == 0 ? "" : " named " + name)}{@in}";
        }
    }

    private static List<string> Texts(IReadOnlyDictionary<string, YamlNode> fields, string field) =>
        fields.TryGetValue(field, out var list) ? [.. File.Items(list, field).Select(i => File.Text(i, field))] : [];

    private static string Resource(string text) => text.Split('.', 2) is [var resource, var group] ? $"{group}/{resource}" : text;
}
