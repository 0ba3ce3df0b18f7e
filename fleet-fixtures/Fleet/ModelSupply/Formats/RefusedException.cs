namespace SecuritySpecs.FleetProgram.ModelSupply.Formats;

/// <summary>A file is not what may be loaded.</summary>
/// <param name="what">The kind of the finding, in a word or two: the format, mostly.</param>
/// <param name="why">What was seen, and where in the file.</param>
internal sealed class RefusedException(string what, string why) : Exception(why)
{
    /// <summary>The kind of the finding.</summary>
    public string What => what;
}
