using SecuritySpecs.Kube;

namespace SecuritySpecs.Tenants;

/// <summary>A request that was made, with what it takes to judge the answer.</summary>
/// <param name="Who">Who asked; null for the platform admin.</param>
/// <param name="Right">The right that it takes.</param>
/// <param name="Namespace">The namespace asked about; null for the cluster scope.</param>
/// <param name="Answer">What the API server said.</param>
/// <param name="Refusal">What a refusal for the right reason says, where it is not the usual sentence of RBAC.</param>
public sealed record Attempt(Identity? Who, Right Right, string? Namespace, ApiAnswer Answer, string? Refusal = null)
{
    /// <summary>What a refusal for the right reason says.</summary>
    public string RightReason => Refusal ?? Right.Refusal(Who?.User ?? "", Namespace);

    /// <summary>Whether RBAC refused it, in the API server's own words.</summary>
    public bool IsDenied => Answer is { Code: 403, Reason: "Forbidden" } && Answer.Message?.Contains(RightReason, StringComparison.Ordinal) == true;

    /// <summary>The second oracle's opinion of the same right.</summary>
    public Task<bool> ReviewAsync() => Who is null ? Task.FromResult(true) : Who.MayAsync(Right, Namespace);
}
