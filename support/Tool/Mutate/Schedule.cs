namespace SecuritySpecs.Tool.Mutate;

/// <summary>Puts as many mutants as possible into one run: each scenario of it has at most one.</summary>
internal static class Schedule
{
    /// <summary>The most scenarios of a wave: whoever waits for the first of its verdicts waits for the last one, too.</summary>
    public const int MostScenarios = 70;

    /// <summary>Who is judged by whom in the next run.</summary>
    /// <param name="candidates">All mutants.</param>
    /// <returns>Empty where every mutant has its verdict.</returns>
    public static IReadOnlyList<(Candidate Candidate, ScenarioPlace Place)> NextWave(IEnumerable<Candidate> candidates)
    {
        var wave = new Dictionary<string, (Candidate, ScenarioPlace)>();
        var pending = candidates.Where(c => c.Verdict == MutantVerdict.Pending && c.Left.Count > 0).ToList();
        // Those of whom most is known already are nearest to their verdict; each takes one scenario before any takes a second.
        var isMore = true;
        for (var round = 0; isMore && wave.Count < MostScenarios; round++)
        {
            isMore = false;
            foreach (var candidate in pending.Where(c => round == 0 || !c.IsNew || c.Mutant.MustSurvive).OrderBy(c => c.IsNew).ThenBy(c => c.Left.Count))
            {
                // A new one waits for one of its likeliest scenarios, where they are taken: the others are many, slow, and seldom right.
                var place = (candidate.IsNew && !candidate.Mutant.MustSurvive ? candidate.Left.Take(candidate.Likeliest) : candidate.Left)
                    .FirstOrDefault(p => !wave.ContainsKey(p.Where));
                if (place is null || wave.Count >= MostScenarios)
                    continue;
                wave[place.Where] = (candidate, place);
                isMore = true;
            }
        }

        return [.. wave.Values];
    }
}
