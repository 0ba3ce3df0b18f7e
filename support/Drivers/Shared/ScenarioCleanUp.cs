namespace SecuritySpecs.Drivers.Shared;

/// <summary>
/// What is to be removed and undone when a scenario ends, whatever becomes of it. Each answer is looked at and each object read back;
/// what fails keeps nothing else from being done, and fails the scenario by name.
/// </summary>
/// <param name="admin">The cluster admin; what it does here is no evidence.</param>
public sealed class ScenarioCleanUp(KubeApi admin)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string?> _objects = [];
    private readonly List<Func<Task>> _undo = [];
    private readonly List<IDisposable> _disposables = [];

    /// <summary>How long an object may take to be gone.</summary>
    public TimeSpan Patience { get; init; } = Poll.DefaultDeadline;

    /// <summary>Has an object removed.</summary>
    /// <param name="path">The object on the API server.</param>
    /// <param name="uid">Its UID where somebody else may use the name; null where the name is the scenario's own.</param>
    public void Remove(string path, string? uid = null)
    {
        lock (_lock)
            _objects[path] = uid ?? _objects.GetValueOrDefault(path);
    }

    /// <summary>
    /// Has the pods of a namespace removed: the namespace itself goes when the run ends, and till then scenarios that follow want
    /// the room (110 pods a node) and the processors that they hold.
    /// </summary>
    public void RemovePods(string @namespace) => Undo(async () =>
    {
        var answer = await admin.DeleteAsync($"/api/v1/namespaces/{@namespace}/pods", new JsonObject { ["gracePeriodSeconds"] = 0 });
        if (answer.Code != 404)
            answer.OrThrow();
    });

    /// <summary>Has something else done.</summary>
    /// <param name="undo">Does it, and fails where it has no effect.</param>
    public void Undo(Func<Task> undo)
    {
        lock (_lock)
            _undo.Add(undo);
    }

    /// <summary>Has a connection closed.</summary>
    public void Dispose(IDisposable connection)
    {
        lock (_lock)
            _disposables.Add(connection);
    }

    /// <summary>Does all of it.</summary>
    /// <param name="wait">Whether to wait until what was removed is gone.</param>
    /// <param name="first">What is done before.</param>
    /// <exception cref="LeftBehindException">Something could not be done; the message says what.</exception>
    public async Task RunAsync(bool wait, params IReadOnlyList<Func<Task>> first)
    {
        var left = new List<string>();
        foreach (var step in first)
            await TryAsync(step, left);
        foreach (var (path, uid) in _objects)
            await TryAsync(() => admin.RemoveAsync(path, uid), left);
        foreach (var undo in _undo)
            await TryAsync(undo, left);
        // Afterwards: what takes its time to go has had it.
        foreach (var (path, uid) in _objects.Where(o => wait && !left.Any(l => l.Contains(o.Key, StringComparison.Ordinal))))
            await TryAsync(() => admin.AwaitGoneAsync(path, uid, Patience), left);
        foreach (var connection in _disposables)
            connection.Dispose();
        if (left.Count > 0)
            throw new LeftBehindException(left);
    }

    private static async Task TryAsync(Func<Task> step, List<string> left)
    {
        try
        {
            await step();
        }
        catch (Exception e)
        {
            left.Add(e.InnerException is { } cause ? $"{e.Message} Caused by: {cause.Message}" : e.Message);
        }
    }
}

/// <summary>A scenario could not remove or undo all that it had made.</summary>
/// <param name="left">What, a sentence each.</param>
public sealed class LeftBehindException(IReadOnlyList<string> left) : Exception($"The scenario left something behind: {string.Join("; ", left)}");
