using SecuritySpecs.Cluster.Images;

namespace SecuritySpecs.Tool;

/// <summary>A <c>specs run</c> that another command starts, with a folder of its own for its results.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Output">What it printed; it is in the folder as <c>console.log</c>, too.</param>
internal sealed record InnerRun(int ExitCode, double Seconds, IReadOnlyList<string> Output)
{
    /// <summary>Runs it to its end. An interruption lets it tidy up.</summary>
    /// <param name="start">What to start, with its variables.</param>
    /// <param name="folder">For its results.</param>
    /// <param name="cancel">Interrupts it.</param>
    /// <param name="started">Takes its process id.</param>
    public static async Task<InnerRun> RunAsync(ProcessStartInfo start, string folder, CancellationToken cancel, Action<int>? started = null)
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
        }
    }
}
