using SecuritySpecs.Steps.Shared;

namespace Steps.Tests;

[TestFixture]
public sealed class TableAssertionsTests
{
    private static readonly string[] Named = ["pods: 10", "secrets: {8}", "secrets: {8}"];
    private static readonly string[] Seen = ["secrets: {8}", "pods: 11", "services: 0"];

    [Test]
    public void What_is_there_is_what_the_table_names_in_any_order() =>
        FluentActions.Invoking(() => Named.Reverse().ShouldBeExactly(Named, "The limits should be these")).Should().NotThrow();

    [Test]
    public void What_is_missing_and_what_is_not_in_the_table_is_told_line_by_line_in_the_words_of_the_table() =>
        FluentActions.Invoking(() => Seen.ShouldBeExactly(Named, "The limits should be these"))
            .Should().Throw<AssertionException>()
            .WithMessage("The limits should be these:\nmissing: pods: 10\nmissing: secrets: {8}\nnot in the table: pods: 11\nnot in the table: services: 0");

    [Test]
    public void Nothing_at_all_is_not_what_a_table_names() =>
        FluentActions.Invoking(() => Array.Empty<string>().ShouldBeExactly(["pods: 10"], "The limits should be these")).Should().Throw<AssertionException>().WithMessage("*missing: pods: 10");
}
