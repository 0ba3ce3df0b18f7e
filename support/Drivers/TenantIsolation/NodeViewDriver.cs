using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Network;

namespace SecuritySpecs.Drivers.TenantIsolation;

/// <summary>What the pods of a scenario see of the node that they share: looked at from inside, with the tenant's own token.</summary>
public sealed class NodeViewDriver(ScenarioPlatform scenario)
{
    /// <summary>Where the pod traits that mount a folder of the node have it.</summary>
    private const string Folder = "/node";

    /// <summary>Kubelets answer health checks on this port of the node's loopback.</summary>
    private const string KubeletHealth = "http://127.0.0.1:10248/healthz";

    /// <summary>Whether a pod sees the training job of a tenant among the node's processes: by its command line, which names the namespace.</summary>
    public Task<bool> SeesJobAsync(Tenant tenant, string pod, Tenant whose) => SeesProcessAsync(tenant, pod, $"--run={whose.Namespace}");

    /// <summary>Whether a pod sees a process with some text in its command line. What else it sees is kept nowhere: it may hold credentials.</summary>
    public async Task<bool> SeesProcessAsync(Tenant tenant, string pod, string text) =>
        (await ShellAsync(tenant, pod, "cat /proc/[0-9]*/cmdline 2>/dev/null")).Contains(text, StringComparison.Ordinal);

    /// <summary>The credential files of all pods of the node, as they lie in the kubelet's directory.</summary>
    public Task<string> CredentialFilesAsync(SubmittedPod pod) =>
        ShellAsync(pod.Tenant, pod.Name, $"cat {Folder}/pods/*/volumes/kubernetes.io~secret/credentials/token 2>/dev/null");

    /// <summary>The names of what is in the folder of the node that a pod mounts.</summary>
    public Task<string> FolderAsync(SubmittedPod pod) => ShellAsync(pod.Tenant, pod.Name, $"ls {Folder}");

    /// <summary>The names of a pod's devices.</summary>
    public async Task<IReadOnlyList<string>> DevicesAsync(Tenant tenant, string pod) =>
        (await ShellAsync(tenant, pod, "ls /dev")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Tries the node's kubelet from a pod, by an address that is the node's own.</summary>
    public async Task<Observation> ProbeKubeletAsync(Tenant tenant, string pod)
    {
        var probe = await tenant.Pods.ProbeAsync(pod, KubeletHealth);
        scenario.Note($"pod {pod} of tenant \"{tenant.Name}\"", $"{KubeletHealth} is {probe.Meaning} {probe.Body}");
        return probe;
    }

    // A process may end, and its folder vanish, while it is read: what counts is what was read.
    private async Task<string> ShellAsync(Tenant tenant, string pod, string script)
    {
        var outcome = await tenant.Api.ExecAsync(tenant.Namespace, pod, "main", "sh", "-c", script);
        scenario.Note($"pod {pod} of tenant \"{tenant.Name}\"", $"{script}: {outcome.Stdout.Length} characters");
        return outcome.Stdout;
    }
}
