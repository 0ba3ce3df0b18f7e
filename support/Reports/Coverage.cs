using SecuritySpecs.Kube.Files;
using YamlDotNet.RepresentationModel;

namespace SecuritySpecs.Reports;

/// <summary>Ids of a framework that no control names.</summary>
/// <param name="Ids">The ids; <c>1.1.1..21</c> is 1.1.1 to 1.1.21.</param>
/// <param name="Why">The reason.</param>
public sealed record NotCovered(IReadOnlyList<string> Ids, string Why);

/// <summary>A framework, beside what the controls say of it.</summary>
/// <param name="Name">With its version, as the controls have it.</param>
/// <param name="Ids">How many ids it has.</param>
/// <param name="NotCovered">Those that no control names, where somebody has judged them.</param>
/// <param name="NotJudged">How many ids no control names and nobody has judged.</param>
public sealed record FrameworkTable(string Name, int Ids, IReadOnlyList<NotCovered> NotCovered, int NotJudged);

/// <summary>A topic of the lesson.</summary>
/// <param name="Topic">Its title.</param>
/// <param name="Controls">The ids of the controls behind it.</param>
public sealed record LessonTopic(string Topic, IReadOnlyList<string> Controls);

/// <summary>What features/coverage.yaml says beside the catalogue: what is not covered, and the lesson's topics.</summary>
/// <param name="Frameworks">The frameworks of the catalogue, in its order.</param>
/// <param name="Lesson">The topics, in the lesson's order.</param>
public sealed record Coverage(IReadOnlyList<FrameworkTable> Frameworks, IReadOnlyList<LessonTopic> Lesson)
{
    /// <summary>The file, as its author knows it.</summary>
    public const string FileName = "features/coverage.yaml";

    /// <summary>Reads the file of a repository.</summary>
    /// <exception cref="BadInputException">It is not as wanted; file and line are named.</exception>
    public static Coverage Read(string root, Catalogue catalogue) => Parse(TextFile.Read(Path.Combine(root, FileName), FileName), catalogue, FrameworkIds.Read(root));

    /// <summary>Reads the file's text.</summary>
    /// <exception cref="BadInputException">It is malformed, names an id or a control that does not exist, an id that a control covers, or one twice.</exception>
    public static Coverage Parse(string text, Catalogue catalogue, FrameworkIds known)
    {
        var file = new YamlFile(FileName);
        var top = file.Fields(file.Parse(text), "coverage", ["not-covered", "lesson"]);
        var reasons = file.Fields(top["not-covered"], "not-covered", [], [.. catalogue.Frameworks.Keys]);
        return new(
            [.. catalogue.Frameworks.Select(f => Table(file, f.Key, f.Value, reasons.GetValueOrDefault(f.Key), catalogue, known))],
            [.. file.Items(top["lesson"], "lesson").Select(n => Topic(file, n, catalogue))]);
    }

    private static FrameworkTable Table(YamlFile file, string key, string name, YamlNode? reasons, Catalogue catalogue, FrameworkIds known)
    {
        var named = catalogue.Rows.Where(r => r.Planned is null).SelectMany(r => r.Frameworks.GetValueOrDefault(key) ?? []).ToHashSet();
        var rows = new List<NotCovered>();
        foreach (var node in reasons is null ? [] : file.Items(reasons, key))
        {
            var row = file.Fields(node, key, ["ids", "why"]);
            var ids = file.Items(row["ids"], "ids");
            foreach (var (at, id) in ids.SelectMany(i => (FrameworkIds.Expanded(file.Text(i, "id")) ?? [file.Text(i, "id")]).Select(id => (i, id))))
            {
                if (known.Problem(key, id) is { } problem)
                    throw file.Error(at, problem);
                if (!named.Add(id))
                    throw file.Error(at, $"{key}: \"{id}\" is there twice, or a control of the catalogue names it");
            }

            rows.Add(new([.. ids.Select(i => file.Text(i, "id"))], file.Text(row["why"], "why")));
        }

        var all = known.Of(key).Count;
        return new(name, all, rows, all - named.Count);
    }

    private static LessonTopic Topic(YamlFile file, YamlNode node, Catalogue catalogue)
    {
        var row = file.Fields(node, "topic", ["topic", "controls"]);
        return new(file.Text(row["topic"], "topic"), [.. file.Items(row["controls"], "controls").Select(c =>
            catalogue.Rows.Any(r => r.Id == file.Text(c, "control")) ? file.Text(c, "control") : throw file.Error(c, $"features/catalogue.yaml has no control \"{c}\""))]);
    }
}
