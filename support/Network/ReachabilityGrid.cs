namespace SecuritySpecs.Network;

/// <summary>Who reaches what, as a table for people: a row a pod, a column a target.</summary>
internal static class ReachabilityGrid
{
    private static readonly Dictionary<ProbeResult, (char Sign, string Meaning)> Signs = new()
    {
        [ProbeResult.Open] = ('+', "reached"), [ProbeResult.TimedOut] = ('-', "silence"), [ProbeResult.Refused] = ('x', "refused"),
        [ProbeResult.Unreachable] = ('!', "no way there"), [ProbeResult.Unresolved] = ('?', "unknown name"), [ProbeResult.CutOff] = ('/', "cut off"),
        [ProbeResult.SomebodyElse] = ('@', "somebody else answered"), [ProbeResult.Starved] = ('~', "too slow to tell"), [ProbeResult.NotAsked] = ('#', "could not be asked"),
    };

    /// <summary>A result in words.</summary>
    public static string MeaningOf(ProbeResult result) => Signs[result].Meaning;

    /// <summary>What is expected.</summary>
    public static string Of(IReadOnlyList<ExpectedCell> expected) =>
        string.Join('\n', Rows(expected, i => expected[i].Reached ? "+" : "-").Append("  + reached, - not reached"));

    /// <summary>What was seen; cells that differ from what is expected are marked.</summary>
    public static string Of(IReadOnlyList<ExpectedCell> expected, IReadOnlyList<Observation> seen)
    {
        var legend = seen.Select(s => s.Result).Distinct().Order().Select(v => $"{Signs[v].Sign} {Signs[v].Meaning}");
        var isMet = expected.Zip(seen).All(c => c.First.IsMetBy(c.Second));
        return string.Join('\n', [
            .. Rows(expected, i => $"{Signs[seen[i].Result].Sign}{(expected[i].IsMetBy(seen[i]) ? "" : "<")}"),
            $"  {string.Join(", ", legend)}{(isMet ? "" : "; < is not as expected")}",
            .. Notes(expected, seen),
        ]);
    }

    private static IEnumerable<string> Rows(IReadOnlyList<ExpectedCell> cells, Func<int, string> sign)
    {
        var targets = cells.Select(c => c.Target).Distinct().ToList();
        var text = Enumerable.Range(0, cells.Count).GroupBy(i => (cells[i].Source, cells[i].Target)).ToDictionary(g => g.Key, g => sign(g.Last()));
        var left = cells.Max(c => c.Source.Name.Length);
        var numbers = Enumerable.Range(1, targets.Count).Select(n => n.ToString(CultureInfo.InvariantCulture)).ToList();
        yield return Row("", left, numbers);
        foreach (var source in cells.Select(c => c.Source).Distinct())
            yield return Row(source.Name, left, targets.Select(t => text.GetValueOrDefault((source, t), "")));
        foreach (var (target, number) in targets.Zip(numbers))
            yield return $"  {number} = {target.Name} ({target.Url})";
    }

    private static string Row(string name, int left, IEnumerable<string> cells) => $"  {name.PadRight(left)} {string.Concat(cells.Select(c => " " + c.PadRight(3)))}".TrimEnd();

    private static IEnumerable<string> Notes(IReadOnlyList<ExpectedCell> expected, IReadOnlyList<Observation> seen) => expected.Zip(seen).Select(c => c.Second.Result switch
    {
        ProbeResult.NotAsked => $"  {c.First.Source.Name} could not be asked: {c.Second.AnsweredBy}",
        ProbeResult.SomebodyElse => $"  at {c.First.Target.Url} {c.Second.AnsweredBy ?? "somebody without a name"} answered the {c.First.Source.Name}, not {c.First.Target.Owner}",
        _ => null,
    }).OfType<string>().Distinct();
}
