using SecuritySpecs.Cluster;

namespace SecuritySpecs.Kube;

/// <summary>Creates pods in one namespace as one identity, and looks at what became of them.</summary>
/// <param name="api">Who creates the pods.</param>
/// <param name="options">The run: where workloads are, and the fleet image.</param>
/// <param name="namespace">The namespace.</param>
/// <param name="serviceAccount">The pods' ServiceAccount.</param>
/// <param name="watcher">Who looks at the pods; <paramref name="api"/> when null.</param>
public sealed class PodDriver(KubeApi api, RunOptions options, string @namespace, string serviceAccount, KubeApi? watcher = null)
{
    private const string GpuResource = "nvidia.com/gpu";
    private readonly KubeApi _watcher = watcher ?? api;

    /// <summary>The namespace's pods.</summary>
    public string Collection => $"/api/v1/namespaces/{@namespace}/pods";

    /// <summary>Asks for a pod.</summary>
    /// <param name="name">The pod's name.</param>
    /// <param name="workload">The manifest under fleet-fixtures.</param>
    /// <param name="where">Which nodes may run it.</param>
    /// <param name="change">Changes the pod before it is sent; null for none.</param>
    /// <param name="dryRun">Have it judged by admission, and kept by nobody.</param>
    /// <returns>What the API server answered: refusal is a verdict, not an error.</returns>
    public async Task<ApiAnswer> TryAddAsync(string name, string workload, Placement where, Action<JsonObject>? change = null, bool dryRun = false)
    {
        var pod = Load(name, workload, where);
        change?.Invoke(pod);
        // A new ServiceAccount is seen by admission a moment after it was created.
        return await Poll.UntilAsync($"pod {name} to be judged", () => api.PostAsync(dryRun ? Collection + "?dryRun=All" : Collection, pod.DeepClone()),
            a => a.Message?.Contains("error looking up service account", StringComparison.Ordinal) != true, a => a.ToString());
    }

    /// <summary>A pod as it would be asked for: for the template of something that makes pods.</summary>
    public JsonObject Load(string name, string workload, Placement where)
    {
        var pod = Manifest.Load(options.Fixtures, workload, new Dictionary<string, string>
        {
            ["NAME"] = name, ["NAMESPACE"] = @namespace, ["IMAGE"] = options.FleetImage ?? NeverPulled(where),
        }).Objects[0];
        pod["metadata"]!["labels"]![RunLabels.Run] = options.RunId;
        pod["spec"]!["serviceAccountName"] = serviceAccount;
        where.ApplyTo(pod);
        return pod;
    }

    /// <summary>Creates a pod that must be admitted.</summary>
    /// <exception cref="KubeApiException">It was refused.</exception>
    public async Task AddAsync(string name, string workload, Placement where, Action<JsonObject>? change = null) =>
        (await TryAddAsync(name, workload, where, change)).OrThrow();

    /// <summary>Sets how many GPUs a pod asks for.</summary>
    public static Action<JsonObject> Gpus(int count) => pod =>
        pod["spec"]!["containers"]![0]!["resources"]!["limits"]![GpuResource] = count.ToString(CultureInfo.InvariantCulture);

    /// <summary>The GPUs that the namespace's pods ask for, those that have ended aside: what a quota should count.</summary>
    public async Task<int> GpusAskedForAsync() => (await _watcher.PeekAsync(Collection)).OrThrow().Items
        .Where(p => (string?)p!["status"]?["phase"] is not ("Succeeded" or "Failed")).Sum(p => GpusOf(p!));

    /// <summary>The GPUs that a pod asks for.</summary>
    public static int GpusOf(JsonNode pod) => pod["spec"]!["containers"]!.AsArray()
        .Sum(c => int.Parse((string?)c!["resources"]?["limits"]?[GpuResource] ?? "0", CultureInfo.InvariantCulture));

    /// <summary>Waits until a pod runs and is ready.</summary>
    /// <exception cref="TimeoutException">It did not come up; the message says how far it got.</exception>
    public async Task<JsonNode> WaitReadyAsync(string name) => (await WaitAsync(name, "Ready", pod =>
        (pod["status"]?["conditions"]?.AsArray() ?? []).Any(c => (string?)c!["type"] == "Ready" && (string?)c["status"] == "True")))!;

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
    public async Task<string?> EnvironmentAsync(string pod, string variable)
    {
        var outcome = await _watcher.ExecAsync(@namespace, pod, "main", "env");
        if (outcome.ExitCode != 0)
            throw new InvalidOperationException($"env in pod {pod} ended with {outcome.ExitCode}: {outcome.Stderr}");
        return outcome.Stdout.Split('\n').FirstOrDefault(l => l.StartsWith(variable + "=", StringComparison.Ordinal))?[(variable.Length + 1)..];
    }

    /// <summary>The URL of a port of a running pod.</summary>
    public static string UrlOf(JsonNode pod, int port)
    {
        var address = (string)pod["status"]!["podIP"]!;
        return $"http://{(address.Contains(':') ? $"[{address}]" : address)}:{port}/";
    }

    /// <summary>Tries a network target from inside a pod.</summary>
    /// <param name="pod">A running pod of the fleet image.</param>
    /// <param name="target"><c>tcp://HOST:PORT</c> or a URL.</param>
    /// <param name="timeoutMs">How long to wait for an answer, in milliseconds.</param>
    public async Task<ProbeOutcome> ProbeAsync(string pod, string target, int timeoutMs = 1000)
    {
        var outcome = await _watcher.ExecAsync(@namespace, pod, "main", "fleet", "probe", target, "--timeout-ms", timeoutMs.ToString(CultureInfo.InvariantCulture));
        if (outcome.ExitCode != 0)
            throw new InvalidOperationException($"fleet probe {target} in pod {pod} ended with {outcome.ExitCode}: {outcome.Stderr}");
        var result = JsonNode.Parse(outcome.Stdout)!;
        return new((string)result["result"]!, (string?)result["body"]);
    }

    // Pods that no node may run need no image.
    private static string NeverPulled(Placement where) =>
        where == Placement.Nowhere ? "parked" : throw new EnvironmentException("No --fleet-image was given to run pods with.");

    private Task<JsonNode> WaitAsync(string name, string state, Func<JsonNode, bool> reached) =>
        Watch.UntilAsync(_watcher, Collection, name, $"pod {@namespace}/{name} to be {state}", reached, Describe);

    private static string? Unschedulable(JsonNode pod) => (string?)(pod["status"]?["conditions"]?.AsArray() ?? [])
        .FirstOrDefault(c => (string?)c!["type"] == "PodScheduled" && (string?)c["reason"] == "Unschedulable")?["message"];

    private static string Describe(JsonNode pod)
    {
        var status = pod["status"]!;
        var waiting = (status["containerStatuses"]?.AsArray() ?? []).Select(c => c!["state"]?["waiting"] ?? c["state"]?["terminated"])
            .OfType<JsonNode>().Select(w => $"{(string?)w["reason"]} {(string?)w["message"]}");
        return $"phase {(string?)status["phase"]} on node {(string?)pod["spec"]!["nodeName"] ?? "none"} {Unschedulable(pod)} {(string?)status["reason"]} {(string?)status["message"]} {string.Join("; ", waiting)}".TrimEnd();
    }
}

/// <summary>What a probe from inside a pod saw.</summary>
/// <param name="Result"><c>open</c>, <c>refused</c>, <c>timeout</c> or another word of <c>fleet probe</c>.</param>
/// <param name="Body">The beginning of an HTTP answer.</param>
public sealed record ProbeOutcome(string Result, string? Body);

/// <summary>Which nodes may run a pod.</summary>
public sealed record Placement
{
    private readonly JsonObject? _selector;
    private readonly IReadOnlyList<Fleet.NodeTaint> _tolerated;

    private Placement(JsonObject? selector, IReadOnlyList<Fleet.NodeTaint> tolerated) => (_selector, _tolerated) = (selector, tolerated);

    /// <summary>Any real node.</summary>
    public static Placement AnyRealNode { get; } = new(null, []);

    /// <summary>No node: for scenarios about admission alone, whose pods need no GPU to make their point.</summary>
    public static Placement Nowhere { get; } = new(new() { ["security.specs/parked"] = "true" }, []);

    /// <summary>One node.</summary>
    public static Placement On(string node) => new(Host(node), []);

    /// <summary>One node, which exists in the API only.</summary>
    public static Placement OnApiOnly(string node, string runId) => new(Host(node), [ApiOnly(runId)]);

    /// <summary>Any node of the fleet, the run's API-only nodes included, whose pool's taint is among those tolerated.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="tolerated">Taints of pools; with none, pools that have one are out of reach.</param>
    public static Placement AnyNode(string runId, params IReadOnlyList<Fleet.NodeTaint> tolerated) => new(null, [ApiOnly(runId), .. tolerated]);

    /// <summary>Writes the placement into a pod.</summary>
    public void ApplyTo(JsonObject pod)
    {
        var spec = pod["spec"]!.AsObject();
        if (_selector is not null)
            spec["nodeSelector"] = _selector.DeepClone();
        if (spec["tolerations"] is not JsonArray)
            spec["tolerations"] = new JsonArray();
        foreach (var taint in _tolerated)
            spec["tolerations"]!.AsArray().Add(taint.ToJson());
    }

    private static JsonObject Host(string node) => new() { ["kubernetes.io/hostname"] = node };

    private static Fleet.NodeTaint ApiOnly(string runId) => new(Fleet.ApiOnlyNodes.Taint, runId, "NoSchedule");
}
