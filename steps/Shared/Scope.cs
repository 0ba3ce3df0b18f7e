namespace SecuritySpecs.Steps.Shared;

/// <summary>Where a right holds.</summary>
/// <param name="Tenant">In whose namespace; null for the whole cluster.</param>
public sealed record Scope(string? Tenant)
{
    /// <summary>Both forms, as a regular expression.</summary>
    public const string Forms = "in the whole cluster|in the namespace of tenant \"[^\"]+\"";

    /// <summary>A namespace or nothing, as a regular expression. Nothing comes last: else it would leave the namespace to what follows.</summary>
    public const string OptionalForms = " in the namespace of tenant \"[^\"]+\"|";

    /// <summary>The scope in a step's words.</summary>
    public static Scope Of(string words) => new(words.Split('"') is [_, var tenant, _] ? tenant : null);
}
