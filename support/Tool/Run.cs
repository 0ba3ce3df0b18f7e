using SecuritySpecs.Cluster.Images;

namespace SecuritySpecs.Tool;

/// <summary>A run from its first preparation to its summary. Whatever ends it, nothing of it stays but its results.</summary>
internal sealed partial class Run : IAsyncDisposable
{
    private const string Scenarios = "scenarios";
    private static readonly TimeSpan RemovalDeadline = TimeSpan.FromSeconds(90);
    private readonly ResultsFolder _results;
    private readonly CancellationToken _cancel;
    private bool _mayLeaveSomething;

    private Run(RunOptions options, ResultsFolder results, CancellationToken cancel) =>
        (Options, _results, _cancel) = (options, results, cancel);

    /// <summary>What was asked for, and the images that were found or built for it.</summary>
    public RunOptions Options { get; private set; }

    /// <summary>Shows it to who watches.</summary>
    public Watch Watch { get; } = Watch.Create();

    /// <summary>Since <c>support/specs</c> has begun; since this process has where that is not known.</summary>
    public static TimeSpan Elapsed
    {
        get
        {
            using var self = Process.GetCurrentProcess();
            var began = Environment.GetEnvironmentVariable("SPECS_BEGAN")?.Replace(',', '.');
            return DateTime.UtcNow - (double.TryParse(began, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
                ? DateTime.UnixEpoch.AddSeconds(seconds) : self.StartTime.ToUniversalTime());
        }
    }

    /// <summary>Prepares one: a folder for its results, inputs without mistakes, images, and nothing left of killed runs.</summary>
    /// <exception cref="EnvironmentException">It cannot be prepared; the message says why.</exception>
    public static async Task<Run> PrepareAsync(CancellationToken cancel)
    {
        // Of its own, even where it was started by another run's tests.
        Environment.SetEnvironmentVariable("SPECS_RUN_ID", RunOptions.NewRunId());
        var options = RunOptions.FromEnvironment();
        var results = ResultsFolder.Open(options);
        Environment.SetEnvironmentVariable("SPECS_RESULTS", results.Location);
        var run = new Run(options with { Results = results.Location }, results, cancel);
        try
        {
            await Inputs.CheckAsync(run.Options).WaitAsync(cancel);
            run.Options = await Preparation.PrepareImagesAsync(run.Options, run.Watch, cancel);
            await Preparation.SweepAsync(run.Options, cancel);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a test project. Its output and its TRX file go to the results.</summary>
    /// <param name="name">What its files are called.</param>
    /// <param name="dll">The project's assembly.</param>
    /// <param name="line">Takes each line of its output.</param>
    /// <param name="verbosity">How much it says.</param>
    /// <param name="arguments">What else <c>dotnet test</c> is told.</param>
    /// <returns>Its exit code.</returns>
    public async Task<int> TestAsync(string name, string dll, Action<string> line, string verbosity, params string[] arguments)
    {
        // The one of the PATH, which has built it; .NET would first look beside the program that this process runs.
        var start = new ProcessStartInfo("/usr/bin/env",
        [
            "dotnet", "test", dll, "--logger", $"console;verbosity={verbosity}", "--logger", $"trx;LogFileName={name}.trx",
            "--results-directory", Options.Results, .. arguments,
        ]);
        // Pages of machine code that are never writable and executable at once cost a tenth of the processor time of so short a life.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        if (Watch.IsLive && name == Scenarios)
            start.Environment[ScenarioEvent.Variable] = "1";
        await using var log = File.CreateText(Result($"{name}.log"));
        log.AutoFlush = true;
        return await ChildProcess.RunAsync(start, Take, Take, _cancel, askFirst: name == Scenarios ? ScenarioProcess : null);

        void Take(string text)
        {
            lock (log)
            {
                log.WriteLine(text);
                line(text);
            }
        }
    }

    /// <summary>Runs the features.</summary>
    /// <param name="selection">Which scenarios; null for all.</param>
    /// <returns>The exit code of the test process.</returns>
    /// <exception cref="EnvironmentException">The filter matches nothing, or is none.</exception>
    public async Task<int> TestScenariosAsync(Selection? selection)
    {
        var settings = Path.Combine(Options.Root, "steps", "specs.runsettings");
        string[] arguments =
        [
            .. selection is null ? Array.Empty<string>() : ["--filter", selection.Filter],
            .. File.Exists(settings) ? ["--settings", settings] : Array.Empty<string>(),
            .. WorkersForAnOrder(),
        ];
        _mayLeaveSomething = true;
        // For who watches from outside, as `specs bench` does: whose containers these are, and how long preparing took.
        var whose = FormattableString.Invariant($"{Options.RunId} {Elapsed.TotalMilliseconds:0}\n");
        await File.WriteAllTextAsync(Result(".run"), whose, _cancel);
        int code;
        try
        {
            var steps = Assembly(Options.Root, "steps", "SecuritySpecs");
            code = await Watch.RunAsync(selection, Options.Root, line => TestAsync(Scenarios, steps, line, "normal", arguments));
        }
        catch (OperationCanceledException) when (File.Exists(Result("posture.json")))
        {
            await DisposeAsync();
            await new RunSummary(Options).WriteAsync(ResultsFolder.ReadPosture(Options.Results), []);
            throw;
        }

        var log = await File.ReadAllTextAsync(Result("scenarios.log"), _cancel);
        if (NoMatch().IsMatch(log))
            throw new EnvironmentException($"{selection?.Asked} matches no scenario");
        if (BadFilter().IsMatch(log))
            throw new EnvironmentException($"{selection?.Asked}: the runner does not understand this. {TestFilter.Help}");
        return code;
    }

    /// <summary>Ends the run and prints its summary; the last line is the sum.</summary>
    /// <param name="testCode">The exit code of the test processes.</param>
    /// <param name="tests">The results of other tests than scenarios.</param>
    /// <returns>The exit code of the whole.</returns>
    /// <exception cref="EnvironmentException">The test process has left no results.</exception>
    public async Task<int> SummariseAsync(int testCode, IReadOnlyList<UnitTests> tests)
    {
        var posture = ResultsFolder.ReadPosture(Options.Results);
        var failed = posture.Totals.Failed + tests.Sum(t => t.Failures.Count);
        var code = posture.Run.Error is not null || posture.Scenarios.Count == 0 ? 2
            : failed > 0 ? 1
            : posture.Required.Any(r => !r.Present) ? 3
            : 0;
        // The test process has removed its own; what is left if it could not is for us.
        _mayLeaveSomething = testCode != 0 && code is 0 or 2;
        await DisposeAsync();
        if (code == 0 && testCode != 0)
        {
            await Console.Error.WriteLineAsync(
                $"specs: the test process ended with exit code {testCode} although no test failed; {Result("scenarios.log")} says why");
            code = 2;
        }

        await new RunSummary(Options).WriteAsync(posture, tests);
        return code;
    }

    /// <summary>The assembly of a project.</summary>
    public static string Assembly(string root, string folder, string name) =>
        Path.Combine(root, folder, "bin", "Debug", "net10.0", $"{name}.dll");

    /// <summary>The path of a file among the results.</summary>
    public string Result(string file) => Path.Combine(Options.Results, file);

    /// <summary>Removes what the run made and could not remove itself.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_mayLeaveSomething)
        {
            _mayLeaveSomething = false;
            try
            {
                await CleanCommand.RemoveAsync(Options, Console.Error, Options.RunId).WaitAsync(RemovalDeadline, CancellationToken.None);
            }
            catch (Exception e)
            {
                await Console.Error.WriteLineAsync(
                    $"specs: some of run {Options.RunId} could not be removed ({e.Message}); 'specs clean' tries again");
            }
        }

        await _results.DisposeAsync();
    }

    // In a given order each scenario waits in a worker of its own for those before it. What follows "--" is no option any more.
    private string[] WorkersForAnOrder() => Options.Order is null ? []
        : ["--", FormattableString.Invariant($"NUnit.NumberOfTestWorkers={FeatureIndex.Read(Options.Root).All.Count + 10}")];

    // The process that runs the scenarios: it writes the report of an interrupted run.
    private int? ScenarioProcess()
    {
        var file = Result(".tests");
        if (!File.Exists(file))
            return null;
        return int.TryParse(File.ReadAllText(file), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
    }

    [GeneratedRegex("No test (matches|is available)")]
    private static partial Regex NoMatch();

    [GeneratedRegex("Incorrect format for TestCaseFilter|Invalid (filter|TestCaseFilter)", RegexOptions.IgnoreCase)]
    private static partial Regex BadFilter();
}
