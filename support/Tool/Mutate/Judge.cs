namespace SecuritySpecs.Tool.Mutate;

/// <summary>Says what came of a mutant, from the scenarios that ran with it.</summary>
internal static class Judge
{
    /// <summary>Whether a scenario failed because something is not as it says.</summary>
    public static bool IsKill(MutantTrial trial) => trial.Failure is FailureKind.Assertion or FailureKind.Deadline or FailureKind.NotInForce;

    /// <summary>The verdict.</summary>
    /// <param name="trials">Those that ran so far.</param>
    /// <param name="controls">The controls that the file belongs to.</param>
    /// <param name="isAll">Whether no scenario is left that could run.</param>
    /// <returns>Pending as long as another scenario may say more.</returns>
    public static MutantVerdict Of(IReadOnlyList<MutantTrial> trials, IReadOnlyList<string> controls, bool isAll)
    {
        if (trials.Any(t => IsKill(t) && controls.Contains(t.Control)))
            return MutantVerdict.Killed;
        if (trials.Any(t => t.Failure == FailureKind.Invalid))
            return MutantVerdict.Invalid;
        return !isAll ? MutantVerdict.Pending
            : trials.Any(IsKill) ? MutantVerdict.Noisy
            : trials.Any(t => t.Failure == FailureKind.Error) ? MutantVerdict.KilledByError
            : trials.Any(t => t.Status == ResultStatus.Passed) ? MutantVerdict.Survived
            : MutantVerdict.Inconclusive;
    }
}
