using System.Collections.Concurrent;
using FluentAssertions;
using NUnit.Framework;

[assembly: Parallelizable(ParallelScope.Children)]

namespace Reqnroll.Tests;

[Binding]
public sealed class ParallelSteps(ScenarioContext scenario)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly ConcurrentDictionary<string, TaskCompletionSource> Arrivals = new();

    [When("{string} meets {string}")]
    public async Task Meet(string name, string other)
    {
        scenario["note"] = name;
        Arrival(name).TrySetResult();
        await Arrival(other).Task.WaitAsync(Deadline);
    }

    [Then("its own note is {string}")]
    public void NoteIs(string name) => scenario["note"].Should().Be(name);

    private static TaskCompletionSource Arrival(string name) => Arrivals.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
