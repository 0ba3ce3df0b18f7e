namespace SecuritySpecs.PlatformAudit;

/// <summary>A version of one of NVIDIA's container components, as the tag of its image tells it.</summary>
/// <param name="Number">Its three numbers.</param>
/// <param name="Candidate">Which release candidate it is; null for the release.</param>
public sealed partial record ToolkitVersion(Version Number, int? Candidate)
{
    /// <summary>Reads a tag such as <c>v1.17.8-ubuntu20.04</c>: what follows the numbers is the distribution, a package's revision or a build, and no part of the version.</summary>
    /// <returns>Null where the tag tells no version.</returns>
    public static ToolkitVersion? Of(string tag)
    {
        if (Tag().Match(tag) is not { Success: true } match)
            return null;
        var patch = match.Groups["patch"];
        return new(new(Read("major"), Read("minor"), patch.Success ? Read("patch") : 0), match.Groups["candidate"].Success ? Read("candidate") : null);

        int Read(string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Below zero if this one is older, above if it is newer. A candidate comes before the release of its number.</summary>
    public int CompareTo(ToolkitVersion other) =>
        Number.CompareTo(other.Number) is var order && order != 0 ? order
        : (Candidate ?? int.MaxValue).CompareTo(other.Candidate ?? int.MaxValue);

    /// <inheritdoc/>
    public override string ToString() => Candidate is { } candidate ? FormattableString.Invariant($"{Number}-rc.{candidate}") : Number.ToString();

    [GeneratedRegex(@"\Av?(?<major>\d{1,4})\.(?<minor>\d{1,4})(?:\.(?<patch>\d{1,4}))?(?:[-~]rc\.?(?<candidate>\d{1,4}))?(?:[-+~].*)?\z")]
    private static partial Regex Tag();
}
