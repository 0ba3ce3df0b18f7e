namespace SecuritySpecs.Evidence;

/// <summary>What was expected beside what was seen: a row for who tried, a column for what.</summary>
/// <param name="Columns">What was tried.</param>
/// <param name="Rows">Who tried.</param>
public sealed record EvidenceGrid(IReadOnlyList<string> Columns, IReadOnlyList<EvidenceRow> Rows)
{
    /// <summary>The same without secrets.</summary>
    public EvidenceGrid Redacted(Redactor redactor) => new([.. Columns.Select(c => redactor.Redact(c)!)],
        [.. Rows.Select(r => new EvidenceRow(redactor.Redact(r.Name)!, [.. r.Cells.Select(c => c with { Seen = redactor.Redact(c.Seen)! })]))]);
}

/// <summary>A row of a grid.</summary>
/// <param name="Name">Who tried.</param>
/// <param name="Cells">By column.</param>
public sealed record EvidenceRow(string Name, IReadOnlyList<EvidenceCell> Cells);

/// <summary>A cell of a grid.</summary>
/// <param name="Expected">Whether it must succeed.</param>
/// <param name="Seen">What became of it, in words; empty where this one did not try that.</param>
/// <param name="Met">Whether that is what was expected.</param>
public sealed record EvidenceCell(bool Expected, string Seen, bool Met)
{
    /// <summary>This one did not try that.</summary>
    public static readonly EvidenceCell NotTried = new(false, "", true);
}

/// <summary>A picture of the fleet.</summary>
public static class EvidenceFleet
{
    /// <summary>The same without secrets.</summary>
    public static FleetNode Redacted(this FleetNode node, Redactor redactor) => node with
    {
        Name = redactor.Redact(node.Name)!, Pool = redactor.Redact(node.Pool),
        Holders = [.. node.Holders.Select(h => h with { Who = redactor.Redact(h.Who)! })],
        Labels = node.Labels.ToDictionary(l => l.Key, l => redactor.Redact(l.Value)!), Taints = [.. node.Taints.Select(t => redactor.Redact(t)!)],
    };
}

/// <summary>How much of something is used.</summary>
/// <param name="Used">So much.</param>
/// <param name="Of">Of so much.</param>
/// <param name="Unit">What is counted.</param>
public sealed record EvidenceBar(double Used, double Of, string Unit);
