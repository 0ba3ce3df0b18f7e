using SecuritySpecs.Kube.Files;
using SecuritySpecs.Reports.Phrases;
using YamlDotNet.RepresentationModel;

namespace SecuritySpecs.Reports;

/// <summary>A row of features/catalogue.yaml.</summary>
/// <param name="Id">As in the tag <c>@control:ID</c>.</param>
/// <param name="Title">For people.</param>
/// <param name="Section">The lesson's section: a folder under features/.</param>
/// <param name="Frameworks">Ids by framework key.</param>
/// <param name="Planned">Why no scenario stands for it yet; null when some do.</param>
public sealed record CatalogueRow(
    string Id, string Title, string Section, IReadOnlyDictionary<string, IReadOnlyList<string>> Frameworks, string? Planned)
{
    /// <summary>What happens where the control is missing, in one sentence; null only where it is planned.</summary>
    public string? Impact { get; init; }

    /// <summary>The enforcer that a program of this project stands in for: then nothing is proven about it. Null where the enforcer is the real one.</summary>
    public string? Simulated { get; init; }

    /// <summary>What no scenario of it can show, and why.</summary>
    public IReadOnlyDictionary<Shown, string> NotShown { get; init; } = new Dictionary<Shown, string>();
}

/// <summary>The controls and their framework ids: the one place that has them.</summary>
/// <param name="Frameworks">Name with version by key, for example <c>cis</c>: <c>CIS Kubernetes Benchmark (kube-bench cis-1.12)</c>.</param>
/// <param name="Rows">The controls in the lesson's order.</param>
public sealed record Catalogue(IReadOnlyDictionary<string, string> Frameworks, IReadOnlyList<CatalogueRow> Rows)
{
    private const string FileName = "features/catalogue.yaml";

    /// <summary>Reads features/catalogue.yaml of a repository.</summary>
    /// <exception cref="BadInputException">A row is malformed, doubled or names an unknown framework.</exception>
    public static Catalogue Read(string root) => Parse(TextFile.Read(Path.Combine(root, FileName), FileName), FrameworkIds.Read(root));

    /// <summary>Reads a catalogue's text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="known">The ids that exist; null to take every id.</param>
    /// <exception cref="BadInputException">A row is malformed, doubled, or names an unknown framework or an id that its framework lacks.</exception>
    public static Catalogue Parse(string text, FrameworkIds? known = null)
    {
        var file = new YamlFile(FileName);
        var top = file.Fields(file.Parse(text), "catalogue", ["frameworks", "controls"]);
        var frameworks = new Dictionary<string, string>();
        foreach (var (key, value) in file.Map(top["frameworks"], "frameworks"))
            frameworks[file.Text(key, "framework")] = file.Text(value, "framework");

        var rows = new List<CatalogueRow>();
        foreach (var node in file.Items(top["controls"], "controls"))
        {
            var row = file.Fields(node, "control", ["id", "title", "section"], ["impact", "planned", "simulated", "not-shown", .. frameworks.Keys]);
            var id = file.Text(row["id"], "id");
            if (rows.Any(r => r.Id == id))
                throw file.Error(row["id"], $"control \"{id}\" is there twice");
            if (!row.ContainsKey("impact") && !row.ContainsKey("planned"))
                throw file.Error(row["id"], $"control \"{id}\": impact is missing; say in one sentence what happens without the control");
            var ids = frameworks.Keys.Where(row.ContainsKey).ToDictionary(
                key => key, key => (IReadOnlyList<string>)[.. file.Items(row[key], key).Select(i => Id(file, i, key, known))]);
            rows.Add(new(id, file.Text(row["title"], "title"), file.Text(row["section"], "section"), ids,
                row.TryGetValue("planned", out var planned) ? file.Text(planned, "planned") : null)
            {
                Impact = row.TryGetValue("impact", out var impact) ? file.Text(impact, "impact") : null,
                Simulated = row.TryGetValue("simulated", out var simulated) ? file.Text(simulated, "simulated") : null,
                NotShown = row.TryGetValue("not-shown", out var reasons) ? Reasons(file, reasons) : new Dictionary<Shown, string>(),
            });
        }

        return new(frameworks, rows);
    }

    private static Dictionary<Shown, string> Reasons(YamlFile file, YamlNode node)
    {
        var fields = file.Fields(node, "not-shown", [], [.. Enum.GetNames<Shown>().Select(n => n.ToLowerInvariant())]);
        return fields.ToDictionary(f => Enum.Parse<Shown>(f.Key, ignoreCase: true), f => file.Text(f.Value, f.Key));
    }

    private static string Id(YamlFile file, YamlNode node, string framework, FrameworkIds? known)
    {
        var id = file.Text(node, framework);
        return known?.Problem(framework, id) is { } problem ? throw file.Error(node, problem) : id;
    }
}
