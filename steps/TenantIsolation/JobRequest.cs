using SecuritySpecs.Drivers.TenantIsolation;

namespace SecuritySpecs.Steps.TenantIsolation;

/// <summary>A GPU job that a tenant asks for.</summary>
/// <param name="Job">The job.</param>
/// <param name="Evasion">How it tries to get out of its cap; null for not at all.</param>
public sealed partial record JobRequest(GpuJob Job, CapEvasion? Evasion)
{
    /// <summary>Every such job, as a regular expression.</summary>
    public const string Forms = "a GPU job(?: of \\d+ MiB)? in a slice of \\d+ MiB(?: and \\d+ %)?(?: that (?:" + CapEvasion.Phrases + "))?";

    private const int SmallMiB = 1000;
    private const int FewCores = 10;

    /// <summary>The job in a step's words.</summary>
    public static JobRequest Of(string words)
    {
        var parts = Parts().Match(words).Groups;
        return new(new(Number(parts["memory"], SmallMiB), Number(parts["slice"], 0), Number(parts["cores"], FewCores)),
            parts["evasion"].Success ? CapEvasion.Of(parts["evasion"].Value) : null);
    }

    private static int Number(Group part, int otherwise) => part.Success ? int.Parse(part.Value, CultureInfo.InvariantCulture) : otherwise;

    [GeneratedRegex("^a GPU job(?: of (?<memory>\\d+) MiB)? in a slice of (?<slice>\\d+) MiB(?: and (?<cores>\\d+) %)?(?: that (?<evasion>.+))?$")]
    private static partial Regex Parts();
}
