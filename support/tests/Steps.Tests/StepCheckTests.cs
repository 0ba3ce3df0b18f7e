using SecuritySpecs.Reports.Phrases;
using SecuritySpecs.Steps.Run;

namespace Steps.Tests;

[TestFixture]
public sealed class StepCheckTests
{
    private static readonly StepBindings Bindings = new(typeof(Sample).Assembly);

    [TestCase("Given a basket of \"blue\"")]
    [TestCase("When \"blue\" eats 2 apples")]
    [TestCase("When \"blue\" eats 1 ripe pear with a \"knife\"")]
    public void A_step_that_a_phrase_fits_is_no_problem(string step) => Problems(step).Should().BeEmpty();

    [Test]
    public void An_undefined_step_is_told_with_its_place_the_nearest_phrases_and_the_binding_to_paste()
    {
        var problem = Problems("Given a baskett of \"blue\"").Should().ContainSingle().Which;

        problem.Should().StartWith("features/f.feature:4: no phrase fits this step\n    Given a baskett of \"blue\"\n  Nearest phrases:\n    Given a basket of {string}\n")
            .And.Contain("[Given(\"a baskett of {string}\")]").And.Contain("public async Task Given");
    }

    [Test]
    public void The_binding_to_paste_is_told_once()
    {
        Problems("Given a baskett of \"blue\"\n    And a baskett of \"green\"").Where(p => p.Contains("[Given(", StringComparison.Ordinal)).Should().ContainSingle();
    }

    [Test]
    public void Of_many_steps_the_first_ten_are_told_in_full()
    {
        var problems = Problems(string.Join("\n    ", Enumerable.Range(1, 12).Select(n => $"Given a baskett {n}")));

        problems.Should().HaveCount(12);
        problems.Take(10).Should().OnlyContain(p => p.Contains("Nearest phrases", StringComparison.Ordinal));
        problems[^1].Should().Be("features/f.feature:15: this step cannot run either: Given a baskett 12");
    }

    [Test]
    public void An_ambiguous_step_is_told_with_the_phrases_that_fit()
    {
        Problems("Then \"blue\" has eaten").Should().ContainSingle().Which.Should().StartWith("features/f.feature:4: the step is ambiguous")
            .And.Contain("Then {string} has eaten  (").And.Contain("Then {word} has eaten  (");
    }

    [Test]
    public void An_unclosed_quote_is_called_so()
    {
        Problems("Given a basket of \"blue").Should().ContainSingle().Which.Should().StartWith("features/f.feature:4: a quote is not closed")
            .And.Contain("Given a basket of {string}").And.NotContain("[Given(");
    }

    [Test]
    public void A_value_that_a_parameter_lacks_is_told_with_those_that_it_has()
    {
        Problems("When \"blue\" eats 2 ripe aples").Should().ContainSingle().Which.Should().StartWith("features/f.feature:4: {fruit} has no value \"ripe aple\"")
            .And.Contain("Nearest values:\n    ripe pear\n    apple");
    }

    [Test]
    public void A_value_that_fits_a_pattern_and_means_nothing_is_told()
    {
        Problems("When \"blue\" eats 2 apples without a knife").Should().ContainSingle().Which.Should().StartWith("features/f.feature:4: {change} has no value \"without a knife\"")
            .And.Contain("with a {string}");
    }

    [TestCase("When the owner sees the basket")]
    [TestCase("When tenant \"blue\" sees the basket")]
    public void A_value_of_a_complex_pattern_is_no_problem(string step) => Problems(step).Should().BeEmpty();

    [Test]
    public void A_value_that_Reqnroll_would_find_out_about_at_run_time_is_told()
    {
        Problems("When the ownr sees the basket").Should().ContainSingle().Which.Should().StartWith("features/f.feature:4: {actor} has no value \"the ownr\"")
            .And.Contain("Nearest values:\n    the owner\n");
        Problems("When tenant \"blue sees the basket").Should().ContainSingle().Which.Should().StartWith("features/f.feature:4: a quote is not closed");
    }

    [Test]
    public void A_phrase_under_another_keyword_is_told()
    {
        Problems("When a basket of \"blue\"").Should().ContainSingle().Which.Should().Contain("this phrase belongs to Given, not to When");
    }

    [Test]
    public void Backgrounds_rules_and_examples_are_looked_at_and_what_is_ignored_is_not()
    {
        var steps = FeatureStep.Parse("features/f.feature", """
            Feature: F
              Background:
                Given one

              Rule: R
                Scenario Outline: S
                  * <what>
                  When three
                  But four

                  Examples:
                    | what |
                    | two  |

                @ignore
                Scenario: Later
                  Given five
            """);

        steps.Select(s => $"{s.Line} {s.Keyword} {s.Text}").Should().Equal("3 Given one", "7 Given two", "8 When three", "9 When four");
        steps.Select(s => s.Scenario).Distinct().Should().Equal("S");
    }

    private static IReadOnlyList<string> Problems(string steps) =>
        new StepCheck(Bindings).Problems(FeatureStep.Parse("features/f.feature", $"Feature: F\n\n  Scenario: S\n    {steps}\n"));
}
