namespace SecuritySpecs.Kube;

/// <summary>A namespace for the harness's own look at the cluster; deleted when disposed.</summary>
public sealed class ScratchNamespace : IAsyncDisposable
{
    private readonly KubeApi _admin;
    private readonly string _uid;

    private ScratchNamespace(KubeApi admin, string name, string uid) => (_admin, Name, _uid) = (admin, name, uid);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Creates a namespace of the run.</summary>
    /// <remarks>Its name is new each time: what is tried again at the end of a run may find the first one still on its way out.</remarks>
    public static async Task<ScratchNamespace> CreateAsync(KubeApi admin, string runId, string prefix, Dictionary<string, string>? labels = null, Dictionary<string, string>? annotations = null)
    {
        static JsonObject Map(IEnumerable<KeyValuePair<string, string>> pairs) => new(pairs.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
        var metadata = new JsonObject { ["labels"] = Map((labels ?? []).Append(new(RunLabels.Run, runId))), ["annotations"] = Map(annotations ?? []) };
        var name = $"{prefix}-{runId}-{Guid.NewGuid().ToString("N")[..6]}";
        metadata["name"] = name;
        var answer = (await admin.PostAsync("/api/v1/namespaces", new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = metadata,
        })).OrThrow();
        return new(admin, name, (string)answer.Body!["metadata"]!["uid"]!);
    }

    /// <summary>Deletes it; the cluster finishes in its own time.</summary>
    /// <exception cref="KubeApiException">It is still there and stays.</exception>
    public async ValueTask DisposeAsync() => await _admin.RemoveAsync($"/api/v1/namespaces/{Name}", _uid);
}
