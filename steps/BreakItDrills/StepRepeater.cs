using Reqnroll.Bindings;
using Reqnroll.Bindings.Reflection;
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
        var parameters = match.StepBinding.Method.Parameters.ToList();
        object?[] arguments = [.. match.Arguments.Select(a => a.Value), .. step.Cells is null ? Array.Empty<object>() : [TableOf(step.Cells)]];
        for (var n = 0; n < match.Arguments.Length; n++)
            arguments[n] = await ConvertAsync(match.Arguments[n].Value, parameters[n].Type);
        await invoker.InvokeBindingAsync(match.StepBinding, contexts, arguments, tracer, new DurationHolder());
    }

    private async Task<object?> ConvertAsync(object value, IBindingType type) => await converter.ConvertAsync(value, type, StepBindings.Culture);

    private static Table TableOf(IReadOnlyList<IReadOnlyList<string>> cells)
    {
        var table = new Table([.. cells[0]]);
        foreach (var row in cells.Skip(1))
            table.AddRow([.. row]);
        return table;
    }
}
