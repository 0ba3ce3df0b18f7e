using SecuritySpecs.Kube.Manifests;
using SecuritySpecs.Mutation;

namespace SecuritySpecs.Tool.Mutate;

/// <summary>A mutant on its way to a verdict.</summary>
/// <param name="mutant">The mutant.</param>
/// <param name="scenarios">Who can judge it, the likeliest first.</param>
/// <param name="controls">The controls that its file belongs to.</param>
/// <param name="likeliest">How many of the first scenarios are equally likely to find it.</param>
internal sealed class Candidate(Mutant mutant, IReadOnlyList<ScenarioPlace> scenarios, IReadOnlyList<string> controls, int likeliest = 1)
{
    private readonly List<MutantTrial> _trials = [];

    /// <summary>The mutant.</summary>
    public Mutant Mutant => mutant;

    /// <summary>How many of the first scenarios are equally likely to find it: all, where nothing was learnt yet.</summary>
    public int Likeliest => likeliest;

    /// <summary>As it stands for the run.</summary>
    public PlannedMutant Planned => new(mutant.Id, mutant.File, mutant.Text);

    /// <summary>The scenarios that have not judged it yet.</summary>
    public List<ScenarioPlace> Left { get; } = [.. scenarios];

    /// <summary>What came of it so far.</summary>
    public MutantVerdict Verdict { get; private set; } = MutantVerdict.Pending;

    /// <summary>Why, where no trial says it.</summary>
    public string? Why { get; private set; }

    /// <summary>Whether none has judged it yet: then only the likeliest is asked.</summary>
    public bool IsNew => _trials.Count == 0;

    /// <summary>Takes the result of a scenario.</summary>
    /// <param name="place">The scenario.</param>
    /// <param name="result">Its result; null where it has none.</param>
    /// <param name="isEverywhere">Whether the platform has the mistake, so that a scenario meets it without loading the file.</param>
    public void Take(ScenarioPlace place, ScenarioResult? result, bool isEverywhere)
    {
        Left.Remove(place);
        if (!isEverywhere && result is { Status: ResultStatus.Passed, Manifests: { } loaded } && !loaded.Contains(mutant.File))
            result = result with { Status = ResultStatus.Inconclusive, Error = "It does not load the file, so it never met the mistake." };
        _trials.Add(result is null
            ? new(Scenarios.NameOf(place), Scenarios.ControlOf(place), ResultStatus.Failed, FailureKind.Error, "It has no result.", 0)
            : new(Scenarios.NameOf(place), Scenarios.ControlOf(place), result.Status, result.Failure, result.Error, result.DurationMs));
        Judge();
    }

    /// <summary>Judges it by what is known: where nobody is left, that is the end.</summary>
    public void Judge() => Verdict = Verdict is MutantVerdict.Pending ? Mutate.Judge.Of(_trials, controls, Left.Count == 0) : Verdict;

    /// <summary>Does without scenarios that fail although no mistake is in force.</summary>
    public void LeaveOut(IReadOnlyList<ScenarioResult> red)
    {
        if (Left.RemoveAll(p => red.Any(s => s.Feature == p.Feature && s.Line == p.Line)) > 0)
            Why = $"not asked, for they fail without any mistake: {string.Join("; ", red.Select(s => $"{s.Feature}:{s.Line}"))}";
        Judge();
    }

    /// <summary>Ends it with a verdict that no scenario gave.</summary>
    public void End(MutantVerdict verdict, string? why) => (Verdict, Why) = (verdict, why);

    /// <summary>Goes on where an earlier run has left off.</summary>
    public void Resume(MutantResult earlier)
    {
        _trials.AddRange(earlier.Trials);
        Left.RemoveAll(p => earlier.Trials.Any(t => t.Scenario == Scenarios.NameOf(p)));
        (Verdict, Why) = (earlier.Verdict, earlier.Why);
        Judge();
    }

    /// <summary>Asks further scenarios, after those that it began with found nothing.</summary>
    public void GoOn(IEnumerable<ScenarioPlace> further)
    {
        Left.AddRange(further);
        Verdict = MutantVerdict.Pending;
        Judge();
    }

    /// <summary>As it stands in the results.</summary>
    public MutantResult Result => new(mutant.Id, mutant.File, mutant.Operator, mutant.Diff, mutant.MustSurvive, Verdict, Why, [.. _trials], controls);
}
