using SecuritySpecs.Cluster.Canaries;
using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.TenantIsolation;

/// <summary>Pods in a sandbox, and the kernel that a pod runs on.</summary>
public sealed class SandboxDriver(ScenarioPlatform scenario, PodFactory factory)
{
    // A sandbox that is no Linux kernel may lack the second file.
    private const string Look = "cat /proc/version; cat /proc/sys/kernel/random/boot_id 2>/dev/null; true";

    /// <summary>Runs a pod in the sandbox of the platform, on the node under test, until it is ready.</summary>
    public async Task<SubmittedPod> RunAsync(Tenant tenant)
    {
        var name = await SandboxCanary.FindAsync(scenario.Platform.Admin) ?? throw new InvalidOperationException("There is no RuntimeClass of a sandbox any more.");
        return await PodFactory.ReadyAsync(await factory.SubmitAsync(tenant, "sandboxed", PodFactory.PlainPod, scenario.Platform.Fleet.NodeUnderTestOrAny,
            pod => pod["spec"]!["runtimeClassName"] = name));
    }

    /// <summary>The kernel that a running pod sees.</summary>
    public async Task<Kernel> KernelAsync(SubmittedPod pod)
    {
        var kernel = Kernel.Of(await pod.Tenant.Pods.RunAsync(pod.Name, "sh", "-c", Look));
        scenario.Note($"pod {pod.Name} of tenant \"{pod.Tenant.Name}\"", $"runs on {kernel}");
        return kernel;
    }
}

/// <summary>A kernel that runs.</summary>
/// <param name="Version">What it says of itself in <c>/proc/version</c>.</param>
/// <param name="Boot">Which start of it this is: the same for all pods of a node that share it. Null where it does not say.</param>
public sealed record Kernel(string Version, string? Boot)
{
    /// <summary>From the two files, a line each.</summary>
    public static Kernel Of(string lines) => lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var version, .. var rest]
        ? new(version, rest.FirstOrDefault()) : throw new FormatException("The pod says nothing of its kernel.");

    /// <summary>Whether this is surely another kernel: of the same version, it must have been started at another time.</summary>
    public bool IsOtherThan(Kernel other) => Boot is not null && other.Boot is not null ? Boot != other.Boot : Version != other.Version;

    /// <inheritdoc/>
    public override string ToString() => $"\"{Version}\", {(Boot is null ? "which does not say when it was started" : $"boot {Boot}")}";
}
