using Reqnroll.Bindings;
using Reqnroll.Infrastructure;
using Reqnroll.Tracing;
using SecuritySpecs.Reports.Phrases;
using SecuritySpecs.Steps.Run;

namespace SecuritySpecs.Steps.BreakItDrills;

/// <summary>Carries steps of the running scenario out once more, without any trace in its result.</summary>
public sealed class StepRepeater(IStepDefinitionMatchService matches, IStepArgumentTypeConverter converter, IAsyncBindingInvoker invoker, IContextManager contexts, ITestTracer tracer)
{
    /// <summary>Carries a step out.</summary>
    /// <exception cref="Exception">As the step itself throws it: an assertion that fails, a deadline that passes.</exception>
    public async Task RunAsync(FeatureStep step)
    {
        var match = matches.GetBestMatch(StepBindings.Instance(step), StepBindings.Culture, out _, out _);
        var arguments = new List<object?>();
        foreach (var (argument, parameter) in match.Arguments.Zip(match.StepBinding.Method.Parameters))
            arguments.Add(await converter.ConvertAsync(argument.Value, parameter.Type, StepBindings.Culture));
        await invoker.InvokeBindingAsync(match.StepBinding, contexts, [.. arguments], tracer, new DurationHolder());
    }
}
