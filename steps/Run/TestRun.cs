using NUnit.Framework;
using SecuritySpecs.Cluster;
using SecuritySpecs.Evidence;
using SecuritySpecs.Fleet;
using SecuritySpecs.Reports;
using SecuritySpecs.Reports.Html;
using SecuritySpecs.Reports.Phrases;

namespace SecuritySpecs.Steps.Run;

/// <summary>The whole run: the platform, or why there is none, and the results.</summary>
public sealed class TestRun : IDisposable
{
    /// <summary>How many scenarios have begun and not yet ended at once; most of them wait for GPUs or for a turn.</summary>
    public const int Workers = 40;

    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(2);

    // Scenarios wait for the cluster far more than they compute: more of them at once than there are cores. But the cluster's nodes
    // may be on the same cores, and what is started all at once is ready late.
    private readonly SemaphoreSlim _turns = new(Math.Clamp(3 * Environment.ProcessorCount, 4, 12));
    private readonly RunOptions _options;
    private readonly PostureBuilder _results;
    private readonly DateTimeOffset _startedAt = DateTimeOffset.UtcNow;
    private readonly Interruption _interruption;
    private readonly Roster? _roster;
    private readonly Lazy<ShownDrill?> _drill;
    private readonly ScenarioOrder? _order;
    private readonly List<string> _errors = [];
    private Platform? _platform;
    private int _ends;
    private EnvironmentException? _error;
    private volatile string? _broken;

    private TestRun(RunOptions options)
    {
        _options = options;
        _drill = new(() => options.Drill is { } drill ? new(DrillScenario.Read(options.Root).First(d => d.Runbook.Drill == drill.Name), drill.Mode) : null);
        try
        {
            var selected = SelectedTests.Read();
            _roster = Roster.Begin(options.Results, selected);
            if (options.Order is { } seed)
                _order = new(selected, seed, Workers, StartDeadline);
        }
        catch (InvalidOperationException e)
        {
            _errors.Add(e.Message);
        }

        Features = FeatureIndex.Read(options.Root);
        var catalogue = Catalogue.Read(options.Root);
        _results = new(catalogue, Features, options.Filtered, IsWanted, Observed.ByScenario(FeatureStep.Read(options.Root))) { Coverage = Coverage.Read(options.Root, catalogue) };
        _interruption = new(EndEarly);
    }

    /// <summary>Where every scenario stands.</summary>
    public FeatureIndex Features { get; }

    /// <summary>Takes credentials out of everything that is kept.</summary>
    public Redactor Redactor => _platform?.Redactor ?? new Redactor();

    /// <summary>The platform under test.</summary>
    /// <exception cref="EnvironmentException">It could not be brought up: every scenario fails with the same message.</exception>
    public Platform Platform => _platform ?? throw _error!;

    /// <summary>Whether the run was asked for a scenario. A filter of the runner's may let more of a feature through.</summary>
    public bool IsWanted(ScenarioPlace place) => _options.Only?.Contains(place.Where) != false;

    /// <summary>The drill that is played for people; null for any other run.</summary>
    public ShownDrill? Drill => _drill.Value;

    /// <summary>The mistakes that are in force in this run; null outside of <c>specs mutate</c>.</summary>
    public MutationPlan? Mutants => _options.Mutants;

    /// <summary>The mistake that is in force for a scenario; null for none.</summary>
    public PlannedMutant? MutantOf(ScenarioPlace place) => Mutants?.Scenarios.GetValueOrDefault(place.Where);

    /// <summary>The ids of all mistakes that are in force for a scenario; null for none.</summary>
    public string? MistakesOf(ScenarioPlace place)
    {
        var ids = (MutantOf(place) is { } mutant ? [mutant] : Array.Empty<PlannedMutant>()).Concat(Mutants?.Everywhere ?? []).Select(m => m.Id).ToList();
        return ids.Count == 0 ? null : string.Join(", ", ids);
    }

    /// <summary>Brings the platform up. A failure is kept: it belongs into the results, not into a stack trace.</summary>
    public static async Task<TestRun> StartAsync()
    {
        var run = new TestRun(RunOptions.FromEnvironment());
        Interruption.Announce(run._options.Results);
        try
        {
            var problems = new StepCheck(new StepBindings()).Problems(run._options.Root, run._options.Filter);
            if (problems.Count > 0)
                throw new EnvironmentException($"nothing was run: correct these steps\n{string.Join('\n', problems)}");
            Say($"run {run._options.RunId}: bringing up the platform");
            if (run._options.Order is { } seed)
                Say(string.Create(CultureInfo.InvariantCulture, $"the scenarios begin in the order of seed {seed}"));
            var platform = run._platform = await Platform.StartAsync(run._options, Say);
            if (platform.Cluster is KeptCluster)
                Say("this is the cluster that an earlier run kept (`support/specs clean` ends it; SPECS_KEEP=0 starts a new one)");
            if (platform.Cluster.KeptId is { } id)
                Say($"it stays up: KUBECONFIG={KeptCluster.KubeconfigOf(id)}");
            Say($"Kubernetes {platform.Version} answers after {Seconds(platform.ClusterReadyMs)}, the fleet of {platform.Fleet.Gpus} GPUs is ready after {Seconds(platform.FleetReadyMs)}");
        }
        catch (Exception e) when (e is EnvironmentException or BadInputException)
        {
            run._error = e as EnvironmentException ?? new EnvironmentException(e.Message, e);
        }

        return run;
    }

    /// <summary>Waits until a scenario may begin, where the run has an order; null where it has none.</summary>
    /// <param name="test">NUnit's id of it.</param>
    public async Task<Turn?> BeginInOrderAsync(string test) => _order is null ? null : await _order.BeginAsync(test);

    /// <summary>Looks whether the platform is still there, after a scenario has failed: where it is not, no further one begins.</summary>
    public async Task LookForTheCauseAsync() => _broken ??= _platform is null ? null : await _platform.ProblemAsync();

    /// <summary>Whether the platform broke in the middle of the run.</summary>
    public bool IsBroken => _broken is not null;

    /// <summary>Ends a scenario before it begins where the platform broke.</summary>
    /// <exception cref="EnvironmentException">It did: nothing can be judged any more.</exception>
    public void RequirePlatform()
    {
        if (_broken is not null)
            throw new EnvironmentException($"Not run, for the platform broke in the middle of the run. {_broken}");
    }

    /// <summary>Waits until a scenario may begin its work; it holds what it reserved, and ends its turn when it is done.</summary>
    public async Task<Turn> TakeTurnAsync()
    {
        await _turns.WaitAsync();
        return new(() => _turns.Release());
    }

    /// <summary>Keeps the result of a scenario, and tells it to whoever watches.</summary>
    /// <param name="test">NUnit's id of it.</param>
    /// <param name="result">Its verdict.</param>
    public void Add(string test, ScenarioResult result)
    {
        _results.Add(result);
        _roster?.AddVerdict(test, $"{result.Feature}:{result.Line} {result.Name}");
        if (Environment.GetEnvironmentVariable(ScenarioEvent.Variable) == "1")
            TestContext.Progress.WriteLine(new ScenarioEvent(result.Feature, result.Name, result.Line, result.Status, result.DurationMs).ToLine());
        else
            Say($"{Wording.Of(result.Status),-12} {Seconds(result.DurationMs),7}  {result.Name}");
    }

    /// <summary>Takes that a scenario ends without a result, for the run was asked for others.</summary>
    /// <param name="test">NUnit's id of it.</param>
    /// <param name="place">The scenario.</param>
    public void PassOver(string test, ScenarioPlace place) => _roster?.AddVerdict(test, place.Name);

    /// <summary>Writes the results and ends the platform, whatever happens to either.</summary>
    public async Task EndAsync()
    {
        try
        {
            // What an interruption writes meanwhile would be less.
            if (Interlocked.Increment(ref _ends) == 1)
                await WriteResultsAsync(interrupted: false);
        }
        finally
        {
            if (_platform is not null)
                await _platform.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _interruption.Dispose();
        _turns.Dispose();
        _roster?.Dispose();
    }

    // Whoever interrupts does not wait for the scenarios that are under way. What these leave on a cluster that stays is removed by
    // support/specs once this process is gone: nothing makes more of it then.
    private void EndEarly()
    {
        if (Interlocked.Increment(ref _ends) != 1)
            return;
        try
        {
            WriteResultsAsync(interrupted: true).GetAwaiter().GetResult();
        }
        finally
        {
            Environment.Exit(Interruption.ExitCode);
        }
    }

    private async Task<(ClusterInfo? Cluster, IReadOnlyList<string> Undetermined)> DescribeAsync(bool interrupted)
    {
        if (_platform is null)
            return (null, []);
        try
        {
            return await _platform.DescribeAsync().WaitAsync(interrupted ? Interruption.Patience : Timeout.InfiniteTimeSpan);
        }
        catch (Exception) when (interrupted)
        {
            return (null, []); // nobody knows yet what it can do
        }
    }

    private async Task<(FleetInfo? Fleet, IReadOnlyList<string> Unseen)> LookAtFleetAsync(bool look)
    {
        if (!look || _platform is null)
            return (_platform?.Fleet.Info, []);
        var fleet = _platform.Fleet;
        try
        {
            return (fleet.Info with { Nodes = [.. (await fleet.LookAsync(n => $"namespace {n}")).Select(n => n.Redacted(Redactor))] }, []);
        }
        catch (Exception e) when (e is KubeApiException or NoAnswerException)
        {
            return (fleet.Info, [$"What became of the fleet could not be found out: {e.Message}"]);
        }
    }

    private async Task WriteResultsAsync(bool interrupted)
    {
        var broken = interrupted || _platform is null ? [] : _broken is not null ? [_broken] : await _platform.ProblemsAtTheEndAsync();
        var (cluster, undetermined) = await DescribeAsync(interrupted);
        // A platform that broke is not looked at, nor one that somebody waits to leave.
        var (fleet, unseen) = await LookAtFleetAsync(!interrupted && broken.Count == 0);
        // Of an interrupted run nobody expects a verdict on each scenario.
        var missing = interrupted ? [] : _roster?.Problems() ?? [];
        IReadOnlyList<string> errors = [.. _error is null ? [] : (string[])[_error.Message], .. broken, .. _errors, .. undetermined, .. unseen, .. missing];
        var run = new RunInfo(_options.RunId, _startedAt, DateTimeOffset.UtcNow, _platform?.ClusterReadyMs, _platform?.FleetReadyMs,
            errors.Count == 0 ? null : Redactor.Redact(string.Join('\n', errors)), _options.Selection, interrupted, _options.Controls?.Name);
        var posture = _results.Build(run, cluster?.Redacted(Redactor), fleet, (_platform?.Options ?? _options).Required);
        Directory.CreateDirectory(_options.Results);
        await File.WriteAllTextAsync(Path.Combine(_options.Results, "posture.json"), posture.ToJson());
        await File.WriteAllTextAsync(Path.Combine(_options.Results, "posture.html"), HtmlReport.Render(posture));
        ConsoleSummary.Write(posture, TestContext.Progress);
    }

    /// <summary>Waits until the person who watches has pressed Enter.</summary>
    /// <param name="prompt">Tells to press it, and what for.</param>
    public async Task AwaitEnterAsync(string prompt)
    {
        var file = Path.Combine(_options.Results, PlayedDrill.EnterFile);
        File.Delete(file);
        Say(prompt);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!File.Exists(file))
            await timer.WaitForNextTickAsync();
    }

    /// <summary>Tells who watches a text. support/specs shows the lines that begin so, and leaves out the runner's own.</summary>
    public static void Say(string text) => TestContext.Progress.WriteLine("specs: " + text.ReplaceLineEndings("\nspecs: "));

    private static string Seconds(double milliseconds) => (milliseconds / 1000).ToString("0.0", CultureInfo.InvariantCulture) + " s";
}

/// <summary>A drill that is played for people.</summary>
/// <param name="Scenario">What plays it.</param>
/// <param name="Mode">How it is played.</param>
public sealed record ShownDrill(DrillScenario Scenario, DrillMode Mode);

/// <summary>A scenario's place among those that are at work.</summary>
public sealed record Turn(Action End);
