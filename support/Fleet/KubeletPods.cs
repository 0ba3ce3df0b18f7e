namespace SecuritySpecs.Fleet;

/// <summary>
/// What really runs on a node, as its kubelet sees it in the container runtime. A pod that was deleted by force is gone from the API at
/// once, and with it from the quota and from the books of GPUs, while its containers run on.
/// </summary>
/// <param name="admin">May reach the kubelet through the API server (<c>nodes/proxy</c>).</param>
/// <param name="node">The node.</param>
public sealed class KubeletPods(KubeApi admin, string node)
{
    // What the API server writes for a pod that the kubelet has from a file: the UID by which the kubelet knows it.
    private const string FileHash = "kubernetes.io/config.hash";

    /// <summary>The pods with a container that runs. The kubelet's list may be two seconds old.</summary>
    public async Task<IReadOnlyList<RunningPod>> RunningAsync() =>
        [.. (await admin.GetUnrecordedAsync($"/api/v1/nodes/{node}/proxy/runningpods/")).OrThrow().Items.Select(p => RunningPod.Of(p!))];

    /// <summary>
    /// The pods that run and have no object in the API: deleted by force, and not yet ended. As the kubelet's list may be old, a pod that
    /// came to its regular end may be among them for a moment.
    /// </summary>
    public async Task<IReadOnlyList<RunningPod>> WithoutObjectAsync()
    {
        var before = await RunningAsync();
        var known = (await admin.GetUnrecordedAsync($"/api/v1/pods?fieldSelector=spec.nodeName={node}")).OrThrow().Items
            .SelectMany(p => (string?[])[(string?)p!["metadata"]!["uid"], (string?)p["metadata"]!["annotations"]?[FileHash]]).ToHashSet();
        return [.. before.Intersect(await RunningAsync()).Where(p => !known.Contains(p.Uid))];
    }

    /// <summary>Waits until a pod is on the list.</summary>
    public Task AwaitRunningAsync(string uid) => Poll.UntilAsync($"the pod {uid} to run on {node}", RunningAsync, p => p.Any(r => r.Uid == uid), p => string.Join(", ", p));

    /// <summary>Waits until no container of some namespaces runs on the node any more, of pods that were on the list.</summary>
    public Task AwaitEndedAsync(IReadOnlyCollection<string> namespaces) => Poll.UntilAsync($"all pods of {string.Join(", ", namespaces)} on {node} to have ended",
        async () => (await RunningAsync()).Where(p => namespaces.Contains(p.Namespace)).ToList(), p => p.Count == 0, p => string.Join(", ", p));
}

/// <summary>A pod with a container that runs.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its UID.</param>
public sealed record RunningPod(string Namespace, string Name, string Uid)
{
    /// <summary>A pod of the kubelet's list.</summary>
    public static RunningPod Of(JsonNode pod) => new((string)pod["metadata"]!["namespace"]!, (string)pod["metadata"]!["name"]!, (string)pod["metadata"]!["uid"]!);

    /// <inheritdoc/>
    public override string ToString() => $"{Namespace}/{Name}";
}
