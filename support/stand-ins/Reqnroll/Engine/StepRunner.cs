using System.Diagnostics;
using Reqnroll.Bindings;

namespace Reqnroll.Engine;

/// <summary>Runs one step of a scenario: finds its definition, converts its arguments, runs it between its hooks.</summary>
internal sealed class StepRunner(StepMatcher matcher, ArgumentConverter converter, HookRunner hooks)
{
    /// <summary>
    /// Never throws for the step itself: the error is kept in the scenario, whose later steps are then skipped (but looked up,
    /// so that all undefined ones are reported). An error of an AfterStep hook is thrown.
    /// </summary>
    /// <returns>What a message about undefined or pending steps should tell; null when the step was neither.</returns>
    public async Task<string?> RunAsync(StepInstance step, SourceLine line, FeatureContext feature, ScenarioContext scenario)
    {
        var execution = new Execution(scenario.ScenarioExecutionStatus == ScenarioExecutionStatus.OK);
        StepTrace.Step(step);
        await TryAsync(execution, () =>
        {
            execution.Match = matcher.Find(step, feature, scenario.ScenarioInfo);
            return Task.CompletedTask;
        });
        if (execution.IsOk) await TryAsync(execution, async () => execution.Arguments = await ConvertAsync(execution.Match!, feature, scenario));

        var isStarted = execution.IsOk;
        if (execution.IsOk) await TryAsync(execution, () => hooks.RunAsync(HookType.BeforeStep, scenario.ScenarioContainer, feature, scenario));
        if (execution.IsOk) await TryAsync(execution, () => InvokeAsync(execution, feature, scenario));

        StepTrace.Result(execution, step, line);
        if (!execution.IsOk) Keep(execution, scenario);
        if (isStarted) await hooks.RunAsync(HookType.AfterStep, scenario.ScenarioContainer, feature, scenario);
        return execution.Status switch
        {
            ScenarioExecutionStatus.UndefinedStep => StepSkeleton.Of(step),
            ScenarioExecutionStatus.StepDefinitionPending => MethodText.Call(execution.Match!.Binding.Method, execution.Arguments),
            _ => null,
        };
    }

    private static async Task TryAsync(Execution execution, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception e)
        {
            execution.Error = e is MissingStepDefinitionException ? null : e;
            execution.Status = e switch
            {
                MissingStepDefinitionException => ScenarioExecutionStatus.UndefinedStep,
                PendingStepException => ScenarioExecutionStatus.StepDefinitionPending,
                BindingException => ScenarioExecutionStatus.BindingError,
                _ => Outcome.Of(e),
            };
        }
    }

    private async Task<object?[]> ConvertAsync(StepMatch match, FeatureContext feature, ScenarioContext scenario)
    {
        var parameters = match.Binding.Method.GetParameters();
        if (parameters.Length != match.Arguments.Count)
            throw new BindingException($"Parameter count mismatch! The binding method '{MethodText.Of(match.Binding.Method)}' should have {match.Arguments.Count} parameters");

        var arguments = new object?[parameters.Length];
        for (var i = 0; i < arguments.Length; i++)
            arguments[i] = await converter.ConvertAsync(match.Arguments[i], parameters[i].ParameterType, scenario, feature);
        return arguments;
    }

    private static async Task InvokeAsync(Execution execution, FeatureContext feature, ScenarioContext scenario)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            await BindingInvoker.InvokeAsync(execution.Match!.Binding.Method, execution.Arguments!, scenario.ScenarioContainer, feature);
        }
        finally
        {
            execution.Duration = Stopwatch.GetElapsedTime(start);
        }
    }

    private static void Keep(Execution execution, ScenarioContext scenario)
    {
        scenario.StepContext!.Status = execution.Status;
        scenario.StepContext.StepError = execution.Error;

        var isGraver = execution.Status == ScenarioExecutionStatus.Skipped
            ? scenario.ScenarioExecutionStatus == ScenarioExecutionStatus.OK
            : scenario.ScenarioExecutionStatus < execution.Status;
        if (!isGraver) return;
        scenario.ScenarioExecutionStatus = execution.Status;
        scenario.TestError = execution.Error ?? scenario.TestError;
    }

    /// <summary>How far a step came.</summary>
    /// <param name="isWanted">False when an earlier step failed.</param>
    internal sealed class Execution(bool isWanted)
    {
        public ScenarioExecutionStatus Status { get; set; } = isWanted ? ScenarioExecutionStatus.OK : ScenarioExecutionStatus.Skipped;

        public bool IsOk => Status == ScenarioExecutionStatus.OK;

        public bool IsWanted { get; } = isWanted;

        public StepMatch? Match { get; set; }

        public object?[]? Arguments { get; set; }

        public Exception? Error { get; set; }

        public TimeSpan Duration { get; set; }
    }
}

/// <summary>Where a step stands.</summary>
internal sealed record SourceLine(string File, int Line)
{
    public override string ToString() => $"{File}:line {Line}";
}
