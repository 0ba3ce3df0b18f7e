namespace SecuritySpecs.FleetProgram.Gpus;

/// <summary>
/// What the device plugin and <c>fleet gpu</c> share: a folder with the file <c>gpus</c> (a UUID a line, by index; written by the
/// plugin) and, for every unhealthy GPU, an empty file <c>unhealthy/UUID</c>. One file a GPU, so that two writers cannot undo each other.
/// </summary>
internal sealed class GpuState(string directory)
{
    /// <summary>Where the state is kept if nobody says otherwise.</summary>
    public const string DefaultDirectory = "/run/fleet";

    /// <summary>How to switch this in a role's help.</summary>
    public const string Option = "--state-dir";

    private readonly string _list = Path.Combine(directory, "gpus");
    private readonly string _unhealthy = Path.Combine(directory, "unhealthy");

    /// <summary>Makes the GPUs known. Marks of an earlier run stay: a broken GPU does not heal because its plugin restarts.</summary>
    public void Publish(IEnumerable<Gpu> gpus)
    {
        Directory.CreateDirectory(_unhealthy);
        var draft = _list + ".new";
        File.WriteAllLines(draft, gpus.Select(g => g.Uuid));
        File.Move(draft, _list, overwrite: true);
    }

    /// <summary>The UUIDs that are marked unhealthy.</summary>
    public IReadOnlySet<string> Unhealthy() => Directory.EnumerateFiles(_unhealthy).Select(f => Path.GetFileName(f)!).ToHashSet();

    /// <summary>All GPUs by index, with their health.</summary>
    /// <exception cref="FleetException">No device plugin keeps its state here.</exception>
    public IReadOnlyList<GpuStatus> List()
    {
        if (!File.Exists(_list))
            throw new FleetException($"no device plugin keeps its state in {directory}: run this in the plugin's container, or name the folder with {Option}");
        var unhealthy = Unhealthy();
        return [.. File.ReadLines(_list).Select((uuid, index) => new GpuStatus(index, uuid, unhealthy.Contains(uuid) ? "unhealthy" : "healthy"))];
    }

    /// <summary>Marks one GPU.</summary>
    /// <exception cref="FleetException">There is no such GPU.</exception>
    public GpuStatus Mark(string uuid, bool healthy)
    {
        if (List().All(g => g.Uuid != uuid))
            throw new FleetException($"no GPU '{uuid}' on this node; `fleet gpu list` lists them");
        var mark = Path.Combine(_unhealthy, uuid);
        if (healthy)
            File.Delete(mark);
        else
            File.WriteAllBytes(mark, []);
        return List().Single(g => g.Uuid == uuid);
    }
}
