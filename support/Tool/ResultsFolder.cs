namespace SecuritySpecs.Tool;

/// <summary>The folder that a run writes its results to, for itself alone while it lasts.</summary>
internal sealed class ResultsFolder : IAsyncDisposable
{
    private static readonly string[] Written = [".run", ".tests", Roster.FileName, "posture.*", "cucumber.*", "*.trx", "*.log"];
    private readonly FileStream _lock;

    private ResultsFolder(string path, FileStream @lock) => (Location, _lock) = (path, @lock);

    /// <summary>Its absolute path.</summary>
    public string Location { get; }

    /// <summary>Opens the folder that is named, else TestResults; a second run at the same time gets one inside it.</summary>
    /// <exception cref="EnvironmentException">It cannot be written.</exception>
    public static ResultsFolder Open(RunOptions options)
    {
        var folder = Path.GetFullPath(options.Results);
        FileStream? opened = null;
        try
        {
            Directory.CreateDirectory(folder);
            opened = TryLock(folder);
            if (opened is null)
            {
                folder = Path.Combine(folder, $"run-{options.RunId}");
                Directory.CreateDirectory(folder);
                Console.Error.WriteLine($"Another run writes its results now; those of this one go to {folder}");
                opened = TryLock(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentException($"cannot write in the folder for results {folder}: {e.Message}", e);
        }

        foreach (var old in Written.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern)))
            File.Delete(old);
        return new(folder, opened!);
    }

    /// <summary>The posture in a folder of results.</summary>
    /// <exception cref="EnvironmentException">The run wrote none.</exception>
    public static Posture ReadPosture(string folder)
    {
        var path = Path.Combine(folder, "posture.json");
        try
        {
            return Posture.FromJson(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            using var roster = Roster.Read(folder);
            var missing = roster?.Problems() is [_, ..] problems ? $"\n{string.Join('\n', problems)}" : "";
            throw new EnvironmentException($"the run left no results ({path}): {e.Message} scenarios.log beside it says why{missing}", e);
        }
    }

    /// <summary>Lets others have it.</summary>
    public ValueTask DisposeAsync() => _lock.DisposeAsync();

    private static FileStream? TryLock(string folder) => FileLock.TryTake(Path.Combine(folder, ".lock"));
}
