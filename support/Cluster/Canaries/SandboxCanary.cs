namespace SecuritySpecs.Cluster.Canaries;

/// <summary>Finds the RuntimeClass by which a pod gets a kernel of its own.</summary>
public static class SandboxCanary
{
    /// <summary>The label that marks such a RuntimeClass where its handler has a name of the platform's own.</summary>
    public const string Label = "security.specs/sandbox";

    // As Kata Containers and gVisor name them: kata, kata-qemu, kata-clh; runsc in gVisor's documentation, gvisor at GKE.
    private static readonly string[] Handlers = ["kata", "runsc", "gvisor"];

    /// <summary>The name of the first such RuntimeClass; null where there is none.</summary>
    public static async Task<string?> FindAsync(KubeApi admin) => (await admin.GetUnrecordedAsync("/apis/node.k8s.io/v1/runtimeclasses")).OrThrow().Items.Select(c => c!)
        .Where(c => (string?)c["metadata"]!["labels"]?[Label] == "true" || Handlers.Any(h => ((string)c["handler"]!).StartsWith(h, StringComparison.Ordinal)))
        .Select(c => (string)c["metadata"]!["name"]!).Order(StringComparer.Ordinal).FirstOrDefault();

    internal static async Task<CapabilityInfo> DetectAsync(KubeApi admin)
    {
        var name = await FindAsync(admin);
        return new(CapabilityDetector.Sandbox, name is not null, name is not null ? $"RuntimeClass {name} starts pods in a sandbox"
            : $"no RuntimeClass has a handler of a sandbox ({string.Join(", ", Handlers)}) or the label {Label}: \"true\"");
    }
}
