using FluentAssertions;
using NUnit.Framework;

[assembly: Parallelizable(ParallelScope.Children)]

namespace Reqnroll.Tests;

public sealed class ItemList
{
    public List<string> Items { get; } = [];
}

[Binding]
public sealed class CoreSteps(ItemList list)
{
    [Given("a list with {string}")]
    [When("{string} is added")]
    public void Add(string item) => list.Items.Add(item);

    [Then("the list is:")]
    public async Task ListIs(DataTable table)
    {
        await Task.Yield();
        list.Items.Should().Equal(table.Rows.Select(r => r["item"]));
    }

    [Then("it holds {int} item(s)")]
    public ValueTask Holds(int count)
    {
        list.Items.Should().HaveCount(count);
        return ValueTask.CompletedTask;
    }
}
