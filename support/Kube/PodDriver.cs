using System.Collections.Concurrent;

namespace SecuritySpecs.Kube;

/// <summary>Creates pods in one namespace as one identity, and looks at what became of them.</summary>
/// <param name="api">Who creates the pods.</param>
/// <param name="run">The run: where workloads are, and the fleet image.</param>
/// <param name="namespace">The namespace.</param>
/// <param name="serviceAccount">The pods' ServiceAccount.</param>
/// <param name="watcher">Who looks at the pods; <paramref name="api"/> when null.</param>
public sealed class PodDriver(KubeApi api, RunManifests run, string @namespace, string serviceAccount, KubeApi? watcher = null)
{
    /// <summary>The container of a pod's work, in every file of fleet-fixtures.</summary>
    public const string Main = "main";

    /// <summary>The image of pods that no node may run, where there is no other: nobody pulls it.</summary>
    public const string NoImage = "parked";

    private const string GpuResource = "nvidia.com/gpu";
    private static readonly string[] NotYet = ["error looking up service account", "No API token found for service account"];
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private readonly KubeApi _watcher = watcher ?? api;
    private readonly ConcurrentDictionary<string, byte> _ran = new();

    /// <summary>The namespace's pods.</summary>
    public string Collection => $"/api/v1/namespaces/{@namespace}/pods";

    /// <summary>Asks for a pod.</summary>
    /// <param name="name">The pod's name.</param>
    /// <param name="workload">The manifest under fleet-fixtures.</param>
    /// <param name="where">Which nodes may run it.</param>
    /// <param name="change">Changes the pod before it is sent; null for none.</param>
    /// <param name="dryRun">Have it judged by admission, and kept by nobody.</param>
    /// <param name="values">Values for further placeholders of the manifest.</param>
    /// <returns>What the API server answered: refusal is a verdict, not an error.</returns>
    public async Task<ApiAnswer> TryAddAsync(
        string name, string workload, Placement where, Action<JsonObject>? change = null, bool dryRun = false,
        IReadOnlyDictionary<string, string>? values = null)
    {
        var pod = Load(name, workload, where, values);
        change?.Invoke(pod);
        // A new ServiceAccount is seen by admission a moment after it was created; before 1.22 its token comes a moment later still.
        return await Poll.UntilAsync($"pod {name} to be judged", () => api.PostAsync(dryRun ? Collection + "?dryRun=All" : Collection, pod.DeepClone()),
            a => !NotYet.Any(n => a.Message?.Contains(n, StringComparison.Ordinal) == true), a => a.ToString());
    }

    /// <summary>A pod as it would be asked for: for the template of something that makes pods.</summary>
    public JsonObject Load(string name, string workload, Placement where, IReadOnlyDictionary<string, string>? values = null)
    {
        var pod = run.Load(workload, new Dictionary<string, string>(values ?? new Dictionary<string, string>())
        {
            ["NAME"] = name, ["NAMESPACE"] = @namespace, ["IMAGE"] = run.FleetImage ?? NeverPulled(where),
        }).Objects[0];
        pod["metadata"]!["labels"]![RunLabels.Run] = run.Id;
        pod["spec"]!["serviceAccountName"] = serviceAccount;
        where.ApplyTo(pod);
        return pod;
    }

    /// <summary>Creates a pod that must be admitted.</summary>
    /// <exception cref="KubeApiException">It was refused.</exception>
    public async Task AddAsync(
        string name, string workload, Placement where, Action<JsonObject>? change = null, IReadOnlyDictionary<string, string>? values = null) =>
        (await TryAddAsync(name, workload, where, change, values: values)).OrThrow();

    /// <summary>Sets how many GPUs a pod asks for.</summary>
    /// <param name="count">How many.</param>
    /// <param name="priority">The pod's PriorityClass; null for none.</param>
    public static Action<JsonObject> Gpus(int count, string? priority = null) => pod =>
    {
        pod["spec"]!["containers"]![0]!["resources"]!["limits"]![GpuResource] = count.ToString(CultureInfo.InvariantCulture);
        if (priority is not null)
            pod["spec"]!["priorityClassName"] = priority;
    };

    /// <summary>The GPUs that the namespace's pods ask for, those that have ended aside: what a quota should count.</summary>
    public async Task<int> GpusAskedForAsync() => (await _watcher.GetUnrecordedAsync(Collection)).OrThrow().Items
        .Where(p => (string?)p!["status"]?["phase"] is not ("Succeeded" or "Failed")).Sum(p => GpusOf(p!));

    /// <summary>The GPUs that a pod asks for.</summary>
    public static int GpusOf(JsonNode pod) => pod["spec"]!["containers"]!.AsArray()
        .Sum(c => int.Parse((string?)c!["resources"]?["limits"]?[GpuResource] ?? "0", CultureInfo.InvariantCulture));

    /// <summary>
    /// Waits until a pod is ready and has shown that it ran: it has an image and a started container, and the kubelet of its node
    /// hands out a line of its own output. A status alone is no proof, for on an API-only node anybody may write one.
    /// </summary>
    /// <param name="name">The pod's name.</param>
    /// <param name="deadline">Longest wait; 60 s when null: how long a busy node needs for a pod says nothing about a control.</param>
    /// <exception cref="TimeoutException">It did not come up; the message says how far it got.</exception>
    public async Task<JsonNode> WaitReadyAsync(string name, TimeSpan? deadline = null)
    {
        deadline ??= StartDeadline;
        var pod = await WaitAsync(name, "Ready and shown to have run", p => IsReady(p) && WhyNotStarted(p) is null, deadline);
        if (!_ran.ContainsKey((string)pod["metadata"]!["uid"]!))
        {
            var container = (string)pod["spec"]!["containers"]![0]!["name"]!;
            await Poll.UntilAsync($"a line of output of pod {@namespace}/{name}", () => _watcher.GetUnrecordedAsync($"{Collection}/{name}/log?container={container}&limitBytes=1"),
                a => a.Allowed && a.Body?.ToString() is { Length: > 0 }, a => a.ToString(), deadline);
            _ran[(string)pod["metadata"]!["uid"]!] = 0;
        }

        return pod;
    }

    /// <summary>Waits until a pod has its place on a node, which says that it is ready. That says nothing about whether it ran: the node may exist in the API only.</summary>
    public Task<JsonNode> WaitPlacedAsync(string name) => WaitAsync(name, "placed", p => p["spec"]!["nodeName"] is not null && IsReady(p));

    /// <summary>Waits until a pod is in a phase, for example <c>Succeeded</c>.</summary>
    public async Task<JsonNode> WaitPhaseAsync(string name, string phase) =>
        await WaitAsync(name, phase, pod => (string?)pod["status"]?["phase"] == phase);

    /// <summary>Waits until the scheduler says that no node can take a pod.</summary>
    /// <returns>The scheduler's message.</returns>
    public async Task<string> WaitUnschedulableAsync(string name)
    {
        var pod = await WaitAsync(name, "refused by the scheduler", p => Unschedulable(p) is not null);
        return Unschedulable(pod)!;
    }

    /// <summary>The value of an environment variable in a running pod; null where it is not set.</summary>
    public async Task<string?> EnvironmentAsync(string pod, string variable, string container = Main) => (await RunInAsync(container, pod, "env")).Split('\n')
        .FirstOrDefault(l => l.StartsWith(variable + "=", StringComparison.Ordinal))?[(variable.Length + 1)..];

    /// <summary>The URL of a port of a running pod.</summary>
    public static string UrlOf(JsonNode pod, int port) => $"http://{HostName.InUrl((string)pod["status"]!["podIP"]!)}:{port}/";

    /// <summary>Runs a command in the main container of a pod.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public Task<string> RunAsync(string pod, params string[] command) => RunInAsync(Main, pod, command);

    private async Task<string> RunInAsync(string container, string pod, params string[] command)
    {
        var outcome = await _watcher.ExecAsync(@namespace, pod, container, command);
        return outcome.ExitCode == 0 ? outcome.Stdout
            : throw new InvalidOperationException($"{string.Join(' ', command)} in pod {pod} ended with {outcome.ExitCode}: {outcome.Stderr}");
    }

    // Pods that no node may run need no image.
    private static string NeverPulled(Placement where) =>
        where == Placement.Nowhere ? NoImage : throw new EnvironmentException("No --fleet-image was given to run pods with.");

    private Task<JsonNode> WaitAsync(string name, string state, Func<JsonNode, bool> reached, TimeSpan? deadline = null) =>
        Watch.UntilAsync(_watcher, Collection, name, $"pod {@namespace}/{name} to be {state}", reached, Describe, deadline);

    private static bool IsReady(JsonNode pod) =>
        (pod["status"]?["conditions"]?.AsArray() ?? []).Any(c => (string?)c!["type"] == "Ready" && (string?)c["status"] == "True");

    // What a kubelet writes, of every container.
    private static string? WhyNotStarted(JsonNode pod) => pod["spec"]!["containers"]!.AsArray().Select(c => (string)c!["name"]!).Select(name =>
        (pod["status"]?["containerStatuses"]?.AsArray() ?? []).FirstOrDefault(s => (string?)s!["name"] == name) switch
        {
            null => $"container {name} has no status",
            var s when (string?)s["imageID"] is not { Length: > 0 } => $"container {name} has no imageID",
            var s when (string?)s["containerID"] is not { Length: > 0 } => $"container {name} has no containerID",
            var s when (bool?)s["started"] != true => $"container {name} has not started",
            _ => null,
        }).FirstOrDefault(why => why is not null);

    private static string? Unschedulable(JsonNode pod) => (string?)(pod["status"]?["conditions"]?.AsArray() ?? [])
        .FirstOrDefault(c => (string?)c!["type"] == "PodScheduled" && (string?)c["reason"] == "Unschedulable")?["message"];

    private static string Describe(JsonNode pod)
    {
        var status = pod["status"]!;
        var waiting = (status["containerStatuses"]?.AsArray() ?? []).Select(c => c!["state"]?["waiting"] ?? c["state"]?["terminated"])
            .OfType<JsonNode>().Select(w => $"{(string?)w["reason"]} {(string?)w["message"]}");
        return $"phase {(string?)status["phase"]} on node {(string?)pod["spec"]!["nodeName"] ?? "none"} {Unschedulable(pod)} {(string?)status["reason"]} {(string?)status["message"]} {string.Join("; ", waiting)}{(IsReady(pod) && WhyNotStarted(pod) is { } why ? $"ready by its status, but {why}" : "")}".TrimEnd();
    }
}
