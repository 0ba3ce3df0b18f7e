using SecuritySpecs.Drivers.NetworkBoundaries;
using SecuritySpecs.Drivers.RbacAndQuotas;

namespace SecuritySpecs.Steps.Shared;

/// <summary>Somebody who asks something of the API server.</summary>
/// <param name="Name">As features call him: <c>tenant "blue"</c>, <c>the auditor</c>, <c>a stranger</c>.</param>
public sealed record Actor(string Name)
{
    /// <summary>The run's own account, which may do everything.</summary>
    public const string ClusterAdmin = "the cluster admin";

    /// <summary>Whoever uses the credentials that an answer gave away.</summary>
    public const string Thief = "the thief";

    /// <summary>An account that nobody has given a right.</summary>
    public const string Stranger = "a stranger";

    /// <summary>Every name, as a regular expression.</summary>
    public const string Names = "tenant \"[^\"]+\"|" + ClusterAdmin + "|" + Thief + "|" + Stranger + "|the (?:" + Persona.Phrases + "|" + Watcher.Phrases + ")";

    private const string TenantPrefix = "tenant \"";
    private const string Article = "the ";

    /// <summary>The name of the tenant; null for somebody else.</summary>
    public string? Tenant => Name.StartsWith(TenantPrefix, StringComparison.Ordinal) ? Name[TenantPrefix.Length..^1] : null;

    /// <summary>The persona; null for somebody else.</summary>
    public Persona? Persona => Persona.All.FirstOrDefault(p => Article + p.Phrase == Name);

    /// <summary>The account around the metrics; null for somebody else.</summary>
    public Watcher? Watcher => Watcher.All.FirstOrDefault(w => Article + w.Phrase == Name);
}
