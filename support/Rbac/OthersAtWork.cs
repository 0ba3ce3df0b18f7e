namespace SecuritySpecs.Rbac;

/// <summary>
/// Which objects other scenarios and runs may have put there while they are at work: who judges the cluster leaves these out, and
/// nothing else. The label alone hides nothing, for it stays when the work has ended.
/// </summary>
/// <param name="Run">The run of who judges.</param>
/// <param name="Scenario">Its scenario.</param>
/// <param name="Ended">Scenarios of the run that had ended before the cluster was read.</param>
/// <param name="LiveRuns">Runs that are alive.</param>
public sealed record OthersAtWork(string Run, string Scenario, IReadOnlySet<string> Ended, IReadOnlySet<string> LiveRuns)
{
    /// <summary>Whether an object is somebody else's who is at work.</summary>
    /// <param name="labels">The object's.</param>
    public bool Have(IReadOnlyDictionary<string, string> labels)
    {
        if (!labels.TryGetValue(RunLabels.Run, out var run))
            return false;
        if (run != Run)
            return LiveRuns.Contains(run);
        return !labels.TryGetValue(RunLabels.Scenario, out var scenario) || (scenario != Scenario && !Ended.Contains(scenario));
    }
}
