using SecuritySpecs.Drills;

namespace SecuritySpecs.Tests;

[TestFixture]
public sealed class RunbookTests
{
    private const string One = """
        runbooks:
          - drill: one
            mistake: m
            symptom: s
            triage: t
            query: kubectl get pods -n {blue} {drill} -o jsonpath='{range .items[*]}{.metadata.name}{end}'
            finds: ^a
            otherwise: ^b
            fix: f
            verification: v
            prevention: p

        """;

    [Test]
    public void Placeholders_are_filled_in_and_what_jsonpath_has_in_braces_stays() =>
        Runbook.Parse(One)[0].QueryFor(new Dictionary<string, string> { ["blue"] = "blue-1", ["drill"] = "-l x=y" }).Should()
            .Be("kubectl get pods -n blue-1 -l x=y -o jsonpath='{range .items[*]}{.metadata.name}{end}'");

    [Test]
    public void A_tenant_that_the_scenario_does_not_have_is_named_with_the_line() =>
        FluentActions.Invoking(() => Runbook.Parse(One)[0].QueryFor(new Dictionary<string, string> { ["green"] = "green-1" }))
            .Should().Throw<ArgumentException>().WithMessage("*runbooks.yaml:2: the query has {blue}, but there are only: {green}*");

    [TestCase("    fix: f\n", "", 2, "fix")]
    [TestCase("    finds: ^a", "    finds: '('", 7, "finds: *")]
    [TestCase("    mistake: m", "    mistakes: m", 3, "mistakes")]
    public void A_malformed_runbook_is_told_with_its_line(string right, string wrong, int line, string problem) =>
        FluentActions.Invoking(() => Runbook.Parse(One.Replace(right, wrong, StringComparison.Ordinal)))
            .Should().Throw<BadInputException>().WithMessage($"*runbooks.yaml:{line}: *{problem}*");

    [Test]
    public void A_drill_has_one_runbook() =>
        FluentActions.Invoking(() => Runbook.Parse(One + One["runbooks:\n".Length..])).Should().Throw<BadInputException>().WithMessage("*runbook \"one\" is there twice*");
}
