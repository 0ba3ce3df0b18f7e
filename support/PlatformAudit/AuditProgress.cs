namespace SecuritySpecs.PlatformAudit;

/// <summary>How far an audit is.</summary>
/// <param name="What">What it does.</param>
/// <param name="Done">How many parts of it are done.</param>
/// <param name="Of">Of how many.</param>
/// <param name="Read">How many objects of this part were read.</param>
/// <param name="Objects">Of how many, as far as the server tells; 0 where nobody counts.</param>
public sealed record AuditProgress(string What, int Done, int Of, int Read = 0, int Objects = 0)
{
    /// <summary>The part of all of it that is done, from 0 to 1.</summary>
    public double Share => (Done + (Objects == 0 ? 0 : (double)Read / Objects)) / Of;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{What}{(Objects == 0 ? "" : $" {Read}/{Objects}")}");
}
