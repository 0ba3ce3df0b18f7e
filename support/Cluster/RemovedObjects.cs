namespace SecuritySpecs.Cluster;

/// <summary>What a clean-up has removed, read back, and what stayed although it should have gone. One that stays does not keep the rest.</summary>
/// <param name="dryRun">Whether to look only: then what would be removed counts as removed.</param>
public sealed class RemovedObjects(bool dryRun = false)
{
    private readonly List<string> _removed = [];
    private readonly List<string> _stayed = [];

    /// <summary>What is gone, or ends in its own time, a line each.</summary>
    public IReadOnlyList<string> Removed => _removed;

    /// <summary>What stayed, and why, a line each.</summary>
    public IReadOnlyList<string> Stayed => _stayed;

    /// <summary>An error where something stayed.</summary>
    /// <exception cref="EnvironmentException">It names all of that.</exception>
    public void OrThrow()
    {
        if (_stayed.Count > 0)
            throw new EnvironmentException($"{_stayed.Count} leftovers could not be removed: {string.Join("; ", _stayed)}");
    }

    /// <summary>The objects of a list; where it was refused, nobody knows what stayed.</summary>
    internal IEnumerable<JsonNode> ItemsOf(ApiAnswer list)
    {
        if (list.Allowed)
            return (list.Body!["items"]?.AsArray() ?? []).Select(i => i!);
        // A kind that the server announces but does not serve in this version, or does not list.
        if (list.Code is not (404 or 405))
            _stayed.Add($"whatever {list.Path} holds: {list}");
        return [];
    }

    /// <summary>Deletes an object and reads it back.</summary>
    internal Task RemoveAsync(KubeApi admin, string path, string? uid) => TryAsync(null, async () =>
    {
        var name = string.Join('/', path.Split('/')[^2..]);
        if (dryRun)
        {
            if ((await admin.GetUnrecordedAsync(path)).Allowed)
                _removed.Add(name);
            return;
        }

        if (!await admin.RemoveAsync(path, uid))
            return;
        var there = await admin.GetUnrecordedAsync(path);
        var ends = there.Code != 404 && (string?)there.OrThrow().Body!["metadata"]!["uid"] is var now && (uid is null || now == uid);
        if (!ends)
            _removed.Add(name);
        else if (there.Body!["metadata"]!["deletionTimestamp"] is not null)
            _removed.Add($"{name}, which ends in its own time");
        else
            _stayed.Add($"{name}: the API server accepted the deletion, and it is there");
    });

    /// <summary>Does something, and goes on where it fails.</summary>
    /// <param name="what">What is removed by it; null where it tells itself.</param>
    /// <param name="remove">Removes it.</param>
    internal async Task TryAsync(string? what, Func<Task> remove)
    {
        try
        {
            // What has no name looks by itself.
            if (!dryRun || what is null)
                await remove();
            if (what is not null)
                _removed.Add(what);
        }
        catch (Exception e) when (e is KubeApiException or HttpRequestException or OperationCanceledException)
        {
            _stayed.Add($"{(what is null ? "" : what + ": ")}{e.Message}");
        }
    }
}
