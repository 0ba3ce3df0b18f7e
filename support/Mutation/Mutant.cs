namespace SecuritySpecs.Mutation;

/// <summary>A file of fleet-fixtures with one mistake in it.</summary>
/// <param name="Id">The same as long as the place is there, for example <c>controls/gpu-quota.yaml#drop-key:spec.hard.requests.nvidia.com/gpu</c>.</param>
/// <param name="File">Relative to fleet-fixtures.</param>
/// <param name="Operator">The name of the operator; of an edit that must survive, its own.</param>
/// <param name="Text">The file's text with the mistake in it. Its placeholders are those of the file.</param>
/// <param name="Diff">What it changes, line by line, without the comments.</param>
public sealed record Mutant(string Id, string File, string Operator, string Text, string Diff)
{
    /// <summary>Whether it means the same as the file: then no scenario may fail.</summary>
    public bool MustSurvive { get; init; }
}
