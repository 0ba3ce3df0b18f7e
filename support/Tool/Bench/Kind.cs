using SecuritySpecs.Kube.Files;
using YamlDotNet.RepresentationModel;

namespace SecuritySpecs.Tool.Bench;

/// <summary>A kind of scenario, by what it costs: the features that are of it, and its budget. They are data: <c>kinds.yaml</c> beside this file.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Features">Its feature files, relative to the repository.</param>
/// <param name="Budget">The most that a scenario may take.</param>
internal sealed record Kind(string Name, IReadOnlyList<string> Features, Budget Budget)
{
    /// <summary>Where the data is.</summary>
    public const string FileName = "support/Tool/Bench/kinds.yaml";

    /// <summary>Reads the data.</summary>
    /// <param name="root">The repository.</param>
    /// <exception cref="BadInputException">It is not as wanted, or a feature is of no kind or of two; one that is named by itself is not of its folder's kind.</exception>
    public static IReadOnlyList<Kind> Read(string root)
    {
        var file = new YamlFile(FileName);
        var document = file.Read(Path.Combine(root, FileName));
        var read = file.Items(file.Fields(document, "the file", ["kinds"])["kinds"], "kinds").Select(node =>
        {
            var fields = file.Fields(node, "a kind", ["name", "features", "median-ms", "p95-ms", "cpu-ms"]);
            return (Name: file.Text(fields["name"], "name"), Places: file.Items(fields["features"], "features"), Budget: new Budget(Number("median-ms"), Number("p95-ms"), Number("cpu-ms")));

            double Number(string field) => file.Number(fields[field], field, 1) / 1000d;
        }).ToList();
        var features = FeatureIndex.Read(root).All.Select(p => p.Feature).Distinct().ToList();
        foreach (var place in read.SelectMany(k => k.Places).Where(p => !features.Exists(f => Is(p, f) || IsIn(p, f))))
            throw file.Error(place, $"features/{place} holds no scenario");
        var kindOf = features.ToDictionary(f => f, f => Of(f, Is) ?? Of(f, IsIn) ?? throw file.Error(document, $"{f} is of no kind"));
        return [.. read.Select(k => new Kind(k.Name, [.. features.Where(f => kindOf[f] == k.Name)], k.Budget))];

        bool Is(YamlNode place, string feature) => feature == $"features/{file.Text(place, "features")}";
        bool IsIn(YamlNode place, string feature) => feature.StartsWith($"features/{file.Text(place, "features")}/", StringComparison.Ordinal);

        string? Of(string feature, Func<YamlNode, string, bool> holds) => read.SelectMany(k => k.Places.Where(p => holds(p, feature)).Select(_ => k.Name)).ToList() switch
        {
            [] => null,
            [var one] => one,
            var many => throw file.Error(document, $"{feature} is of {string.Join(" and ", many)}"),
        };
    }
}

/// <summary>The most that a scenario of a kind may take.</summary>
/// <param name="Median">Seconds of wall time, by half of the scenarios.</param>
/// <param name="P95">Seconds of wall time, by all but one in twenty.</param>
/// <param name="Cpu">Seconds of processor time, on average.</param>
internal sealed record Budget(double Median, double P95, double Cpu);
