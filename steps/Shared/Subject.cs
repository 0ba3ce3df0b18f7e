namespace SecuritySpecs.Steps.Shared;

/// <summary>Whom a role is bound to.</summary>
/// <param name="Tenant">The tenant; null for a group.</param>
/// <param name="Group">The group; null for a tenant.</param>
public sealed record Subject(string? Tenant, string? Group)
{
    /// <summary>Both forms, as a regular expression.</summary>
    public const string Forms = "tenant \"[^\"]+\"|the group \"[^\"]+\"";

    /// <summary>The subject in a step's words.</summary>
    public static Subject Of(string words) => words.Split('"') switch
    {
        ["tenant ", var name, _] => new(name, null),
        [_, var name, _] => new(null, name),
        _ => throw new ArgumentException($"\"{words}\" is neither a tenant nor a group."),
    };
}
