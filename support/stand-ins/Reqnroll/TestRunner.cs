using System.Collections.Specialized;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using NUnit.Framework;
using Reqnroll.Bindings;
using Reqnroll.BoDi;
using Reqnroll.Engine;

namespace Reqnroll;

/// <summary>Runs scenarios one after the other for generated code; parallel scenarios have a runner each.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TestRunner : IDisposable
{
    private readonly TestRun _run;
    private readonly ObjectContainer _container;
    private readonly HookRunner _hooks;
    private readonly StepRunner _steps;
    private readonly RuntimeConfiguration _configuration;
    private readonly List<string> _unfinishedSteps = [];
    private StepDefinitionType _lastStepType;
    private ScenarioContext? _scenario;

    internal TestRunner(TestRun run, ObjectContainer container, HookRunner hooks, StepRunner steps, RuntimeConfiguration configuration)
    {
        _run = run;
        _container = container;
        _hooks = hooks;
        _steps = steps;
        _configuration = configuration;
        _container.RegisterTypeAs<NUnitOutputHelper, IReqnrollOutputHelper>();
    }

    internal FeatureContext? FeatureContext { get; private set; }

    private FeatureContext Feature => FeatureContext ?? throw new InvalidOperationException("No feature has been started.");

    private ScenarioContext Scenario => _scenario ?? throw new InvalidOperationException("No scenario has been started.");

    /// <summary>A table of rows.</summary>
    public static DataTable Table(string[] header, string[][] rows)
    {
        var table = new DataTable(header);
        foreach (var row in rows) table.AddRow(row);
        return table;
    }

    /// <exception cref="ReqnrollException">A BeforeFeature hook failed for an earlier scenario.</exception>
    public async Task OnFeatureStartAsync(FeatureInfo feature)
    {
        if (FeatureContext is { TestError: not null }) throw new ReqnrollException("Scenario skipped because of previous before feature hook error");
        if (FeatureContext is not null) return;

        var container = new ObjectContainer(_container);
        container.RegisterInstanceAs(feature);
        FeatureContext = new FeatureContext(container, feature);
        container.RegisterInstanceAs(FeatureContext, dispose: true);
        await _hooks.RunAsync(HookType.BeforeFeature, container, FeatureContext);
    }

    internal async Task OnFeatureEndAsync()
    {
        try
        {
            await _hooks.RunAsync(HookType.AfterFeature, Feature.FeatureContainer, Feature);
        }
        finally
        {
            Feature.FeatureContainer.Dispose();
            FeatureContext = null;
        }
    }

    /// <summary>Starts a scenario. An error of a BeforeScenario hook is kept: the steps are skipped, the After hooks run.</summary>
    public async Task OnScenarioStartAsync(string title, string description, string[] tags, IOrderedDictionary arguments)
    {
        var container = new ObjectContainer((ObjectContainer)Feature.FeatureContainer);
        var info = new ScenarioInfo(title, description, tags, arguments, Feature.FeatureInfo.Tags);
        container.RegisterInstanceAs(info);
        _scenario = new ScenarioContext(container, info);
        container.RegisterInstanceAs(_scenario, dispose: true);
        _unfinishedSteps.Clear();
        _lastStepType = StepDefinitionType.Given;
        try
        {
            await _hooks.RunAsync(HookType.BeforeScenario, container, Feature, _scenario);
        }
        catch (Exception)
        {
            // Kept in the scenario by the hook runner, thrown by CollectScenarioErrorsAsync.
        }
    }

    public Task GivenAsync(string text, string? multilineText, Table? table, string keyword, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        StepAsync(StepDefinitionType.Given, text, multilineText, table, keyword, new SourceLine(file, line));

    public Task WhenAsync(string text, string? multilineText, Table? table, string keyword, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        StepAsync(StepDefinitionType.When, text, multilineText, table, keyword, new SourceLine(file, line));

    public Task ThenAsync(string text, string? multilineText, Table? table, string keyword, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        StepAsync(StepDefinitionType.Then, text, multilineText, table, keyword, new SourceLine(file, line));

    /// <summary>And, But, *: a step of the kind before it.</summary>
    public Task AndAsync(string text, string? multilineText, Table? table, string keyword, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        StepAsync(_lastStepType, text, multilineText, table, keyword, new SourceLine(file, line));

    /// <summary>Gives the scenario its verdict.</summary>
    public async Task CollectScenarioErrorsAsync()
    {
        await SwitchBlockAsync(ScenarioBlock.None);
        switch (Scenario.ScenarioExecutionStatus)
        {
            case ScenarioExecutionStatus.OK:
                return;
            case ScenarioExecutionStatus.StepDefinitionPending:
                EndUnfinished("One or more step definitions are not implemented yet.", new PendingStepException());
                break;
            case ScenarioExecutionStatus.UndefinedStep:
                var missing = new MissingStepDefinitionException();
                EndUnfinished(missing.Message, missing);
                break;
            default:
                ExceptionDispatchInfo.Throw(Scenario.TestError ?? new InvalidOperationException("test failed with an unknown error"));
                break;
        }
    }

    /// <summary>Runs the AfterScenario hooks and disposes what the scenario created.</summary>
    public async Task OnScenarioEndAsync()
    {
        try
        {
            if (_scenario is not null) await _hooks.RunAsync(HookType.AfterScenario, _scenario.ScenarioContainer, Feature, _scenario);
        }
        finally
        {
            _scenario?.ScenarioContainer.Dispose();
            _scenario = null;
            _run.Release(this);
        }
    }

    public void Dispose() => _container.Dispose();

    private async Task StepAsync(StepDefinitionType type, string text, string? multilineText, Table? table, string keyword, SourceLine line)
    {
        _lastStepType = type;
        var step = new StepInstance(type, keyword, text, multilineText, table);
        Scenario.StepContext = new ScenarioStepContext(new StepInfo(step));
        try
        {
            await SwitchBlockAsync((ScenarioBlock)type);
            if (await _steps.RunAsync(step, line, Feature, Scenario) is { } unfinished) _unfinishedSteps.Add(unfinished);
        }
        finally
        {
            Scenario.StepContext = null;
        }
    }

    private async Task SwitchBlockAsync(ScenarioBlock block)
    {
        if (Scenario.CurrentScenarioBlock == block) return;
        await RunBlockHooksAsync(HookType.AfterScenarioBlock);
        Scenario.CurrentScenarioBlock = block;
        await RunBlockHooksAsync(HookType.BeforeScenarioBlock);
    }

    private async Task RunBlockHooksAsync(HookType type)
    {
        if (Scenario.CurrentScenarioBlock != ScenarioBlock.None && Scenario.ScenarioExecutionStatus == ScenarioExecutionStatus.OK)
            await _hooks.RunAsync(type, Scenario.ScenarioContainer, Feature, Scenario);
    }

    private void EndUnfinished(string problem, ReqnrollException error)
    {
        var message = $"{problem}{Environment.NewLine}{string.Join(Environment.NewLine, _unfinishedSteps.Distinct())}";
        switch (_configuration.MissingOrPendingSteps)
        {
            case MissingOrPendingStepsOutcome.Error:
                throw error;
            case MissingOrPendingStepsOutcome.Ignore:
                Assert.Ignore(message);
                break;
            default:
                Assert.Inconclusive(message);
                break;
        }
    }
}
