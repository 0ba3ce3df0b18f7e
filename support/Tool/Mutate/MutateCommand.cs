using System.Security.Cryptography;
using SecuritySpecs.Kube.Files;
using SecuritySpecs.Mutation;
using SecuritySpecs.Reports.Html;

namespace SecuritySpecs.Tool.Mutate;

/// <summary>What a mutation run was asked for.</summary>
/// <param name="Controls">Only files of these controls; empty for all.</param>
/// <param name="Operator">Only mutants of this operator; null for all.</param>
/// <param name="Sample">Only so many, chosen by <paramref name="Seed"/>; null for all.</param>
/// <param name="Seed">Chooses them.</param>
/// <param name="Resume">Go on where the last run has left off.</param>
/// <param name="List">Only list them.</param>
/// <param name="Together">Put one mutant of each control, of those that the last run has found, in force at once.</param>
/// <param name="Learn">Keep which scenario loads what and which one killed what, for the next run.</param>
internal sealed record MutateOptions(IReadOnlyList<string> Controls, string? Operator, int? Sample, int Seed, bool Resume, bool List, bool Together, bool Learn);

/// <summary><c>specs mutate</c>: makes plausible mistakes in the files under test, and sees whether a scenario finds each of them.</summary>
internal static class MutateCommand
{
    private const string ResultFile = "mutate.json";
    private const string TogetherFile = "mutate-together.json";

    /// <summary>Runs it.</summary>
    /// <returns>0 where every mistake is found and no edit raises a false alarm, else 1.</returns>
    /// <exception cref="EnvironmentException">Nothing could be judged; the message says why.</exception>
    public static async Task<int> RunAsync(MutateOptions asked, CancellationToken cancel)
    {
        var options = RunOptions.FromEnvironment();
        var features = FeatureIndex.Read(options.Root);
        var (loads, killers) = (LoadMap.Read(options.Root), Killers.Read(options.Root));
        if (asked.Learn)
            LearnLoads(options, features, loads);
        var scenarios = new Scenarios(features, loads, FixtureFile.Read(options.Fixtures), killers);
        var mutants = Chosen(options, asked, scenarios);
        if (asked.List)
            return List(mutants);
        var path = Path.Combine(Path.GetFullPath(options.Results), ResultFile);
        var earlier = asked.Resume || asked.Together ? Read(path) : [];
        if (asked.Together)
            (mutants, earlier) = (OneOfEachControl(mutants, earlier), []);
        await using var results = ResultsFolder.Open(options);
        path = Path.Combine(results.Location, asked.Together ? TogetherFile : ResultFile);
        InnerRun.RemoveFolders(results.Location, InnerWaves.Prefix);
        var candidates = Candidates(options, mutants, scenarios, earlier);
        await Console.Error.WriteLineAsync(FormattableString.Invariant(
            $"mutate: {candidates.Count} mutants of {candidates.Select(c => c.Mutant.File).Distinct().Count()} files, {candidates.Count(c => c.Verdict != MutantVerdict.Pending)} judged already; results in {results.Location}"));
        var (began, clock) = (DateTimeOffset.UtcNow, Stopwatch.StartNew());
        var before = candidates.Count(c => c.Verdict != MutantVerdict.Pending);
        await using var cluster = await OwnCluster.BeginAsync(options.Keep);
        var run = new MutationRun(candidates, scenarios, new InnerWaves(results.Location).RunAsync, Told);
        try
        {
            await (asked.Together ? run.TogetherAsync(cancel) : run.RunAsync(cancel));
        }
        finally
        {
            Write(path, candidates);
            await File.WriteAllTextAsync(Path.ChangeExtension(path, "txt"), MutateReport.Text(Results(candidates)), CancellationToken.None);
            await WritePostureAsync(results.Location, run, began);
        }

        if (asked.Learn)
        {
            killers.Learn(Results(candidates));
            killers.Write();
        }

        foreach (var red in run.Red)
            Console.WriteLine($"Fails without any mistake, and judged nothing: {red.Feature}:{red.Line} {red.Name}: {red.Error}");
        Console.Write(MutateReport.Text(Results(candidates)));
        return Results(candidates).Any(r => r.IsProblem()) ? 1 : 0;

        void Told(MutationRun current)
        {
            Write(path, candidates);
            Console.Error.WriteLine(Progress(candidates, before, current.Waves, clock.Elapsed));
        }
    }

    /// <summary>Where a run stands, in a line.</summary>
    internal static string Progress(IReadOnlyList<Candidate> candidates, int before, int waves, TimeSpan elapsed)
    {
        var judged = candidates.Count(c => c.Verdict != MutantVerdict.Pending);
        var left = judged > before ? FormattableString.Invariant($"about {elapsed.TotalMinutes / (judged - before) * (candidates.Count - judged):0} min left") : "time left unknown";
        return FormattableString.Invariant($"run {waves}, {elapsed.TotalMinutes:0.0} min: {judged} of {candidates.Count} judged, {left}; {MutateReport.Sum([.. Results(candidates).Where(r => !r.MustSurvive)])}");
    }

    /// <summary>The mutants that were asked for.</summary>
    internal static IReadOnlyList<Mutant> Chosen(RunOptions options, MutateOptions asked, Scenarios scenarios)
    {
        var all = Mutants.All(options.Fixtures).Concat(SafeEdits.All(options.Fixtures)).ToList();
        if (asked.Operator is { } name && !all.Exists(m => m.Operator == name))
            throw new EnvironmentException($"--operator {name}: there are {string.Join(", ", MutationTable.Operators.Select(o => o.Name))}, and those of edits that must survive");
        var controls = all.SelectMany(m => scenarios.ControlsOf(m.File)).ToHashSet();
        if (asked.Controls.FirstOrDefault(c => !controls.Contains(c)) is { } unknown)
            throw new EnvironmentException($"--control {unknown}: no file belongs to it that has such mutants; those that have: {string.Join(", ", controls.Order())}");
        var chosen = all.Where(m => (asked.Controls.Count == 0 || scenarios.ControlsOf(m.File).Intersect(asked.Controls).Any()) && (asked.Operator is null || m.Operator == asked.Operator)).ToList();
        if (chosen.Count == 0)
            throw new EnvironmentException($"--operator {asked.Operator}: no file of {string.Join(", ", asked.Controls)} has a place for it");
        if (asked.Sample is not { } sample)
            return chosen;
        // By each one's own id: a new mutant changes the sample by one at most. One edit that must survive for ten mistakes.
        var drawn = chosen.OrderBy(m => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{asked.Seed} {m.Id}")))), StringComparer.Ordinal).ToList();
        return [.. drawn.Where(m => !m.MustSurvive).Take(sample), .. drawn.Where(m => m.MustSurvive).Take((sample + 9) / 10)];
    }

    /// <summary>Of those that an earlier run has found the first of each file of the controls.</summary>
    internal static IReadOnlyList<Mutant> OneOfEachControl(IReadOnlyList<Mutant> mutants, IReadOnlyList<MutantResult> earlier)
    {
        var found = earlier.Where(r => r.Verdict == MutantVerdict.Killed).Select(r => r.Id).ToHashSet();
        var chosen = mutants.Where(m => found.Contains(m.Id) && m.File.StartsWith("controls/", StringComparison.Ordinal)).DistinctBy(m => m.File).ToList();
        return chosen.Count > 1 ? chosen : throw new EnvironmentException("--together: the last run has found no two mistakes in different controls");
    }

    /// <summary>The mutants on their way, those that are equivalent judged already.</summary>
    internal static IReadOnlyList<Candidate> Candidates(RunOptions options, IReadOnlyList<Mutant> mutants, Scenarios scenarios, IReadOnlyList<MutantResult> earlier)
    {
        var reviewed = Equivalents.Read(options.Root);
        var known = earlier.ToDictionary(r => r.Id);
        return [.. mutants.Select(mutant =>
        {
            var judges = scenarios.Loading(mutant);
            var candidate = new Candidate(mutant, judges, scenarios.ControlsOf(mutant.File), scenarios.Likeliest(mutant, judges));
            if (known.GetValueOrDefault(mutant.Id) is { } before && before.Diff == mutant.Diff && before.Verdict is not MutantVerdict.Pending)
                candidate.Resume(before);
            else if (!mutant.MustSurvive && (reviewed.GetValueOrDefault(mutant.Id) ?? Equivalence.Reason(File.ReadAllText(Path.Combine(options.Fixtures, mutant.File)), mutant)) is { } why)
                candidate.End(MutantVerdict.Equivalent, why);
            else
                candidate.Judge();
            return candidate;
        })];
    }

    private static int List(IReadOnlyList<Mutant> mutants)
    {
        foreach (var group in mutants.GroupBy(m => m.Operator))
        {
            if (MutationTable.Operators.FirstOrDefault(o => o.Name == group.Key) is { } known)
                Console.WriteLine($"{known.Name}: {known.Does} {known.Pretext}");
            else
                Console.WriteLine($"{group.Key}: means the same, and must survive.");
            foreach (var mutant in group)
                Console.WriteLine($"  {mutant.Id}");
        }

        Console.WriteLine(FormattableString.Invariant($"{mutants.Count(m => !m.MustSurvive)} mutants, {mutants.Count(m => m.MustSurvive)} edits that must survive"));
        return 0;
    }

    private static void LearnLoads(RunOptions options, FeatureIndex features, LoadMap loads)
    {
        if (InnerRun.PostureIn(options.Results) is { } posture)
            loads.Learn(posture.Scenarios, features);
        loads.Write();
    }

    private static List<MutantResult> Results(IReadOnlyList<Candidate> candidates) => [.. candidates.Select(c => c.Result)];

    private static List<MutantResult> Read(string path) => File.Exists(path) ? JsonSerializer.Deserialize<List<MutantResult>>(File.ReadAllText(path), Posture.JsonOptions)!
        : throw new EnvironmentException($"--resume: there is no earlier run's {path}");

    private static void Write(string path, IReadOnlyList<Candidate> candidates) => File.WriteAllText(path, JsonSerializer.Serialize(Results(candidates), Posture.JsonOptions) + "\n");

    private static async Task WritePostureAsync(string folder, MutationRun run, DateTimeOffset began)
    {
        if (run.Latest is not { } latest)
            return;
        var posture = latest with
        {
            Run = latest.Run with { StartedAt = began, EndedAt = DateTimeOffset.UtcNow, Selection = "specs mutate", Error = null },
            Controls = [], Scenarios = [], LeftOut = [], Totals = Totals.Of([]), Mutants = Results(run.Candidates),
        };
        await File.WriteAllTextAsync(Path.Combine(folder, "posture.json"), posture.ToJson(), CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(folder, "posture.html"), HtmlReport.Render(posture), CancellationToken.None);
    }
}
