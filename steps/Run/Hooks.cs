using NUnit.Framework;
using Reqnroll.BoDi;
using SecuritySpecs.Evidence;

namespace SecuritySpecs.Steps.Run;

/// <summary>Brings the platform up before the first scenario, gives each scenario its own part of it, and writes the results.</summary>
[Binding]
public sealed class Hooks(TestRun run, IObjectContainer container, ScenarioContext scenario, FeatureContext feature)
{
    private string? _lacks;
    private string? _notProvided;
    private Turn? _begun;

    private ScenarioPlace Place
    {
        get
        {
            var info = scenario.ScenarioInfo;
            var arguments = info.Arguments.Keys.Cast<string>().ToDictionary(k => k, k => (string)info.Arguments[k]!);
            return run.Features.Find(feature.FeatureInfo.Title, info.Title, arguments);
        }
    }

    [BeforeTestRun]
    public static async Task StartPlatform(IObjectContainer container)
    {
        FailureWords.Use();
        container.RegisterInstanceAs(await TestRun.StartAsync());
    }

    [AfterTestRun]
    public static async Task WriteResults(IObjectContainer container)
    {
        using var run = container.Resolve<TestRun>();
        await run.EndAsync();
    }

    [BeforeScenario]
    public async Task PrepareScenario()
    {
        _begun = await run.BeginInOrderAsync(TestContext.CurrentContext.Test.ID);
        if (!run.IsWanted(Place))
            Assert.Ignore("The run was asked for other scenarios.");
        run.RequirePlatform();
        var recorder = new ScenarioRecorder(run.Redactor);
        container.RegisterInstanceAs(recorder);
        var platform = run.Platform;
        var tags = new ScenarioTags(scenario.ScenarioInfo.CombinedTags);
        if (tags.Control is { } control && platform.Options.Controls?.StandInFor(control) is { } missing)
            EndAsNotProvided(missing);
        foreach (var name in tags.NeededCapabilities)
        {
            await NeedAsync(platform, name);
            recorder.BeginScenario(); // to find that out is no part of the scenario's time
        }

        await ReserveAsync(platform, tags);
        container.RegisterInstanceAs(await run.TakeTurnAsync());
        // While it waited for all that, others may have failed.
        run.RequirePlatform();
        container.RegisterInstanceAs(new ScenarioPlatform(platform, recorder, run.MutantOf(Place), EndAsNotProvided));
        recorder.BeginScenario();
    }

    // The only place where a scenario becomes not provided. It throws, also in the middle of a step.
    private void EndAsNotProvided(string what)
    {
        _notProvided = what;
        Assert.Ignore($"{Reports.Wording.NotProvided}: {what}");
    }

    // The only place where a scenario becomes inconclusive: by a capability that has a name, so that --require demands it.
    private async Task NeedAsync(Cluster.Platform platform, string name)
    {
        var capability = await platform.CapabilityAsync(name);
        if (capability.Present)
            return;
        _lacks = name;
        Assert.Inconclusive($"This cluster lacks {name}: {capability.How}.");
    }

    private async Task ReserveAsync(Cluster.Platform platform, ScenarioTags tags)
    {
        var gate = tags.AsksForTheSharedGpu ? (await platform.SharedGpuAsync()).Gate : platform.Fleet.Gate;
        var gpus = tags.GpusOf(gate?.Capacity ?? 0);
        if (gate is null || gpus == 0)
            return;
        if (gpus > gate.Capacity)
            await NeedAsync(platform, Cluster.CapabilityDetector.GpuRoom);
        // A pod that was removed by force may hold its slice for a moment more.
        Func<Task> settle = tags.FillsTheSharedGpu ? (await platform.SharedGpuAsync()).AwaitIdleAsync : () => Task.CompletedTask;
        await gate.TakeAsync(gpus);
        // Known before anything can fail: what is not given back, others wait for without end.
        container.RegisterInstanceAs(new GpuReservation(gate, gpus, settle));
        await settle();
    }

    [BeforeStep]
    public void BeginStep() => container.Resolve<ScenarioRecorder>().BeginStep();

    [AfterStep]
    public void EndStep()
    {
        var step = scenario.StepContext!;
        container.Resolve<ScenarioRecorder>().EndStep(step.StepInfo!.StepDefinitionType.ToString(), step.StepInfo.Text,
            step.Status == ScenarioExecutionStatus.OK ? ResultStatus.Passed : _notProvided is null ? ResultStatus.Failed : ResultStatus.Skipped);
    }

    // One hook: where one of several throws, the later ones do not run, and a scenario would be missing from the results.
    [AfterScenario]
    public async Task EndScenario()
    {
        var failure = scenario.TestError;
        try
        {
            if (failure is not null && (_lacks ?? _notProvided) is null)
                await run.LookForTheCauseAsync();
            await RemoveScenarioAsync();
        }
        catch (Exception e)
        {
            // What stayed is told beside what failed before.
            failure = failure is null || (_lacks ?? _notProvided) is not null ? e : new InvalidOperationException($"{FailureWords.Of(failure)}\n{e.Message}");
            throw;
        }
        finally
        {
            if (container.IsRegistered<Turn>())
                container.Resolve<Turn>().End();
            _begun?.End();
            KeepResult(failure);
        }
    }

    private async Task RemoveScenarioAsync()
    {
        var reservation = container.IsRegistered<GpuReservation>() ? container.Resolve<GpuReservation>() : null;
        try
        {
            if (container.IsRegistered<ScenarioPlatform>())
                await container.Resolve<ScenarioPlatform>().EndAsync(waitForPods: reservation is not null, isBroken: run.IsBroken);
        }
        finally
        {
            if (container.IsRegistered<ScenarioPlatform>())
                run.Platform.EndedScenarios[container.Resolve<ScenarioPlatform>().Id] = true;
            if (reservation is not null)
                await reservation.ReturnAsync(run.IsBroken);
        }
    }

    private void KeepResult(Exception? failure)
    {
        var place = Place;
        if (!run.IsWanted(place))
        {
            run.PassOver(TestContext.CurrentContext.Test.ID, place);
            return;
        }

        var status = failure switch
        {
            null when scenario.ScenarioExecutionStatus == ScenarioExecutionStatus.OK => ResultStatus.Passed,
            InconclusiveException when _lacks is not null => ResultStatus.Inconclusive,
            IgnoreException when _notProvided is not null => ResultStatus.NotProvided,
            _ => ResultStatus.Failed,
        };
        var error = status == ResultStatus.Passed ? null : status == ResultStatus.NotProvided ? _notProvided : failure is null ? scenario.ScenarioExecutionStatus.ToString() : FailureWords.Of(failure);
        if (status == ResultStatus.Failed)
            error += InForce();
        var recorder = container.IsRegistered<ScenarioRecorder>() ? container.Resolve<ScenarioRecorder>() : new ScenarioRecorder(run.Redactor);
        var kind = status == ResultStatus.Failed ? FailureKinds.Of(failure, recorder.FailedKeyword) : (FailureKind?)null;
        run.Add(TestContext.CurrentContext.Test.ID, recorder.Result(place, place.Tags, status, error, kind, run.MistakesOf(place)));
    }

    // What a reader looks at next: a control that fails is in one of these files.
    private string InForce() => container.IsRegistered<ScenarioPlatform>() && container.Resolve<ScenarioPlatform>().Manifests.InForce is { Count: > 0 } files
        ? $"\nIn force: {string.Join("; ", files)}" : "";
}

/// <summary>GPUs of the real node, or parts of the GPU that tenants share, that are a scenario's while it runs.</summary>
/// <param name="Gate">Where they come from.</param>
/// <param name="Gpus">How many.</param>
/// <param name="Settle">Waits until they are really free, after the scenario's pods are gone.</param>
public sealed record GpuReservation(Fleet.GpuGate Gate, int Gpus, Func<Task> Settle)
{
    /// <summary>Gives them back.</summary>
    /// <param name="isBroken">Whether the platform broke, so that nothing settles any more.</param>
    public async Task ReturnAsync(bool isBroken)
    {
        try
        {
            if (!isBroken)
                await Settle();
        }
        finally
        {
            await Gate.ReturnAsync(Gpus);
        }
    }
}
