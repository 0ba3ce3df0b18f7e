using System.Globalization;
using NUnit.Framework;
using Reqnroll.Bindings;

namespace Reqnroll.Engine;

/// <summary>Writes each step and what became of it to the test's output, as the real package does; failures with file and line.</summary>
internal static class StepTrace
{
    public static void Step(StepInstance step)
    {
        TestContext.Out.WriteLine($"{step.Keyword}{step.Text}");
        if (step.MultilineTextArgument is not null) WriteArgument("multiline", step.MultilineTextArgument);
        if (step.TableArgument is not null) WriteArgument("table", step.TableArgument.ToString());
    }

    public static void Result(StepRunner.Execution execution, StepInstance step, SourceLine line)
    {
        var seconds = string.Create(CultureInfo.InvariantCulture, $"({execution.Duration.TotalSeconds:F1}s)");
        TestContext.Out.WriteLine("-> " + execution.Status switch
        {
            ScenarioExecutionStatus.OK => $"done: {Call(execution)} {seconds}",
            ScenarioExecutionStatus.StepDefinitionPending => $"pending: {Call(execution)}: {execution.Error!.Message}",
            ScenarioExecutionStatus.UndefinedStep =>
                $"undefined: No matching step definition found for the step. Use the following code to create one:\n{StepSkeleton.Of(step)}",
            ScenarioExecutionStatus.BindingError => $"binding error: {execution.Error!.Message}",
            ScenarioExecutionStatus.Skipped when execution.IsWanted => $"skipped: {execution.Error!.Message}",
            ScenarioExecutionStatus.Skipped => "skipped because of previous errors",
            _ => $"error: {execution.Error!.Message} {seconds}",
        });
        if (execution.Status is not (ScenarioExecutionStatus.OK or ScenarioExecutionStatus.Skipped)) TestContext.Out.WriteLine($"   at {line}: {step.Keyword}{step.Text}");
    }

    private static string Call(StepRunner.Execution execution) => MethodText.Call(execution.Match!.Binding.Method, execution.Arguments);

    private static void WriteArgument(string kind, string text)
    {
        TestContext.Out.WriteLine($"  --- {kind} step argument ---");
        foreach (var line in text.TrimEnd().Split('\n')) TestContext.Out.WriteLine($"  {line.TrimEnd('\r')}");
    }
}
