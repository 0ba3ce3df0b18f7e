using SecuritySpecs.Evidence;

namespace SecuritySpecs.Drivers.Shared;

/// <summary>A row of a table of who may do what.</summary>
/// <param name="Action">A request.</param>
/// <param name="Of">The tenant that it is about.</param>
/// <param name="Verdict"><c>allowed</c> or <c>denied</c>.</param>
public sealed record AccessRow(string Action, string Of, string Verdict);

/// <summary>What became of a row: the real request and the API server's own review of the same rights.</summary>
public sealed record AccessCheck(AccessRow Row, Attempt Attempt, bool Review)
{
    /// <summary>Whether both oracles say what the row expects; a denial counts for the right reason only.</summary>
    public bool IsRight => Row.Verdict switch
    {
        "allowed" => Attempt.Answer.Allowed && Review,
        "denied" => Attempt.IsDenied && !Review,
        _ => false,
    };

    /// <summary>Makes the request of every row, and asks for the API server's review of it.</summary>
    /// <param name="rows">The table.</param>
    /// <param name="attempt">Makes the request of a row.</param>
    public static async Task<IReadOnlyList<AccessCheck>> AllAsync(IEnumerable<AccessRow> rows, Func<AccessRow, Task<Attempt>> attempt) =>
        await Task.WhenAll(rows.Select(async row =>
        {
            var made = await attempt(row);
            return new AccessCheck(row, made, await made.ReviewAsync());
        }));

    /// <summary>A table as it is kept as evidence.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="checks">What became of its rows.</param>
    public static EvidenceGrid Grid(string who, IReadOnlyList<AccessCheck> checks) => new([.. checks.Select(c => c.Row.Of.Length == 0 ? c.Row.Action : $"{c.Row.Action} of {c.Row.Of}")],
        [new(who, [.. checks.Select(c => new EvidenceCell(c.Row.Verdict == "allowed", c.Seen, c.IsRight))])], EvidenceGrid.WhoCan);

    private string Seen
    {
        get
        {
            var request = Attempt.Answer.Allowed ? "allowed" : Attempt.IsDenied ? "denied" : Attempt.Answer.Code.ToString(CultureInfo.InvariantCulture);
            var review = Review ? "allowed" : "denied";
            return request == review ? request : $"{request}, by the review {review}";
        }
    }

    /// <summary>The row and both answers in one line.</summary>
    public override string ToString() =>
        $"{Row.Action} of \"{Row.Of}\": expected {Row.Verdict}; the request: {Attempt.Answer}; SelfSubjectAccessReview: {(Review ? "allowed" : "denied")}"
        + (Row.Verdict == "denied" && Attempt.Answer is { Allowed: false } ? $" (the right reason holds: {Attempt.RightReason})" : "");
}
