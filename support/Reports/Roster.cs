namespace SecuritySpecs.Reports;

/// <summary>A scenario that a run is to give a verdict on.</summary>
/// <param name="Id">The test runner's id of it.</param>
/// <param name="Name">For people: the feature's title, the scenario's, and an example's values.</param>
public sealed record RosterEntry(string Id, string Name);

/// <summary>
/// Who is to have a verdict, and who has one: a line each in a file, so that it is known even where the test process dies in the
/// middle of a run. Each scenario that was selected has exactly one verdict, or the run is in error.
/// </summary>
public sealed class Roster : IDisposable
{
    /// <summary>The file's name among the results.</summary>
    public const string FileName = "roster.ndjson";

    private const int MostNamed = 20;
    private readonly Lock _lock = new();
    private readonly List<RosterEntry> _selected = [];
    private readonly List<RosterEntry> _verdicts = [];
    private readonly StreamWriter? _file;

    private Roster(StreamWriter? file) => _file = file;

    /// <summary>Begins a run's.</summary>
    /// <param name="folder">Of the results.</param>
    /// <param name="selected">Whom the filter selected.</param>
    public static Roster Begin(string folder, IReadOnlyList<RosterEntry> selected)
    {
        Directory.CreateDirectory(folder);
        var roster = new Roster(new(Path.Combine(folder, FileName)) { AutoFlush = true });
        foreach (var entry in selected)
            roster.Keep(new(Line.SelectedKind, entry.Id, entry.Name));
        return roster;
    }

    /// <summary>Reads the one that a run left; null where it left none.</summary>
    /// <param name="folder">Of the results.</param>
    public static Roster? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        var roster = new Roster(null);
        foreach (var line in File.ReadLines(path))
        {
            // The last one may be half a line where the process died over it.
            try { roster.Take(JsonSerializer.Deserialize<Line>(line)!); }
            catch (JsonException) { break; }
        }

        return roster;
    }

    /// <summary>A scenario has its verdict.</summary>
    /// <param name="id">The test runner's id of it.</param>
    /// <param name="name">For people, where nobody selected it.</param>
    public void AddVerdict(string id, string name) => Keep(new(Line.VerdictKind, id, name));

    /// <summary>How many were selected.</summary>
    public int Count => _selected.Count;

    /// <summary>Everything that is wrong, a sentence a kind, with names; empty where each has exactly one verdict.</summary>
    public IReadOnlyList<string> Problems()
    {
        lock (_lock)
        {
            var verdicts = _verdicts.ToLookup(v => v.Id);
            var ids = _selected.Select(s => s.Id).ToHashSet();
            return
            [
                .. Told("without a verdict", _selected.Where(s => !verdicts.Contains(s.Id))),
                .. Told("with more than one verdict", verdicts.Where(v => v.Count() > 1).Select(v => _selected.Find(s => s.Id == v.Key) ?? v.First())),
                .. Told("with a verdict although the filter did not select it", _verdicts.Where(v => !ids.Contains(v.Id))),
                .. _selected.Count == 0 ? ["The run selected no scenario."] : (string[])[],
            ];
        }
    }

    /// <summary>Ends the file.</summary>
    public void Dispose() => _file?.Dispose();

    private static IEnumerable<string> Told(string what, IEnumerable<RosterEntry> entries)
    {
        var names = entries.Select(e => e.Name).Order(StringComparer.Ordinal).ToList();
        if (names.Count > 0)
            yield return $"{names.Count} {(names.Count == 1 ? "scenario" : "scenarios")} {what}: {string.Join("; ", names.Take(MostNamed))}{(names.Count > MostNamed ? "; ..." : "")}";
    }

    private void Keep(Line line)
    {
        lock (_lock)
        {
            Take(line);
            _file?.WriteLine(JsonSerializer.Serialize(line));
        }
    }

    private void Take(Line line) => (line.Kind == Line.SelectedKind ? _selected : _verdicts).Add(new(line.Id, line.Name));

    private sealed record Line(string Kind, string Id, string Name)
    {
        public const string SelectedKind = "selected";
        public const string VerdictKind = "verdict";
    }
}
