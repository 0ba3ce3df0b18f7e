using System.Security.Cryptography;

namespace SecuritySpecs.PlatformAudit;

/// <summary>How much a finding lets happen.</summary>
public enum Severity
{
    /// <summary>The platform, or every tenant's data, with no further step.</summary>
    Critical,

    /// <summary>Another tenant's data, or all of its GPUs.</summary>
    High,

    /// <summary>A safeguard that does not hold where another one fails.</summary>
    Medium,

    /// <summary>What is worth to be known.</summary>
    Low,
}

/// <summary>Something in a cluster that is not as a control wants it. It names objects and fields, and never a secret value.</summary>
/// <param name="Control">The control, as in features/catalogue.yaml.</param>
/// <param name="Severity">How much it lets happen.</param>
/// <param name="Target">The object, for example <c>Namespace blue</c> or <c>Pod blue/train-0</c>.</param>
/// <param name="Problem">What is wrong with it, in a few words.</param>
/// <param name="Allows">What it allows, in one sentence.</param>
/// <param name="Fix">What to do, as a command or YAML.</param>
public sealed record AuditFinding(string Control, Severity Severity, string Target, string Problem, string Allows, string Fix)
{
    /// <summary>Stands for control, object and problem, whatever words explain them: 16 hexadecimal digits. What a baseline accepts.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Control}\n{Target}\n{Problem}")))[..16];
}
