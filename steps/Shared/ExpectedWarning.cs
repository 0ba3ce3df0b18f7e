namespace SecuritySpecs.Steps.Shared;

/// <summary>What the API server must have warned of.</summary>
/// <param name="Words">One of the forms.</param>
public sealed record ExpectedWarning(string Words)
{
    /// <summary>Every form, as a regular expression; nothing where warnings do not matter.</summary>
    public const string Forms = "| without a warning| with a warning that names \"[^\"]+\"";

    /// <summary>Whether these warnings are as expected.</summary>
    public bool Holds(IReadOnlyList<string> warnings) => Words.Split('"') is [_, var named, _]
        ? warnings.Any(w => w.Contains(named, StringComparison.Ordinal))
        : Words.Length == 0 || warnings.Count == 0;
}
