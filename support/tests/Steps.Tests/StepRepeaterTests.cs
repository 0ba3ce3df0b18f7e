using Reqnroll;
using Reqnroll.Bindings;
using Reqnroll.Infrastructure;
using Reqnroll.Tracing;
using SecuritySpecs.Reports.Phrases;
using SecuritySpecs.Steps.BreakItDrills;
using SecuritySpecs.Steps.Run;

namespace Steps.Tests;

/// <summary>How <c>specs drill --check</c> carries out the steps of a drill once more.</summary>
[TestFixture]
public sealed class StepRepeaterTests : IAsyncBindingInvoker
{
    private object[] _arguments = [];

    [Test]
    public async Task A_step_gets_its_values()
    {
        await RepeatAsync("Given a basket of \"blue\"");

        _arguments.Should().Equal("blue");
    }

    [Test]
    public async Task A_step_gets_its_table()
    {
        await RepeatAsync("Then these are left:\n      | fruit | many |\n      | apple | 2    |");

        var table = _arguments.Should().ContainSingle().Which.Should().BeOfType<DataTable>().Which;
        table.Header.Should().Equal("fruit", "many");
        table.Rows.Should().ContainSingle().Which.Values.Should().Equal("apple", "2");
    }

    Task<object?> IAsyncBindingInvoker.InvokeBindingAsync(IBinding binding, IContextManager contextManager, object[] arguments, ITestTracer testTracer, DurationHolder durationHolder)
    {
        _arguments = arguments;
        return Task.FromResult<object?>(null);
    }

    private async Task RepeatAsync(string step)
    {
        var thread = new StepBindings(typeof(Sample).Assembly).Thread;
        var repeater = new StepRepeater(thread.Resolve<IStepDefinitionMatchService>(), thread.Resolve<IStepArgumentTypeConverter>(), this, thread.Resolve<IContextManager>(), thread.Resolve<ITestTracer>());
        await repeater.RunAsync(FeatureStep.Parse("features/f.feature", $"Feature: F\n\n  Scenario: S\n    {step}\n").Single());
    }
}
