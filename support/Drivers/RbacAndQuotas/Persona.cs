using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.RbacAndQuotas;

/// <summary>Somebody whose work takes certain rights around a tenant, as the reference configuration has him.</summary>
/// <param name="Phrase">As features call him.</param>
/// <param name="Account">His ServiceAccount.</param>
/// <param name="Control">The file of fleet-fixtures/controls that gives him his rights, without <c>.yaml</c>.</param>
/// <param name="Platform">Whether he is the platform's, not one tenant's.</param>
public sealed record Persona(string Phrase, string Account, string Control = Persona.File, bool Platform = false)
{
    /// <summary>Every phrase, as a regular expression.</summary>
    public const string Phrases = "platform admin|tenant admin|GPU developer|deployer|telemetry reader|inference client|registry gateway|auditor";

    /// <summary>The one whose role every tenant's own account has.</summary>
    public const string Developer = "GPU developer";

    /// <summary>The file that has most of them.</summary>
    public const string File = "personas";

    /// <summary>Every persona that features may name.</summary>
    public static readonly IReadOnlyList<Persona> All =
    [
        new("platform admin", "platform-admin", Platform: true),
        new("tenant admin", "tenant-admin"),
        new(Developer, Tenant.ServiceAccount, "tenant"),
        new("deployer", "deployer"),
        new("telemetry reader", "telemetry-reader", Platform: true),
        new("inference client", "inference-client"),
        new("registry gateway", "registry-gateway", "secret-reach"),
        new("auditor", "auditor", Platform: true),
    ];
}
