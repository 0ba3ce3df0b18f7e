namespace SecuritySpecs.Cluster;

/// <summary>How a drill is played.</summary>
public enum DrillMode
{
    /// <summary>From its beginning to its end.</summary>
    Through,

    /// <summary>With a pause while the hole is open.</summary>
    Pause,

    /// <summary>The hole stays open until somebody else has closed it, and nothing says where it is.</summary>
    Break,
}

/// <summary>A drill that a run plays for people, as <c>specs drill</c> tells the test process.</summary>
/// <param name="Name">As in the tag <c>@drill:NAME</c>.</param>
/// <param name="Mode">How it is played.</param>
public sealed record PlayedDrill(string Name, DrillMode Mode)
{
    /// <summary>The environment variable: <c>NAME MODE</c>.</summary>
    public const string Variable = "SPECS_DRILL";

    /// <summary>The file, among the results, that appears when somebody has pressed Enter.</summary>
    public const string EnterFile = ".enter";

    /// <summary>Reads the variable's value.</summary>
    /// <exception cref="EnvironmentException">It is none that <see cref="ToString"/> writes.</exception>
    public static PlayedDrill Parse(string text) => text.Split(' ') is [var name, var mode] && Enum.TryParse<DrillMode>(mode, out var known) ? new(name, known)
        : throw new EnvironmentException($"{Variable} wants the name of a drill and a mode, not '{text}'");

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Mode}";
}

/// <summary>A drill whose hole stays open until somebody closes it. Two commands of one user speak about it by files.</summary>
public sealed class OpenDrill : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly string _folder;
    private readonly FileStream _held;

    private OpenDrill(string folder, FileStream held) => (_folder, _held) = (folder, held);

    /// <summary>Where the files are.</summary>
    public static string Folder => Path.Combine(RunOptions.CacheFolder, "drill");

    /// <summary>Says that a drill's hole is open, until this is disposed of or the process ends.</summary>
    /// <param name="folder">For the files: <see cref="Folder"/>.</param>
    /// <exception cref="EnvironmentException">Another one is open.</exception>
    public static OpenDrill Announce(string folder)
    {
        Directory.CreateDirectory(folder);
        var held = FileLock.TryTake(Held(folder)) ?? throw new EnvironmentException("another drill of this user is open; end it first");
        File.Delete(Question(folder));
        File.Delete(Verdict(folder));
        return new(folder, held);
    }

    /// <summary>Asks whether the hole is closed.</summary>
    /// <param name="folder">Where the files are.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <returns>Whether it is, and the answer in words.</returns>
    /// <exception cref="EnvironmentException">No drill is open, or it ended without an answer.</exception>
    public static async Task<(bool Closed, string Words)> AskAsync(string folder, CancellationToken cancel)
    {
        RequireOpen(folder);
        File.Delete(Verdict(folder));
        await File.WriteAllTextAsync(Question(folder), "", cancel);
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(cancel) && !File.Exists(Verdict(folder)))
            RequireOpen(folder);
        var words = await File.ReadAllTextAsync(Verdict(folder), cancel);
        return (words.StartsWith("closed", StringComparison.Ordinal), words);
    }

    /// <summary>Whether somebody has asked since the last answer.</summary>
    public bool IsAsked() => File.Exists(Question(_folder));

    /// <summary>Answers who asks. The answer appears whole.</summary>
    public void Answer(string words)
    {
        var part = Verdict(_folder) + ".part";
        File.Delete(Question(_folder));
        File.WriteAllText(part, words);
        File.Move(part, Verdict(_folder), overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _held.Dispose();

    private static string Held(string folder) => Path.Combine(folder, "open");

    private static string Question(string folder) => Path.Combine(folder, "check");

    private static string Verdict(string folder) => Path.Combine(folder, "verdict");

    private static void RequireOpen(string folder)
    {
        using var free = Directory.Exists(folder) ? FileLock.TryTake(Held(folder)) : null;
        if (free is not null || !Directory.Exists(folder))
            throw new EnvironmentException("no drill is open; open one with 'support/specs drill NAME --break-only'");
    }
}
