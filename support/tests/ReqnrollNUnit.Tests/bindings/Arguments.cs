using System.Globalization;
using FluentAssertions;

namespace Reqnroll.Tests;

public enum Colour
{
    Red,
    DarkBlue,
}

/// <summary>What the steps of a scenario were given.</summary>
public sealed class Arguments
{
    private readonly List<string> _values = [];

    public void Take(params object[] values) => _values.AddRange(values.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture)!));

    public override string ToString() => string.Join('|', _values);
}

[Binding]
public sealed class ExpressionSteps(Arguments arguments)
{
    [When("the words {string} and {string} are taken")]
    public void TakeWords(string a, string b) => arguments.Take(a, b);

    [When("the int {int} is taken")]
    public void TakeInt(int value) => TakeTyped(value);

    [When("the long {long} is taken")]
    public void TakeLong(long value) => TakeTyped(value);

    [When("the byte {byte} is taken")]
    public void TakeByte(byte value) => TakeTyped(value);

    [When("the float {float} is taken")]
    public void TakeFloat(float value) => TakeTyped(value);

    [When("the double {double} is taken")]
    public void TakeDouble(double value) => TakeTyped(value);

    [When("the decimal {decimal} is taken")]
    public void TakeDecimal(decimal value) => TakeTyped(value);

    [When("word {word} then {} is taken")]
    public void TakeWord(string word, string rest) => arguments.Take(word, rest);

    [When("the colour {Colour} is taken")]
    public void TakeColour(Colour colour) => arguments.Take(colour);

    [When("{int} GPU(s) is/are claimed \\(at once)")]
    public void Claim(int count) => arguments.Take(count);

    [When(@"gpu-(\d+) of node-(\d+) is taken")]
    public void TakeGpu(int gpu, int node) => arguments.Take(gpu, node);

    [When("^exactly ([0-9]) is taken$")]
    public void TakeExactly(string digit) => arguments.Take(digit);

    [When(@"^(nothing|(\d+)) more is taken$")]
    public void TakeNothing(string what) => arguments.Take(what);

    [When("the size {size} is taken")]
    public void TakeSize(Size size) => arguments.Take(size.Bytes);

    [When("the moment {TimeSpan} is taken")]
    public async Task TakeMoment(TimeSpan moment)
    {
        await Task.Yield();
        arguments.Take(moment);
    }

    [Given("a given step")]
    public ValueTask Given()
    {
        arguments.Take("given");
        return ValueTask.CompletedTask;
    }

    [Then("the arguments are {string}")]
    public void ArgumentsAre(string expected) => arguments.ToString().Should().Be(expected);

    private void TakeTyped(object value) => arguments.Take(FormattableString.Invariant($"{value.GetType().Name} {value}"));

    public sealed record Size(long Bytes);
}

[Binding]
public sealed class Transformations
{
    [StepArgumentTransformation(@"(\d+) (Ki|Mi|Gi)B", Name = "size")]
    public static ExpressionSteps.Size Size(long count, string unit) =>
        new(count << (10 * (1 + Array.IndexOf(["Ki", "Mi", "Gi"], unit))));

    [StepArgumentTransformation(@"(\d+) hours?")]
    public static TimeSpan Hours(int count) => TimeSpan.FromHours(count);

    [StepArgumentTransformation]
    public static TableTotal Total(Table table) => new(table.Rows.Sum(r => int.Parse(r[0], CultureInfo.InvariantCulture)));
}

public sealed record TableTotal(int Value);
