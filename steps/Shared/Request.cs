using SecuritySpecs.Drivers.NetworkBoundaries;
using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Steps.Shared;

/// <summary>What somebody asks of the API server.</summary>
/// <param name="Phrase">A phrase of <see cref="TenantRequest"/> or <see cref="TelemetryRequest"/>.</param>
/// <param name="Whose">The tenant asked about; null for the one who asks, or where it does not matter.</param>
public sealed partial record Request(string Phrase, string? Whose)
{
    /// <summary>Every request, as a regular expression.</summary>
    public const string Phrases = "(?:" + TenantRequest.Phrases + "|" + TelemetryRequest.Phrases + "|" + EndpointDriver.PointService + ")(?: of tenant \"[^\"]+\")?";

    /// <summary>The request in a step's words.</summary>
    public static Request Of(string words)
    {
        var of = OfTenant().Match(words);
        return of.Success ? new(words[..of.Index], of.Groups[1].Value) : new(words, null);
    }

    /// <inheritdoc/>
    public override string ToString() => Whose is null ? Phrase : $"{Phrase} of tenant \"{Whose}\"";

    [GeneratedRegex(" of tenant \"([^\"]+)\"$")]
    private static partial Regex OfTenant();
}
