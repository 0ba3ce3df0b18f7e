namespace SecuritySpecs.Drivers.Shared.Pods;

/// <content>Pods by the time that they may take to end.</content>
public sealed partial record PodTrait
{
    /// <summary>The phrase that names a grace period, as a regular expression. It is no row of <see cref="All"/>.</summary>
    public const string GraceForm = "has a grace period of \\d+ s";

    // By its grace period; null for any other phrase.
    private static PodTrait? OfGrace(string phrase) => Grace().Match(phrase) is { Success: true } match
        ? new(phrase, pod => Spec(pod)["terminationGracePeriodSeconds"] = long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
        : null;

    [GeneratedRegex("^has a grace period of (\\d+) s$")]
    private static partial Regex Grace();
}
