namespace SecuritySpecs.FleetProgram.Sharing;

/// <summary>
/// HAMi's lock on a node: from binding a pod until its devices are handed out no other pod is bound there. The kubelet does not
/// say for which pod it allocates, so the plugin believes this.
/// </summary>
internal sealed class NodeLock(KubeClient api, string node)
{
    private static readonly TimeSpan s_expiry = TimeSpan.FromMinutes(5);

    private string Path => $"/api/v1/nodes/{node}";

    /// <summary>The pod that holds the lock, or null.</summary>
    public async Task<(string Namespace, string Name)?> HolderAsync(CancellationToken cancel) => Parse(await api.GetAsync(Path, cancel))?.Pod;

    /// <summary>Takes the lock for a pod, also from one that is gone or held it too long.</summary>
    /// <returns>Whether it is this pod's now.</returns>
    public async Task<bool> TryTakeAsync(string @namespace, string name, CancellationToken cancel)
    {
        var seen = await api.GetAsync(Path, cancel);
        if (Parse(seen) is { } held && held.Pod != (@namespace, name) && DateTime.UtcNow - held.Since < s_expiry && await IsPendingAsync(held.Pod, cancel))
            return false;
        var value = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss'Z'},{@namespace},{name}");
        try
        {
            await api.PatchAsync(Path, Body(value, (string)seen["metadata"]!["resourceVersion"]!), cancel);
            return true;
        }
        catch (KubeException e) when (e.Status == HttpStatusCode.Conflict)
        {
            return false; // the node changed meanwhile: the next round looks again
        }
    }

    /// <summary>Gives the lock back, if it is this pod's.</summary>
    public async Task ReleaseAsync(string @namespace, string name, CancellationToken cancel)
    {
        if (await HolderAsync(cancel) == (@namespace, name))
            await api.PatchAsync(Path, Body(null, null), cancel);
    }

    private static JsonObject Body(string? value, string? version)
    {
        var metadata = new JsonObject { ["annotations"] = new JsonObject { [Hami.Lock] = value } };
        if (version is not null)
            metadata["resourceVersion"] = version;
        return new JsonObject { ["metadata"] = metadata };
    }

    private static (DateTime Since, (string Namespace, string Name) Pod)? Parse(JsonNode node) =>
        ((string?)node["metadata"]!["annotations"]?[Hami.Lock])?.Split(',') is [var time, var @namespace, var name]
        && DateTime.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var since)
            ? (since, (@namespace, name))
            : null;

    // HAMi waits for a pod that is there; one that is past being handed devices will never give the lock back either.
    private async Task<bool> IsPendingAsync((string Namespace, string Name) pod, CancellationToken cancel)
    {
        try
        {
            var seen = await api.GetAsync($"/api/v1/namespaces/{pod.Namespace}/pods/{pod.Name}", cancel);
            return (string?)seen["status"]?["phase"] == "Pending";
        }
        catch (KubeException e) when (e.Status == HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
