using FluentAssertions;

namespace Reqnroll.Tests;

public enum PoolKind
{
    Real,
    Fake,
}

/// <summary>Built by its constructor.</summary>
public sealed record Pool(string Name, int GpuCount, PoolKind Kind, string[] Labels, int? Spare)
{
    public override string ToString() =>
        $"Pool {{ Name = {Name}, GpuCount = {GpuCount}, Kind = {Kind}, Labels = {string.Join('+', Labels)}, Spare = {(object?)Spare ?? "none"} }}";
}

/// <summary>Built by its properties.</summary>
public sealed class Machine
{
    public string Name { get; set; } = "";

    public bool IsReal { get; set; }
}

[Binding]
public sealed class TableSteps(Arguments arguments)
{
    private Table? _table;
    private List<Pool> _pools = [];
    private Machine? _machine;

    [When("the table is taken:")]
    public void TakeTable(Table table) => _table = table;

    [Then("its columns are {string}")]
    public void ColumnsAre(string columns)
    {
        string.Join(", ", _table!.Header).Should().Be(columns);
        _table.ContainsColumn("pool").Should().BeTrue();
        _table.ContainsColumn("Pool").Should().BeFalse();
        _table.RowCount.Should().Be(_table.Rows.Count);
    }

    [Then("row {int} has {string} under {string} and {string} at {int}")]
    public void RowHas(int row, string cell, string column, string second, int index)
    {
        _table!.Rows[row - 1][column].Should().Be(cell);
        _table.Rows[row - 1][index].Should().Be(second);
    }

    [When("the pools are:")]
    public void TakePools(DataTable table) => _pools = [.. table.CreateSet<Pool>()];

    [Then("pool {int} is {string}")]
    public void PoolIs(int number, string expected) => _pools[number - 1].ToString().Should().Be(expected);

    [When("the machine is:")]
    public void TakeMachine(DataTable table) => _machine = table.CreateInstance<Machine>();

    [Then("the machine is called {string} and is real")]
    public void MachineIs(string name) => _machine.Should().BeEquivalentTo(new Machine { Name = name, IsReal = true });

    [When("the total of the table is taken:")]
    public void TakeTotal(TableTotal total) => arguments.Take(total.Value);

    [When("the text is taken:")]
    public void TakeText(string text) => arguments.Take(text.ReplaceLineEndings("/"));
}
