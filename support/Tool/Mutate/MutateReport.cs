namespace SecuritySpecs.Tool.Mutate;

/// <summary>What a mutation run tells people.</summary>
internal static class MutateReport
{
    private static readonly (string Head, Func<MutantVerdict, bool> Counts)[] Columns =
    [
        ("Mutants", _ => true), ("Killed", v => v == MutantVerdict.Killed), ("Survived", v => v == MutantVerdict.Survived), ("By error", v => v == MutantVerdict.KilledByError),
        ("Noisy", v => v == MutantVerdict.Noisy), ("Equivalent", v => v == MutantVerdict.Equivalent), ("Invalid", v => v == MutantVerdict.Invalid),
        ("Timed out", v => v == MutantVerdict.TimedOut), ("Inconclusive", v => v == MutantVerdict.Inconclusive), ("Pending", v => v == MutantVerdict.Pending),
    ];

    /// <summary>The tables, the problems and the sum.</summary>
    /// <param name="results">All mutants.</param>
    public static string Text(IReadOnlyList<MutantResult> results)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var mutants = results.Where(r => !r.MustSurvive).ToList();
        Table(text, "File", mutants, r => r.File);
        Table(text, "Operator", mutants, r => r.Operator);
        foreach (var problem in results.Where(r => r.IsProblem()))
            Write(text, problem);
        var kept = results.Where(r => r.MustSurvive).ToList();
        text.WriteLine($"\n{kept.Count(r => !r.IsProblem())} of {kept.Count} edits that change nothing passed.");
        text.WriteLine(Sum(mutants));
        return text.ToString();
    }

    /// <summary>One line.</summary>
    public static string Sum(IReadOnlyList<MutantResult> mutants)
    {
        var counts = mutants.GroupBy(m => m.Verdict).ToDictionary(g => g.Key, g => g.Count());
        int Of(MutantVerdict verdict) => counts.GetValueOrDefault(verdict);
        return FormattableString.Invariant($"{Of(MutantVerdict.Killed)} killed, {Of(MutantVerdict.Survived)} survived, {Of(MutantVerdict.KilledByError)} killed by error only, {Of(MutantVerdict.Noisy)} noisy, ")
            + FormattableString.Invariant($"{Of(MutantVerdict.Equivalent)} equivalent, {Of(MutantVerdict.Invalid)} invalid, {Of(MutantVerdict.TimedOut)} timed out, {Of(MutantVerdict.Inconclusive)} inconclusive, {Of(MutantVerdict.Pending)} pending");
    }

    private static void Table(StringWriter text, string head, List<MutantResult> mutants, Func<MutantResult, string> by)
    {
        text.WriteLine($"\n{string.Concat(Columns.Select(c => c.Head.PadLeft(c.Head.Length + 2)))}  {head}");
        foreach (var group in mutants.GroupBy(by).OrderBy(g => g.Key, StringComparer.Ordinal))
            text.WriteLine($"{string.Concat(Columns.Select(c => Cell(group.Count(m => c.Counts(m.Verdict)), c.Head.Length + 2)))}  {group.Key}");
    }

    private static string Cell(int count, int width) => (count == 0 ? "." : count.ToString(CultureInfo.InvariantCulture)).PadLeft(width);

    private static void Write(StringWriter text, MutantResult result)
    {
        text.WriteLine($"\n{Words(result)}  {result.Id}");
        foreach (var line in result.Diff.TrimEnd('\n').Split('\n'))
            text.WriteLine($"    {line}");
        if (result.Why is not null)
            text.WriteLine($"    {result.Why}");
        foreach (var trial in result.Trials)
            text.WriteLine($"  {trial.Status.ToString().ToLowerInvariant(),-12} {trial.Scenario}{(trial.Failure is { } kind ? $" ({kind}: {(trial.Error ?? "").Split('\n')[0]})" : "")}");
    }

    private static string Words(MutantResult result) => result.MustSurvive ? "FALSE ALARM" : result.Verdict switch
    {
        MutantVerdict.Survived => "SURVIVED",
        MutantVerdict.KilledByError => "KILLED BY ERROR ONLY",
        MutantVerdict.TimedOut => "TIMED OUT",
        _ => result.Verdict.ToString().ToUpperInvariant(),
    };
}
