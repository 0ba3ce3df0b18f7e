namespace SecuritySpecs.NetworkAgent.Cni;

/// <summary>
/// Gives each pod of this node an address, one after the other through the node's range, so that one that comes back rests for as long as
/// possible. Kept in a folder that goes with the node's boot, so that a new agent knows it too.
/// </summary>
/// <param name="folder">One file for each address that a pod of this boot has had: it names the sandbox that holds it, or is empty.</param>
internal sealed class AddressPool(string folder)
{
    private readonly string _lastFile = Path.Combine(folder, "last");
    private readonly Lock _lock = new();
    // By address, the sandbox that holds it; empty where one has held it.
    private readonly Dictionary<uint, string> _known = [];
    private uint _last;

    /// <summary>Takes up what an agent before this one knew.</summary>
    public void Restore()
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.GetFiles(folder))
        {
            if (AddressSet.Address(Path.GetFileName(file)) is { } address)
                _known[address] = File.ReadAllText(file);
        }

        _last = File.Exists(_lastFile) ? AddressSet.Address(File.ReadAllText(_lastFile)) ?? 0 : 0;
    }

    /// <summary>The next address that is free.</summary>
    /// <param name="sandbox">Who gets it.</param>
    /// <param name="range">The node's range: its first address is the network's, the second the bridge's, the last is for broadcasts.</param>
    /// <returns>The address, and whether a pod has had it before.</returns>
    /// <exception cref="CniException">Each is taken.</exception>
    public (uint Address, bool Again) Take(string sandbox, AddressRange range)
    {
        var (first, size) = (range.First + 2, range.Last - range.First - 2);
        lock (_lock)
        {
            var next = _last >= first ? _last + 1 - first : 0;
            for (var tried = 0u; tried < size; tried++)
            {
                var address = first + ((next + tried) % size);
                var again = _known.TryGetValue(address, out var holder);
                if (holder is { Length: > 0 })
                    continue;
                Write(address, sandbox);
                _last = address;
                File.WriteAllText(_lastFile, AddressSet.Text(address));
                return (address, again);
            }
        }

        throw new CniException($"all {size} addresses of this node are taken");
    }

    /// <summary>A sandbox is gone, and its address is free.</summary>
    public void GiveBack(string sandbox)
    {
        lock (_lock)
        {
            foreach (var address in _known.Where(k => k.Value == sandbox).Select(k => k.Key).ToList())
                Write(address, "");
        }
    }

    private void Write(uint address, string sandbox)
    {
        _known[address] = sandbox;
        File.WriteAllText(Path.Combine(folder, AddressSet.Text(address)), sandbox);
    }
}
