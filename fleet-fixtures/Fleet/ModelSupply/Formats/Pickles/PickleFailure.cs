namespace SecuritySpecs.FleetProgram.ModelSupply.Formats.Pickles;

/// <summary>How a pickle is looked at.</summary>
internal enum PickleMode
{
    /// <summary>It has to be a whole pickle that does nothing but what is allowed.</summary>
    Strict,

    /// <summary>
    /// It may be anything, such as a text or weights. Python would run such a file up to its first error, so what is called before that
    /// counts. The name of an import without a call does not: a list of words is full of them.
    /// </summary>
    Sniff,

    /// <summary>Only whether it is a whole pickle is of interest.</summary>
    Probe,
}

/// <summary>The analysis of a pickle ended before its STOP.</summary>
/// <param name="why">The opcode, its offset, and what is wrong.</param>
/// <param name="isDefinite">Whether every Python ends with an error here, too; false for what only this program refuses.</param>
internal sealed class PickleFailure(string why, bool isDefinite) : Exception(why)
{
    /// <summary>Whether every Python ends with an error here, too.</summary>
    public bool IsDefinite => isDefinite;
}
