using System.Text.Json.Serialization;

namespace SecuritySpecs.Evidence;

/// <summary>What was expected beside what was seen: a row for who tried, a column for what.</summary>
/// <param name="Columns">What was tried.</param>
/// <param name="Rows">Who tried.</param>
/// <param name="Table">The table at the head of the report that it is a part of; null for none.</param>
public sealed record EvidenceGrid(
    IReadOnlyList<string> Columns, IReadOnlyList<EvidenceRow> Rows, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Table = null)
{
    /// <summary>The table of who may do what at the API server.</summary>
    public const string WhoCan = "who can";

    /// <summary>The same without secrets.</summary>
    public EvidenceGrid Redacted(Redactor redactor) => new([.. Columns.Select(c => redactor.Redact(c)!)],
        [.. Rows.Select(r => new EvidenceRow(redactor.Redact(r.Name)!, [.. r.Cells.Select(c => c with { Seen = redactor.Redact(c.Seen)! })]))], Table);
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
/// <param name="Of">Of so much; null where nothing limits it.</param>
/// <param name="Unit">What is counted.</param>
public sealed record EvidenceBar(double Used, double? Of, string Unit)
{
    /// <summary>Whether more is used than should be.</summary>
    public bool IsOver() => Used > (Of ?? 0);

    /// <summary>How much of it is used, in percent: all of it where nothing limits it.</summary>
    public double Percent() => Of > 0 ? Math.Clamp(100 * Used / Of.Value, 0, 100) : Used > 0 ? 100 : 0;
}
