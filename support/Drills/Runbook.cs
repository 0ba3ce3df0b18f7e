using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Drills;

/// <summary>What a platform team does when it meets the mistake of a drill for real: a row of features/50-break-it-drills/runbooks.yaml.</summary>
/// <param name="Drill">As in the tag <c>@drill:NAME</c>.</param>
/// <param name="Line">Where it begins in the file.</param>
/// <param name="Mistake">Who makes the mistake, and why.</param>
/// <param name="Symptom">How one would notice it in production.</param>
/// <param name="Triage">What one asks first.</param>
/// <param name="Query">A line for a shell with kubectl that shows the mistake. Placeholders: <c>{TENANT}</c>, <c>{drill}</c>.</param>
/// <param name="Finds">What the query prints while the mistake is there, as a regular expression.</param>
/// <param name="Otherwise">What it prints without the mistake.</param>
/// <param name="Fix">What ends it.</param>
/// <param name="Verification">How one sees that it has ended.</param>
/// <param name="Prevention">What keeps it from coming back.</param>
public sealed partial record Runbook(
    string Drill, int Line, string Mistake, string Symptom, string Triage, string Query, Regex Finds, Regex Otherwise, string Fix, string Verification, string Prevention)
{
    /// <summary>The file, from the root of the repository.</summary>
    public const string FileName = "features/50-break-it-drills/runbooks.yaml";

    /// <summary>How the tag begins of the scenario that plays a drill.</summary>
    public const string Tag = "drill:";

    private static readonly string[] Required = ["drill", "mistake", "symptom", "triage", "query", "finds", "otherwise", "fix", "verification", "prevention"];

    /// <summary>Where the mistake was made in public; null where no such case is known.</summary>
    public string? Incident { get; init; }

    /// <summary>How the ids of the mutants begin that are the same mistake: <c>FILE#OPERATOR</c>. Null where no file under test has the mistake.</summary>
    public string? Mutant { get; init; }

    /// <summary>Reads the runbooks of a repository.</summary>
    /// <exception cref="BadInputException">One is malformed or there twice; file and line are named.</exception>
    public static IReadOnlyList<Runbook> Read(string root) => Parse(TextFile.Read(Path.Combine(root, FileName), FileName));

    /// <summary>Reads a text of runbooks.</summary>
    /// <exception cref="BadInputException">One is malformed or there twice; file and line are named.</exception>
    public static IReadOnlyList<Runbook> Parse(string text)
    {
        var (file, read) = (new YamlFile(FileName), new List<Runbook>());
        foreach (var node in file.Items(file.Fields(file.Parse(text), "runbooks", ["runbooks"])["runbooks"], "runbooks"))
        {
            var fields = file.Fields(node, "runbook", Required, ["incident", "mutant"]);
            if (read.Exists(r => r.Drill == Of("drill")))
                throw file.Error(node, $"runbook \"{Of("drill")}\" is there twice");
            read.Add(new(Of("drill"), (int)node.Start.Line, Of("mistake"), Of("symptom"), Of("triage"), Of("query"), Pattern("finds"), Pattern("otherwise"), Of("fix"), Of("verification"), Of("prevention"))
            {
                Incident = Optional("incident"), Mutant = Optional("mutant"),
            });

            string Of(string field) => file.Text(fields[field], field);
            string? Optional(string field) => fields.ContainsKey(field) ? Of(field) : null;

            Regex Pattern(string field)
            {
                try
                {
                    return new(Of(field), RegexOptions.Singleline, TimeSpan.FromSeconds(1));
                }
                catch (ArgumentException e)
                {
                    throw file.Error(fields[field], $"{field}: {e.Message}");
                }
            }
        }

        return read;
    }

    /// <summary>The query for a cluster.</summary>
    /// <param name="values">What stands for the placeholders, by their names.</param>
    /// <exception cref="ArgumentException">The query has a placeholder that is not among them.</exception>
    public string QueryFor(IReadOnlyDictionary<string, string> values) => Placeholder().Replace(Query, m => values.TryGetValue(m.Groups[1].Value, out var value) ? value
        : throw new ArgumentException($"{FileName}:{Line}: the query has {m.Value}, but there are only: {string.Join(", ", values.Keys.Select(k => $"{{{k}}}"))}."));

    // Of what jsonpath has in braces only {end} is a mere word.
    [GeneratedRegex(@"\{(?!end\})([a-z]+)\}")]
    private static partial Regex Placeholder();
}
