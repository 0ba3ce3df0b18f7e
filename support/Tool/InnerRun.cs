using SecuritySpecs.Cluster.Images;

namespace SecuritySpecs.Tool;

/// <summary>A <c>specs run</c> that another command starts, with a folder of its own for its results.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Output">What it printed; it is in the folder as <c>console.log</c>, too.</param>
internal sealed record InnerRun(int ExitCode, double Seconds, IReadOnlyList<string> Output)
{
    /// <summary>A run of this very build: support/specs would build anew what changed since, and runs that are compared are to be of one build.</summary>
    /// <param name="command">The command: <c>run</c>, or another one that leaves its results in a folder.</param>
    /// <param name="arguments">What it is asked for, as that command understands it.</param>
    public static ProcessStartInfo OfThisBuild(string command, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/env", ["dotnet", typeof(InnerRun).Assembly.Location, command, .. arguments]);
        start.Environment.Remove("SPECS_BEGAN");
        return start;
    }

    /// <summary>Makes a folder for a run's results.</summary>
    /// <param name="results">The folder of the command that starts it.</param>
    /// <param name="name">How it is called.</param>
    /// <returns>Its path.</returns>
    public static string Folder(string results, string name) => Directory.CreateDirectory(Path.Combine(results, name)).FullName;

    /// <summary>Removes such folders of an earlier command.</summary>
    /// <param name="results">The folder of the command.</param>
    /// <param name="prefix">How their names begin.</param>
    public static void RemoveFolders(string results, string prefix)
    {
        foreach (var old in Directory.EnumerateDirectories(results, prefix + "*"))
            Directory.Delete(old, recursive: true);
    }

    /// <summary>The results in such a folder; null where the run left none.</summary>
    public static Posture? PostureIn(string folder) => File.Exists(Path.Combine(folder, "posture.json")) ? ResultsFolder.ReadPosture(folder) : null;

    /// <summary>Runs it to its end. An interruption lets it tidy up.</summary>
    /// <param name="start">What to start, with its variables.</param>
    /// <param name="folder">For its results.</param>
    /// <param name="cancel">Interrupts it.</param>
    /// <param name="started">Takes its process id.</param>
    /// <param name="said">Takes each line that it prints.</param>
    public static async Task<InnerRun> RunAsync(ProcessStartInfo start, string folder, CancellationToken cancel, Action<int>? started = null, Action<string>? said = null)
    {
        start.Environment["SPECS_RESULTS"] = folder;
        var output = new List<string>();
        var clock = Stopwatch.StartNew();
        int? process = null;
        int code;
        try
        {
            code = await ChildProcess.RunAsync(start, Take, Take, cancel, id =>
            {
                process = id;
                started?.Invoke(id);
            }, askFirst: () => process);
        }
        finally
        {
            await File.WriteAllLinesAsync(Path.Combine(folder, "console.log"), output, CancellationToken.None);
        }

        return new(code, clock.Elapsed.TotalSeconds, output);

        void Take(string line)
        {
            lock (output)
                output.Add(line);
            said?.Invoke(line);
        }
    }
}
