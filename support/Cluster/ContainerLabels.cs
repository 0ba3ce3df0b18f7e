namespace SecuritySpecs.Cluster;

/// <summary>The labels that mark a run's containers beside <see cref="RunLabels.Run"/>: whose they are, and who may use them next.</summary>
public static class ContainerLabels
{
    /// <summary>On containers: the process that owns them, as <c>PID-STARTTIME</c>.</summary>
    public const string Owner = "security.specs/owner";

    /// <summary>On containers that outlive their run: what they were started from.</summary>
    public const string Kept = "security.specs/kept";

    /// <summary>On containers that outlive their run: the cache folder of the user who keeps them.</summary>
    public const string Home = "security.specs/home";

    /// <summary>This process as an owner.</summary>
    public static string ThisProcess()
    {
        using var self = Process.GetCurrentProcess();
        return OwnerOf(self);
    }

    /// <summary>Whether the owner of a container still runs.</summary>
    /// <param name="owner">The label's value.</param>
    public static bool IsAlive(string owner)
    {
        if (!int.TryParse(owner.Split('-')[0], out var pid))
            return false;
        try
        {
            using var process = Process.GetProcessById(pid);
            return OwnerOf(process) == owner && !IsZombie(pid);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
        {
            return false; // no such process, or it ended just now
        }
    }

    // Ended, but not yet collected by its parent: such a process still has its entry and its start time.
    private static bool IsZombie(int pid)
    {
        var stat = $"/proc/{pid}/stat";
        if (!File.Exists(stat))
            return false; // not Linux, or gone just now
        var text = File.ReadAllText(stat);
        return text[(text.LastIndexOf(')') + 2)..] is ['Z' or 'X', ..];
    }

    // To the second: the start time that the kernel reports to another process is rounded differently.
    private static string OwnerOf(Process process) => $"{process.Id}-{new DateTimeOffset(process.StartTime).ToUnixTimeSeconds()}";
}
