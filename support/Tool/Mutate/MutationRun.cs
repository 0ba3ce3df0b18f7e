using SecuritySpecs.Kube.Manifests;

namespace SecuritySpecs.Tool.Mutate;

/// <summary>Brings mutants to their verdicts: many side by side where scenarios load the file themselves, then one by one where the platform does.</summary>
/// <param name="candidates">The mutants.</param>
/// <param name="scenarios">Who can judge them.</param>
/// <param name="run">Carries a wave out.</param>
/// <param name="told">Is told after each wave.</param>
internal sealed class MutationRun(IReadOnlyList<Candidate> candidates, Scenarios scenarios, WaveRunner run, Action<MutationRun> told)
{
    private const int MostInVain = 2;

    /// <summary>The mutants.</summary>
    public IReadOnlyList<Candidate> Candidates => candidates;

    /// <summary>How many waves have ended.</summary>
    public int Waves { get; private set; }

    /// <summary>The results of the latest wave that had any.</summary>
    public Posture? Latest { get; private set; }

    /// <summary>The scenarios that fail although no mistake is in force: they judge nothing.</summary>
    public IReadOnlyList<ScenarioResult> Red { get; private set; } = [];

    /// <summary>Runs until every mutant has its verdict.</summary>
    /// <exception cref="EnvironmentException">The platform could not be judged, or a scenario fails although no mistake is in force.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        var red = await RedAsync(cancel);
        while (Schedule.NextWave(candidates) is [_, ..] wave)
        {
            var plan = new MutationPlan(wave.ToDictionary(w => w.Place.Where, w => w.Candidate.Planned), []);
            await WaveAsync(plan, wave, cancel);
        }

        // A mistake that no scenario of its own finds may be found where the whole platform has it.
        foreach (var candidate in candidates.Where(c => IsForTheLane(c)).ToList())
        {
            candidate.GoOn(scenarios.All(candidate.Mutant).Where(p => !red.Contains(p.Where)));
            while (Schedule.NextWave([candidate]) is [_, ..] wave)
                await WaveAsync(MutationPlan.None with { Everywhere = [candidate.Planned] }, wave, cancel);
        }

        foreach (var candidate in candidates.Where(c => c.Verdict == MutantVerdict.Pending))
            candidate.End(MutantVerdict.Inconclusive, "no scenario judges it that passes without it");
    }

    /// <summary>Runs with all mutants in force at once, until each has its verdict: one mistake must not hide another.</summary>
    /// <exception cref="EnvironmentException">The platform could not be judged, or a scenario fails although no mistake is in force.</exception>
    public async Task TogetherAsync(CancellationToken cancel)
    {
        await RedAsync(cancel);
        var plan = MutationPlan.None with { Everywhere = [.. candidates.Select(c => c.Planned)] };
        while (Schedule.NextWave(candidates) is [_, ..] wave)
            await WaveAsync(plan, wave, cancel);
    }

    private bool IsForTheLane(Candidate candidate) => !candidate.Mutant.MustSurvive && scenarios.IsOnceForARun(candidate.Mutant.File)
        && candidate.Verdict is MutantVerdict.Survived or MutantVerdict.Inconclusive or MutantVerdict.KilledByError && candidate.Why is null;

    // Who fails without any mistake cannot judge one.
    private async Task<IReadOnlySet<string>> RedAsync(CancellationToken cancel)
    {
        var first = candidates.Where(c => c.Verdict == MutantVerdict.Pending).Select(c => c.Left.FirstOrDefault()).OfType<ScenarioPlace>().DistinctBy(p => p.Where).ToList();
        if (first.Count == 0)
            return new HashSet<string>();
        var posture = await SoundAsync(MutationPlan.None, first, cancel)
            ?? throw new EnvironmentException("the scenarios did not end in time although no mistake was in force");
        Red = [.. posture.Scenarios.Where(s => s.Status == ResultStatus.Failed)];
        if (Red.Count == first.Count)
            throw new EnvironmentException($"no mutant can be judged: without any mistake {Red.Count} scenarios fail, first {Red[0].Feature}:{Red[0].Line} {Red[0].Name}: {Red[0].Error}");
        foreach (var candidate in candidates)
            candidate.LeaveOut(Red);
        TakeForAll(posture);
        return Red.Select(s => $"{s.Feature}:{s.Line}").ToHashSet();
    }

    private async Task WaveAsync(MutationPlan plan, IReadOnlyList<(Candidate Candidate, ScenarioPlace Place)> wave, CancellationToken cancel)
    {
        if (await SoundAsync(plan, [.. wave.Select(w => w.Place)], cancel) is { } posture)
        {
            var results = posture.Scenarios.ToDictionary(s => $"{s.Feature}:{s.Line}");
            // Of a run that was interrupted who has no result yet is asked again.
            foreach (var (candidate, place) in wave.Where(w => !posture.Run.Interrupted || results.ContainsKey(w.Place.Where)))
                candidate.Take(place, results.GetValueOrDefault(place.Where), plan.Everywhere.Count > 0);
            TakeForAll(posture);
            cancel.ThrowIfCancellationRequested();
        }
        else if (wave.Select(w => w.Candidate).Distinct().Count() == 1)
        {
            wave[0].Candidate.End(MutantVerdict.TimedOut, "the run with it did not end in time");
        }
        else
        {
            // One of them holds the others up: each alone.
            foreach (var one in wave.GroupBy(w => w.Candidate))
                await WaveAsync(plan with { Scenarios = one.ToDictionary(w => w.Place.Where, w => w.Candidate.Planned) }, [.. one], cancel);
        }

        told(this);
    }

    // What the cluster lacks for one mistake it lacks for every other: who cannot be carried out is asked once.
    private void TakeForAll(Posture posture)
    {
        foreach (var scenario in posture.Scenarios.Where(s => s.Status == ResultStatus.Inconclusive))
        {
            foreach (var candidate in candidates)
            {
                if (candidate.Left.Find(p => p.Feature == scenario.Feature && p.Line == scenario.Line) is { } place)
                    candidate.Take(place, scenario, isEverywhere: true);
            }
        }
    }

    // A run that could not judge is no verdict on any mutant: once more, and then it is an error.
    private async Task<Posture?> SoundAsync(MutationPlan plan, List<ScenarioPlace> places, CancellationToken cancel)
    {
        string? error = null;
        for (var tries = 0; tries < MostInVain; tries++)
        {
            var result = await run(plan, places, cancel);
            Waves++;
            if (result.IsInterrupted && result.Posture is null)
                cancel.ThrowIfCancellationRequested();
            if (result.IsTimeOut)
                return null;
            error = result.Posture is null ? "it left no results" : result.Posture.Run.Error;
            if (result.Posture is { } posture && (error is null || result.IsInterrupted || plan.Everywhere.Count > 0))
                return Latest = posture;
        }

        throw new EnvironmentException($"a run of {places.Count} scenarios judged nothing, twice: {error}");
    }
}
