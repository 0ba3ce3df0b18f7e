namespace SecuritySpecs.Cluster;

/// <summary>
/// What a cluster that this project starts must be able to do, by its Kubernetes version: <c>--require expected</c> demands it, and
/// continuous integration does so. Without one of these a control would be inconclusive, and nobody would notice.
/// </summary>
public static partial class ExpectedCapabilities
{
    /// <summary>Stands for all of them in <c>--require</c>.</summary>
    public const string Keyword = "expected";

    private static readonly Version Always = new(1, 0);

    /// <summary>Every capability, with the first version that must have it.</summary>
    public static readonly IReadOnlyList<ExpectedCapability> All =
    [
        new("gpu", Always), new("gpu-room", Always), new("own-fleet", Always), new("shared-gpu", Always), new("workload-image", Always),
        new("network-policy", Always), new("cluster-dns", Always), new("outside-world", Always), new("prometheus", Always),
        new("pod-node-selector", Always), new("pod-toleration-restriction", Always),
        new("certificate-signing", Always), new("kubelet-port", Always), new("node-port", Always), new("audit-log", Always), new("control-plane-files", Always), new("kubectl", Always),
        new("namespace-names", new(1, 21)), new("affinity-quota", new(1, 22)), new("kustomize-components", new(1, 22)), new("pod-security-admission", new(1, 23)), new("ephemeral-containers", new(1, 23)),
        new("validating-admission-policy", new(1, 30)), new("dra", new(1, 34)), new("pod-level-resources", new(1, 34)), new("image-volumes", new(1, 35)),
        new("sandbox-runtime", null, "this project's clusters have runc alone"),
        new("always-pull", null, "the images of this project's clusters are in no registry that they could be pulled from"),
    ];

    /// <summary>What a version must have.</summary>
    /// <param name="version">An API server's <c>gitVersion</c>.</param>
    /// <exception cref="FormatException">The text is no version.</exception>
    public static IReadOnlyList<string> Of(string version)
    {
        var number = Number().Match(version) is { Success: true } match ? Version.Parse(match.Groups[1].Value)
            : throw new FormatException($"\"{version}\" is no version of Kubernetes, so nobody knows what it must be able to do.");
        return [.. All.Where(c => c.Since is { } since && since <= number).Select(c => c.Name)];
    }

    /// <summary>What was demanded, with the keyword spelt out.</summary>
    /// <param name="required">As in <c>--require</c>.</param>
    /// <param name="version">The API server's <c>gitVersion</c>.</param>
    public static IReadOnlyList<string> Resolve(IReadOnlyList<string> required, string version) =>
        [.. required.SelectMany(r => r == Keyword ? Of(version) : [r]).Distinct()];

    [GeneratedRegex(@"^v?(\d+\.\d+)")]
    private static partial Regex Number();
}

/// <summary>A capability that clusters must have from some version on.</summary>
/// <param name="Name">As in <c>@needs:NAME</c>.</param>
/// <param name="Since">The first version; null for none.</param>
/// <param name="WhyNot">Why no version must have it.</param>
public sealed record ExpectedCapability(string Name, Version? Since, string? WhyNot = null);
