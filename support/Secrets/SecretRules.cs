using SecuritySpecs.Kube.Files;
using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace SecuritySpecs.Secrets;

/// <summary>
/// The rules by which credentials are found, from a file in the shape of gitleaks' configuration
/// (https://github.com/gitleaks/gitleaks, README, "Configuration"), so that people can bring their own. Of it these are read:
/// <c>[[rules]]</c> with id, description, regex, secretGroup, keywords, entropy and allowlists, and the allowlist for all rules. What is
/// about files and commits (path, commits, paths) says nothing about objects of a cluster, and is passed over.
/// </summary>
public static partial class SecretRules
{
    /// <summary>The project's own rules, in the fixtures folder.</summary>
    public const string FileName = "secret-rules.toml";

    /// <summary>Reads the rules of a fixtures folder.</summary>
    /// <exception cref="BadInputException">The file is not as expected; file and line are named.</exception>
    public static IReadOnlyList<SecretRule> Read(string fixtures) => Parse($"fleet-fixtures/{FileName}", TextFile.Read(Path.Combine(fixtures, FileName), $"fleet-fixtures/{FileName}"));

    /// <summary>Reads rules.</summary>
    /// <param name="file">The file as its author knows it.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="BadInputException">It is not as expected; file and line are named.</exception>
    public static IReadOnlyList<SecretRule> Parse(string file, string text)
    {
        var document = SyntaxParser.Parse(text, file);
        if (document.Diagnostics.FirstOrDefault() is { } mistake)
            throw new BadInputException(file, mistake.Span.Start.Line + 1, $"is not TOML: {mistake.Message}");
        var lines = document.Tables.OfType<TableArraySyntax>().Where(t => t.Name?.ToString().Trim() == "rules").Select(t => t.Span.Start.Line + 1).ToList();
        var top = TomlSerializer.Deserialize<TomlTable>(text)!;
        var everywhere = new Allowances(Tables(top, "allowlists", file, 1).Concat(Table(top, "allowlist", file, 1)), file, 1);
        var read = Tables(top, "rules", file, 1).Zip(lines).Where(r => !IsOfFilesOnly(r.First))
            .Select(r => (Rule: new Reader(r.First, file, r.Second).Rule(everywhere), Line: r.Second)).ToList();
        if (read.Count == 0)
            throw new BadInputException(file, 1, "has no [[rules]]");
        if (read.GroupBy(r => r.Rule.Id).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new BadInputException(file, twice.Last().Line, $"rule \"{twice.Key}\" is there twice");
        return [.. read.Select(r => r.Rule)];
    }

    // Such as "a file whose name ends with .p12".
    private static bool IsOfFilesOnly(TomlTable rule) => !rule.ContainsKey("regex") && rule.ContainsKey("path");

    private static IEnumerable<TomlTable> Tables(TomlTable table, string key, string file, int line) => !table.TryGetValue(key, out var value) ? []
        : value as IEnumerable<TomlTable> ?? throw new BadInputException(file, line, $"{key}: expected a list of tables, [[{key}]]");

    private static IEnumerable<TomlTable> Table(TomlTable table, string key, string file, int line) => !table.TryGetValue(key, out var value) ? []
        : value is TomlTable one ? [one] : throw new BadInputException(file, line, $"{key}: expected a table, [{key}]");

    // The regular expressions of Go: what they write otherwise than .NET. They never go back, and so take no more than linear time.
    private static Regex Go(string pattern, string file, int line)
    {
        var text = NamedGroup().Replace(pattern, "(").Replace("[:alnum:]", "a-zA-Z0-9", StringComparison.Ordinal)
            .Replace("[:alpha:]", "a-zA-Z", StringComparison.Ordinal).Replace("[:digit:]", "0-9", StringComparison.Ordinal).Replace("[:xdigit:]", "0-9a-fA-F", StringComparison.Ordinal)
            .Replace("[:space:]", "\\s", StringComparison.Ordinal);
        try
        {
            return new(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new BadInputException(file, line, $"regex: {e.Message}");
        }
    }

    // Go counts groups with a name among the others, .NET after them.
    [GeneratedRegex(@"(?<!\\)\(\?P?<[A-Za-z_]\w*>")]
    private static partial Regex NamedGroup();

    private sealed class Allowances
    {
        public Allowances(IEnumerable<TomlTable> tables, string file, int line)
        {
            foreach (var reader in tables.Select(t => new Reader(t, file, line)))
            {
                Regexes.AddRange(reader.Texts("regexes").Select(r => Go(r, file, line)));
                Words.AddRange(reader.Texts("stopwords"));
            }
        }

        public List<Regex> Regexes { get; } = [];

        public List<string> Words { get; } = [];
    }

    private sealed class Reader(TomlTable table, string file, int line)
    {
        public SecretRule Rule(Allowances everywhere)
        {
            var own = new Allowances(Tables(table, "allowlists", file, line).Concat(Table(table, "allowlist", file, line)), file, line);
            return new(Text("id"), Text("description"), Go(Text("regex"), file, line), (int)Number("secretGroup"), Texts("keywords"), Number("entropy"),
                [.. everywhere.Regexes, .. own.Regexes], [.. everywhere.Words, .. own.Words])
            {
                Positive = Texts("positive"), NearMiss = Texts("near-miss"),
            };
        }

        public IReadOnlyList<string> Texts(string key) => !table.TryGetValue(key, out var value) ? []
            : value is TomlArray list && list.All(i => i is string) ? [.. list.Cast<string>()] : throw Error($"{key}: expected a list of texts");

        private string Text(string key) => !table.TryGetValue(key, out var value) ? throw Error($"{key} is missing")
            : value is string { Length: > 0 } text ? text : throw Error($"{key}: expected a text");

        private double Number(string key) => !table.TryGetValue(key, out var value) ? 0
            : value switch { long whole => whole, double number => number, _ => throw Error($"{key}: expected a number") };

        private BadInputException Error(string problem) =>
            new(file, line, $"rule {(table.TryGetValue("id", out var id) ? $"\"{id}\"" : "without an id")}: {problem}");
    }
}
