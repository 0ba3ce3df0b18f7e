namespace SecuritySpecs.FleetProgram.Sharing;

/// <summary>A pod whose slices are being handed out.</summary>
internal sealed class PendingPod
{
    private readonly KubeClient _api;
    private readonly NodeLock _lock;
    private readonly JsonNode _pod;
    private readonly List<IReadOnlyList<Slice>> _slices;

    private PendingPod(KubeClient api, string node, JsonNode pod)
    {
        (_api, _lock, _pod) = (api, new NodeLock(api, node), pod);
        _slices = Slice.Decode(Annotation(pod, Hami.ToAllocate) ?? throw new FleetException($"pod {FullName}: device request not found (no annotation {Hami.ToAllocate})"));
    }

    /// <summary>Namespace and name, for messages.</summary>
    public string FullName => $"{Namespace}/{Name}";

    private string Namespace => (string)_pod["metadata"]!["namespace"]!;

    private string Name => (string)_pod["metadata"]!["name"]!;

    /// <summary>
    /// The pod that the kubelet must mean: the one that holds the node's lock, or else the first Pending one of the node whose
    /// annotations say that it was bound there. As in HAMi nobody checks who wrote them.
    /// </summary>
    /// <exception cref="FleetException">There is none: no HAMi scheduler placed the pod that the kubelet allocates for.</exception>
    public static async Task<PendingPod> FindAsync(KubeClient api, string node, CancellationToken cancel)
    {
        if (await new NodeLock(api, node).HolderAsync(cancel) is { } holder)
            return new PendingPod(api, node, await api.GetAsync($"/api/v1/namespaces/{holder.Namespace}/pods/{holder.Name}", cancel));
        var pods = await api.GetAsync($"/api/v1/pods?fieldSelector=spec.nodeName={node}", cancel);
        return pods["items"]!.AsArray().FirstOrDefault(p => IsBound(p!, node)) is { } pod
            ? new PendingPod(api, node, pod)
            : throw new FleetException($"no binding pod found on node {node}");
    }

    /// <summary>Takes the slices of the next container that has not got any, and says whether that container switches HAMi-core off.</summary>
    /// <exception cref="FleetException">All containers have got theirs.</exception>
    public (IReadOnlyList<Slice> Slices, bool ControlDisabled) Next()
    {
        var next = _slices.FindIndex(s => s.Count > 0);
        if (next < 0)
            throw new FleetException($"pod {FullName}: no pending device allocation found");
        var slices = _slices[next];
        _slices[next] = [];
        var spec = _pod["spec"]!;
        JsonNode?[] containers = [.. spec["initContainers"]?.AsArray() ?? [], .. spec["containers"]!.AsArray()];
        return next < containers.Length
            ? (slices, DisablesControl(containers[next]!))
            : throw new FleetException($"pod {FullName}: container index {next} out of range");
    }

    /// <summary>Tells the scheduler: what is handed out is crossed off, and when nothing is left the node is free for the next pod.</summary>
    public async Task SucceedAsync(CancellationToken cancel)
    {
        var changes = new JsonObject { [Hami.ToAllocate] = Slice.Encode(_slices) };
        var done = _slices.TrueForAll(s => s.Count == 0);
        if (done)
            changes[Hami.BindPhase] = Hami.Success;
        await AnnotateAsync(changes, cancel);
        if (done)
            await _lock.ReleaseAsync(Namespace, Name, cancel);
    }

    /// <summary>Tells the scheduler that the hand-out failed.</summary>
    public async Task FailAsync(CancellationToken cancel)
    {
        await AnnotateAsync(new JsonObject { [Hami.BindPhase] = Hami.Failed }, cancel);
        await _lock.ReleaseAsync(Namespace, Name, cancel);
    }

    private Task<JsonNode> AnnotateAsync(JsonObject annotations, CancellationToken cancel) =>
        _api.PatchAsync($"/api/v1/namespaces/{Namespace}/pods/{Name}", new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } }, cancel);

    private static bool IsBound(JsonNode pod, string node) =>
        (string?)pod["status"]?["phase"] == "Pending" && Annotation(pod, Hami.BindTime) is not null && Annotation(pod, Hami.Node) == node
        && Annotation(pod, Hami.BindPhase) is (Hami.Allocating or Hami.Success);

    private static string? Annotation(JsonNode pod, string name) => (string?)pod["metadata"]!["annotations"]?[name];

    // Only what the container's own env says: HAMi does not look into envFrom or valueFrom. The words are Go's for true.
    private static bool DisablesControl(JsonNode container) => (container["env"]?.AsArray() ?? [])
        .Any(e => (string?)e!["name"] == Hami.DisableVariable && (string?)e["value"] is ("1" or "t" or "T" or "TRUE" or "true" or "True"));
}
