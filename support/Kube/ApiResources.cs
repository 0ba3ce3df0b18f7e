using System.Collections.Concurrent;

namespace SecuritySpecs.Kube;

/// <summary>Where objects live on the API server, by its own discovery documents: no table of kinds to keep.</summary>
/// <param name="api">An identity that may read discovery (any authenticated one).</param>
public sealed class ApiResources(KubeApi api)
{
    private readonly ConcurrentDictionary<string, Task<JsonArray>> _resources = new();

    /// <summary>The path of the collection that an object belongs to, for example <c>/api/v1/namespaces/blue/pods</c>.</summary>
    /// <exception cref="KindNotServedException">This cluster does not serve the kind.</exception>
    public async Task<string> CollectionAsync(JsonNode item)
    {
        var version = (string)item["apiVersion"]!;
        var kind = (string)item["kind"]!;
        var resource = (await ListAsync(version)).FirstOrDefault(r => (string?)r!["kind"] == kind && !((string)r["name"]!).Contains('/'))
            ?? throw new KindNotServedException(version, kind);
        var name = (string)resource["name"]!;
        var @namespace = (string?)item["metadata"]?["namespace"];
        return (bool)resource["namespaced"]! ? $"{Root(version)}/namespaces/{@namespace}/{name}" : $"{Root(version)}/{name}";
    }

    /// <summary>Whether this cluster serves a resource, for example <c>resource.k8s.io/v1</c> <c>deviceclasses</c>.</summary>
    public async Task<bool> ServesAsync(string version, string resource) => await KindAsync(version, resource) is not null;

    /// <summary>The kind that this cluster serves a resource or subresource as; null where it does not serve it.</summary>
    public async Task<string?> KindAsync(string version, string resource) =>
        (string?)(await ListAsync(version)).FirstOrDefault(r => (string?)r!["name"] == resource)?["kind"];

    /// <summary>The collections of every cluster-scoped kind that can be listed and deleted, each in the server's preferred version.</summary>
    public async Task<IReadOnlyList<string>> ClusterScopedCollectionsAsync() =>
        [.. (await KindsAsync("list", "delete")).Where(k => !(bool)k.Resource["namespaced"]!).Select(k => $"{Root(k.Version)}/{(string)k.Resource["name"]!}")];

    /// <summary>The collections in a namespace of every kind that can be listed, each in the server's preferred version.</summary>
    public async Task<IReadOnlyList<string>> CollectionsInAsync(string @namespace) =>
        [.. (await KindsAsync("list")).Where(k => (bool)k.Resource["namespaced"]!).Select(k => $"{Root(k.Version)}/namespaces/{@namespace}/{(string)k.Resource["name"]!}")];

    private async Task<IReadOnlyList<(string Version, JsonNode Resource)>> KindsAsync(params string[] verbs)
    {
        var groups = (await api.GetUnrecordedAsync("/apis")).OrThrow().Body!["groups"]!.AsArray()
            .Select(g => (string)g!["preferredVersion"]!["groupVersion"]!);
        var kinds = new List<(string, JsonNode)>();
        foreach (var version in groups.Prepend("v1"))
            kinds.AddRange((await ListAsync(version)).Where(r => verbs.All(v => r!["verbs"]!.AsArray().Any(has => (string)has! == v))).Select(r => (version, r!)));
        return kinds;
    }

    private static string Root(string version) => version.Contains('/') ? $"/apis/{version}" : $"/api/{version}";

    private Task<JsonArray> ListAsync(string version) => _resources.GetOrAdd(version, async v =>
    {
        var answer = await api.GetUnrecordedAsync(Root(v));
        return answer.Code == 404 ? [] : answer.OrThrow().Body!["resources"]!.AsArray();
    });
}

/// <summary>This cluster does not know a kind.</summary>
public sealed class KindNotServedException(string version, string kind)
    : Exception($"This cluster does not serve {kind} of {version}. Tag the scenario with the capability that it needs (@needs:...).");
