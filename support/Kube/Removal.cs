namespace SecuritySpecs.Kube;

/// <summary>Deletes whose answer is looked at: what should go is gone or on its way, or there is an error that names it.</summary>
public static class Removal
{
    /// <summary>Deletes an object that may be gone already.</summary>
    /// <param name="api">Who deletes.</param>
    /// <param name="path">The object.</param>
    /// <param name="uid">Its UID, so that another of the same name is left alone; null where nobody else uses the name.</param>
    /// <returns>Whether it was there; another of the same name counts as not.</returns>
    /// <exception cref="KubeApiException">The API server neither deleted it nor says that it is gone.</exception>
    public static async Task<bool> RemoveAsync(this KubeApi api, string path, string? uid = null)
    {
        var options = uid is null ? null : new JsonObject { ["preconditions"] = new JsonObject { ["uid"] = uid } };
        var answer = await api.DeleteAsync(path, options);
        if (answer.Code == 404 || (answer.Code == 409 && uid is not null && await IsAnotherAsync(api, path, uid)))
            return false;
        answer.OrThrow();
        return true;
    }

    /// <summary>Waits until an object is gone: what has a finalizer, or pods, goes in its own time.</summary>
    /// <param name="api">Who looks.</param>
    /// <param name="path">The object.</param>
    /// <param name="uid">Its UID; another of the same name counts as gone. Null where nobody else uses the name.</param>
    /// <param name="deadline">Longest wait; <see cref="Poll.DefaultDeadline"/> when null.</param>
    /// <exception cref="TimeoutException">It is still there.</exception>
    /// <exception cref="KubeApiException">Whether it is there cannot be told.</exception>
    public static Task AwaitGoneAsync(this KubeApi api, string path, string? uid = null, TimeSpan? deadline = null) => Poll.UntilAsync($"{path} to be gone", () => api.GetUnrecordedAsync(path),
        a => a.Code == 404 || (UidOf(a) is var there && uid is not null && there != uid),
        a => $"it is there{(a.Body?["metadata"]?["finalizers"] is { } held ? $", held by {held.ToJsonString()}" : "")}", deadline);

    private static async Task<bool> IsAnotherAsync(KubeApi api, string path, string uid)
    {
        var there = await api.GetUnrecordedAsync(path);
        return there.Code == 404 || UidOf(there) != uid;
    }

    private static string? UidOf(ApiAnswer there) => (string?)there.OrThrow().Body!["metadata"]!["uid"];
}
