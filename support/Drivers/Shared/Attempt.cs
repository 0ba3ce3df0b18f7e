namespace SecuritySpecs.Drivers.Shared;

/// <summary>A request that was made, with what it takes to judge the answer.</summary>
/// <param name="Who">Who asked; null for the cluster admin.</param>
/// <param name="Right">The right that it takes.</param>
/// <param name="Namespace">The namespace asked about; null for the cluster scope.</param>
/// <param name="Answer">What the API server said.</param>
/// <param name="Refusal">What a refusal for the right reason says, where it is not the usual sentence of RBAC.</param>
/// <param name="Precondition">A right that is asked for before <paramref name="Right"/>, which is then not looked at; null where there is none.</param>
public sealed record Attempt(Identity? Who, Right Right, string? Namespace, ApiAnswer Answer, string? Refusal = null, Right? Precondition = null)
{
    /// <summary>Stands in <see cref="Refusal"/> for anything.</summary>
    public const string Gap = " ... ";

    /// <summary>Stands in <see cref="Refusal"/> between two sentences of which either will do.</summary>
    public const string Or = "\" or \"";

    /// <summary>What a refusal for the right reason says.</summary>
    public string RightReason => Precondition is null ? OwnReason : PreconditionReason + Or + OwnReason;

    /// <summary>Whether RBAC refused it, in the API server's own words.</summary>
    public bool IsDenied => Answer is { Code: 403, Reason: "Forbidden" } && (Says(OwnReason) || (Precondition is not null && Says(PreconditionReason)));

    private string OwnReason => Refusal ?? Right.Refusal(Who?.User ?? "", Namespace);

    private string PreconditionReason => Precondition!.Refusal(Who?.User ?? "", Namespace);

    /// <summary>The second oracle's opinion of the same rights.</summary>
    public async Task<bool> ReviewAsync() =>
        Who is null || ((Precondition is null || await Who.MayAsync(Precondition, Namespace)) && await Who.MayAsync(Right, Namespace));

    // Between the parts of a reason stands what differs from release to release.
    private bool Says(string reason) => reason.Split(Or).Any(sentence => sentence.Split(Gap).All(part => Answer.Message?.Contains(part, StringComparison.Ordinal) == true));
}
