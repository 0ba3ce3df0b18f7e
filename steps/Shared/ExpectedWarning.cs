namespace SecuritySpecs.Steps.Shared;

/// <summary>What the API server must have warned of.</summary>
/// <param name="Words">One of the forms.</param>
public sealed record ExpectedWarning(string Words)
{
    /// <summary>Every form, as a regular expression; nothing where warnings do not matter.</summary>
    public const string Forms = "| without a warning| with a warning that names \"[^\"]+\"";

    /// <summary>Keeps the warnings as evidence, and judges them.</summary>
    /// <param name="scenario">Whose evidence it is.</param>
    /// <param name="answer">What the API server answered.</param>
    /// <param name="because">What should be, with {0} for the expected warning and {1} for those that came.</param>
    public void Judge(ScenarioPlatform scenario, ApiAnswer answer, string because)
    {
        var told = string.Join("; ", answer.Warnings);
        scenario.Note("API server", told.Length == 0 ? "warns of nothing" : told);
        Holds(answer.Warnings).Should().BeTrue(because, Words, told);
    }

    /// <summary>Whether these warnings are as expected.</summary>
    public bool Holds(IReadOnlyList<string> warnings) => Words.Split('"') is [_, var named, _]
        ? warnings.Any(w => w.Contains(named, StringComparison.Ordinal))
        : Words.Length == 0 || warnings.Count == 0;
}
