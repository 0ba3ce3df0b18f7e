using SecuritySpecs.Mutation;

namespace SecuritySpecs.Tool.Mutate;

/// <summary>Which scenario killed which mutants, learnt from runs: <c>killers.json</c> beside this file. It decides only who is asked first.</summary>
internal sealed partial class Killers
{
    private const string FileName = "support/Tool/Mutate/killers.json";
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly string _path;

    // By "file#operator", then by scenario: how many mutants it has killed.
    private readonly SortedDictionary<string, SortedDictionary<string, int>> _kills;

    private Killers(string path, SortedDictionary<string, SortedDictionary<string, int>> kills) => (_path, _kills) = (path, kills);

    /// <summary>Reads what was learnt.</summary>
    /// <param name="root">The repository.</param>
    public static Killers Read(string root)
    {
        var path = Path.Combine(root, FileName);
        var read = File.Exists(path) ? JsonSerializer.Deserialize<SortedDictionary<string, SortedDictionary<string, int>>>(File.ReadAllText(path))! : [];
        return new(path, read);
    }

    /// <summary>How likely a scenario kills a mutant: what it has killed of the same operator counts most, then what of the same file.</summary>
    public double Score(Mutant mutant, string scenario)
    {
        var same = _kills.GetValueOrDefault(Key(mutant.File, mutant.Operator))?.GetValueOrDefault(scenario) ?? 0;
        var ofFile = _kills.Where(k => k.Key.StartsWith(mutant.File + "#", StringComparison.Ordinal)).Sum(k => k.Value.GetValueOrDefault(scenario));
        return (1000.0 * same) + (IsAbout(mutant, scenario) ? 100 : 0) + ofFile;
    }

    // A scenario whose title has the name of the object that is changed: "The tenant admin holds ..." for Role/tenant-admin.
    private static bool IsAbout(Mutant mutant, string scenario) => ObjectName().Match(mutant.Id) is { Success: true } match
        && match.Groups[1].Value.Split('-').Where(w => w != "NAME").All(w => scenario.Contains(w, StringComparison.OrdinalIgnoreCase));

    /// <summary>Takes what a run has shown.</summary>
    public void Learn(IEnumerable<MutantResult> results)
    {
        foreach (var result in results.Where(r => r.Verdict == MutantVerdict.Killed))
        {
            var (key, scenario) = (Key(result.File, result.Operator), result.Trials.First(Judge.IsKill).Scenario);
            if (!_kills.TryGetValue(key, out var kills))
                _kills[key] = kills = new(StringComparer.Ordinal);
            kills[scenario] = kills.GetValueOrDefault(scenario) + 1;
        }
    }

    /// <summary>Writes what was learnt.</summary>
    public void Write() => File.WriteAllText(_path, JsonSerializer.Serialize(_kills, Written) + "\n");

    [GeneratedRegex(@"#[a-z-]+:\w+/([^/]+)")]
    private static partial Regex ObjectName();

    private static string Key(string file, string @operator) => $"{file}#{@operator}";
}
