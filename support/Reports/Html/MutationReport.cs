namespace SecuritySpecs.Reports.Html;

/// <summary>What a mutation run found: the score by control as bars, then each mutant with its diff, the problems first.</summary>
internal static class MutationReport
{
    /// <summary>Adds it to the page.</summary>
    public static void Render(IReadOnlyList<MutantResult> mutants, StringBuilder page)
    {
        page.Add($"<h2 id=\"mutants\">Mutants</h2><p>{string.Join(", ", mutants.GroupBy(m => m.Verdict).OrderBy(g => g.Key).Select(g => $"{g.Count()} {Wording.Of(g.Key)}"))}</p>\n");
        Scores(MutationScore.Of(mutants), page);
        foreach (var mutant in mutants.OrderByDescending(m => m.IsProblem()).ThenBy(m => m.Id, StringComparer.Ordinal))
            Mutant(mutant, page);
    }

    private static void Scores(IReadOnlyList<MutationScore> scores, StringBuilder page)
    {
        if (scores.Count == 0)
            return;
        page.Append("<table class=\"scores\"><caption>Mistakes that the scenarios of a control have found, of those that they should find</caption>\n<thead><tr><th scope=\"col\">Control</th><th scope=\"col\">Found</th><th scope=\"col\">Score</th></tr></thead><tbody>\n");
        foreach (var score in scores)
        {
            var share = 100.0 * score.Killed / score.Judged;
            page.Add($"<tr><th scope=\"row\">{score.Control}</th><td>{score.Killed} of {score.Judged}</td><td class=\"{(score.Killed == score.Judged ? "passed" : "failed")}\"><span class=\"bar\"><i style=\"width:{share:0.#}%\"></i></span> {share:0} %</td></tr>\n");
        }

        page.Append("</tbody></table>\n");
    }

    private static void Mutant(MutantResult mutant, StringBuilder page)
    {
        page.Add($"""
            <details{new Raw(mutant.IsProblem() ? " open" : "")}><summary><b class="{(mutant.IsProblem() ? "failed" : "passed")}">{Wording.Of(mutant.Verdict)}</b> {mutant.Id}{new Raw(mutant.MustSurvive ? " <span class=\"where\">must survive</span>" : "")}</summary>
            <pre>{mutant.Diff}</pre>

            """);
        if (mutant.Why is { } why)
            page.Add($"<p>{why}</p>\n");
        foreach (var trial in mutant.Trials)
            page.Add($"<p><b class=\"{Markup.Word(trial.Status)}\">{Wording.Of(trial.Status)}</b> {trial.Scenario}{(trial.Error is { } error ? Markup.Html($"<br><span class=\"dim\">{error}</span>") : default)}</p>\n");
        page.Append("</details>\n");
    }
}
