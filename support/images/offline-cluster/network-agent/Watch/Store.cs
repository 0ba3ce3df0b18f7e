namespace SecuritySpecs.NetworkAgent.Watch;

/// <summary>The objects of one kind, as the watch last told of them. Safe for use by many.</summary>
/// <param name="changed">Called after each change.</param>
internal sealed class Store<T>(Action changed) where T : class
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _filled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Dictionary<string, T> _items = [];
    private ulong _version;

    /// <summary>Ends when the objects have been listed for the first time.</summary>
    public Task Filled => _filled.Task;

    public IReadOnlyCollection<T> Items
    {
        get
        {
            lock (_lock)
                return [.. _items.Values];
        }
    }

    /// <summary>Everything anew, by a list.</summary>
    public void Replace(Dictionary<string, T> items, string version)
    {
        lock (_lock)
            (_items, _version) = (items, Number(version));
        _filled.TrySetResult();
        changed();
    }

    /// <summary>One object, by the watch.</summary>
    public void Put(string key, T item, string version)
    {
        lock (_lock)
        {
            _items[key] = item;
            _version = Math.Max(_version, Number(version));
        }
        changed();
    }

    /// <summary>One object less, by the watch.</summary>
    public void Remove(string key, string version)
    {
        lock (_lock)
        {
            _items.Remove(key);
            _version = Math.Max(_version, Number(version));
        }
        changed();
    }

    /// <summary>The watch is known to be that far.</summary>
    public void Advance(string version)
    {
        lock (_lock)
            _version = Math.Max(_version, Number(version));
    }

    /// <summary>An object that was read beside the watch. It counts unless the watch is past it and knows better, its end maybe.</summary>
    public void Learn(string key, T item, string version)
    {
        lock (_lock)
        {
            if (Number(version) <= _version)
                return;
            _items[key] = item;
        }
        changed();
    }

    // Versions are compared as numbers, which etcd's revisions are. What is none is never newer.
    private static ulong Number(string version) => ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
