using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Requests;
using SecuritySpecs.Network;

namespace SecuritySpecs.Drivers.TenantIsolation;

/// <summary>What the pods of a scenario see of the node that they share: looked at from inside, with the tenant's own token.</summary>
public sealed partial class NodeViewDriver(ScenarioPlatform scenario)
{
    /// <summary>Where the pod traits that mount a folder of the node have it.</summary>
    private const string Folder = "/node";

    /// <summary>Kubelets answer health checks on this port of the node's loopback.</summary>
    private const string KubeletHealth = "http://127.0.0.1:10248/healthz";

    // A process of our own that looks may end, and its folder vanish, while it is read. Each process is one block: its number, and its command line.
    private const string ListProcesses = "for p in /proc/[0-9]*; do echo \"${p#/proc/}\"; cat $p/cmdline 2>/dev/null; echo; done";

    /// <summary>Whether a pod sees the training job of a tenant among the node's processes: by its command line, which names the namespace.</summary>
    public async Task<bool> SeesJobAsync(Tenant tenant, string pod, Tenant whose) =>
        (await ProcessesAsync(tenant, pod)).Any(p => p.Contains(JobMark(whose), StringComparison.Ordinal));

    /// <summary>The processes that the training job of a tenant sees beside those that its pod must have: the job, its pause between two steps, and who looks.</summary>
    public async Task<IReadOnlyList<string>> StrangersAtJobAsync(Tenant tenant) => [.. (await ProcessesAsync(tenant, TenantRequest.Job))
        .Where(p => !(p.StartsWith("sh ", StringComparison.Ordinal) && (p.Contains(JobMark(tenant), StringComparison.Ordinal) || p.Contains("/proc/[0-9]*", StringComparison.Ordinal)))
            && p is not "sleep 0.2" && !p.StartsWith("cat /proc/", StringComparison.Ordinal))];

    /// <summary>The namespace of processes that a pod lives in, by the number that the node's kernel gave it.</summary>
    public async Task<string> ProcessNamespaceAsync(Tenant tenant, string pod) =>
        PidNamespace().Match(await ShellAsync(tenant, pod, "ls -l /proc/self/ns/pid")).Value;

    // What else it sees is kept nowhere: it may hold credentials. A process without a command line is the kernel's, or has just ended.
    private async Task<IReadOnlyList<string>> ProcessesAsync(Tenant tenant, string pod) =>
        [.. Blocks().Matches(await ShellAsync(tenant, pod, ListProcesses)).Select(m => m.Groups[1].Value.Replace('\0', ' ').Trim()).Where(line => line.Length > 0)];

    private static string JobMark(Tenant whose) => $"--run={whose.Namespace}";

    [GeneratedRegex(@"pid:\[[0-9]+\]")]
    private static partial Regex PidNamespace();

    [GeneratedRegex(@"(?m)^[0-9]+\n(.*)$")]
    private static partial Regex Blocks();

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
