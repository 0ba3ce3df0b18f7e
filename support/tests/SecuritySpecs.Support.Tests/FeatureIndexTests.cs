using SecuritySpecs.Drills;
using SecuritySpecs.Drivers.Shared.Pods;
using SecuritySpecs.Drivers.Shared.Refusals;
using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Tests;

[TestFixture]
public sealed class FeatureIndexTests
{
    private const string Text = """"
        # a comment
        @control:quota
        Feature: Quota
          Scenario: this line is prose? no: it begins with a keyword, as Gherkin has it

          Background:
            Given a thing

          @needs:gpu @serial
          Scenario: Plain
            Given a text
              """
              Scenario: not one
              | not | a row |
              """
            And a table
              | a | b |
              | 1 | 2 |

          Scenario Outline: Told by <who> to <whom>
            Given a thing

            Examples:
              | who  | whom  |
              | blue | green |
            @ignore
            Examples: more
              | who  | whom |
              | red  | blue |

          Scenario Outline: Without placeholders
            Given <who>
            Examples:
              | who |
              | one |
        """";

    [Test]
    public void Every_scenario_and_example_has_its_line_and_name()
    {
        FeatureIndex.Parse("features/q.feature", Text).All.Select(p => (p.Name, p.Line)).Should().Equal(
            ("this line is prose? no: it begins with a keyword, as Gherkin has it", 4),
            ("Plain", 10),
            ("Told by blue to green", 25),
            ("Told by red to blue", 29),
            ("Without placeholders (one)", 35));
    }

    [TestCase(9, "Plain", Description = "its tags")]
    [TestCase(10, "Plain")]
    [TestCase(14, "Plain", Description = "in a doc string")]
    [TestCase(18, "Plain", Description = "the last row of its table")]
    [TestCase(19, "", Description = "between two scenarios")]
    [TestCase(2, "", Description = "a tag of the feature")]
    [TestCase(3, "", Description = "the feature")]
    [TestCase(20, "Told by blue to green, Told by red to blue", Description = "an outline")]
    [TestCase(24, "Told by blue to green, Told by red to blue", Description = "a header of examples")]
    [TestCase(25, "Told by blue to green")]
    [TestCase(29, "Told by red to blue")]
    [TestCase(35, "Without placeholders (one)")]
    [TestCase(36, "")]
    public void A_line_is_in_a_scenario_or_in_none(int line, string expected) =>
        string.Join(", ", FeatureIndex.Parse("features/q.feature", Text).At("features/q.feature", line).Select(p => p.Name)).Should().Be(expected);

    [Test]
    public void The_last_line_of_a_doc_string_is_its_scenarios() =>
        FeatureIndex.Parse("features/q.feature", "Feature: Q\n  Scenario: One\n    Given a text\n      \"\"\"\n      a\n      b\n      \"\"\"\n").All.Single().LastLine.Should().Be(7);

    [Test]
    public void Tags_are_the_features_the_scenarios_and_the_examples()
    {
        var places = FeatureIndex.Parse("features/q.feature", Text).All;

        places[1].Tags.Should().Equal("control:quota", "needs:gpu", "serial");
        places[2].Tags.Should().Equal("control:quota");
        places[3].Tags.Should().Equal("control:quota", "ignore");
        places[4].Tags.Should().Equal("control:quota");
    }

    [Test]
    public void Scenarios_of_a_rule_have_its_tags_and_come_after_those_of_none()
    {
        var places = FeatureIndex.Parse("features/r.feature", """
            @control:quota
            Feature: Quota
              Background:
                Given a thing

              Scenario: Before
                Given a thing

              @serial
              Rule: One
                Background:
                  Given a thing

                @needs:gpu
                Example: Under one
                  Given a thing

              Rule: Two
                Scenario Template: Under two
                  Given <who>

                  @ignore
                  Scenarios:
                    | who  |
                    | blue |
            """).All;

        places.Select(p => $"{p.Line} {p.Name}: {string.Join(' ', p.Tags)}").Should().Equal(
            "6 Before: control:quota",
            "15 Under one: control:quota serial needs:gpu",
            "25 Under two (blue): control:quota ignore");
    }

    [Test]
    public void Cells_are_read_as_Gherkin_escapes_them()
    {
        var index = FeatureIndex.Parse("features/q.feature",
            "Feature: Quota\n\n  Scenario Outline: Told\n    Given <a>\n\n    Examples:\n      | a | b |\n      | x \\| y | \\\\ \\n |\n");

        index.Find("Quota", "Told", new Dictionary<string, string> { ["a"] = "x | y", ["b"] = "\\ \n" }).Line.Should().Be(8);
    }

    [Test]
    public void A_feature_may_be_in_another_language()
    {
        var index = FeatureIndex.Parse("features/q.feature", "# language: de\nFunktionalität: Kontingent\n\n  Szenario: Eins\n    Angenommen etwas\n");

        index.Find("Kontingent", "Eins", new Dictionary<string, string>()).Line.Should().Be(4);
    }

    [TestCase("Feature: Quota\n\n  Scenario: One\n    Given a thing\n    Whenever it is\n", "5: \"Whenever it is\" cannot stand here; allowed are: table row, doc string, step,")]
    [TestCase("Feature: Quota\n\n  Scenario Outline: One\n    Given <a>\n    Examples:\n      | a |\n      | 1 | 2 |\n", "7: inconsistent cell count")]
    [TestCase("Feature: Quota\n\n  Scenario Outline: One\n    Given <a>\n    Examples:\n      | a | a |\n      | 1 | 2 |\n", "6: the column \"a\" is there twice")]
    [TestCase("# language: xx\nFeature: Quota\n", "1: Language not supported: xx")]
    [TestCase("Feature: Quota\n\n  @serial\n", "4: unexpected end of file")]
    public void A_mistake_is_told_with_file_and_line(string text, string problem)
    {
        var parse = () => FeatureIndex.Parse("features/q.feature", text);

        parse.Should().Throw<BadInputException>().Which.Message.Should().StartWith($"features/q.feature:{problem}").And.NotContain("\n");
    }

    [Test]
    public void A_running_example_is_found_by_its_arguments()
    {
        var index = FeatureIndex.Parse("features/q.feature", Text);

        index.Find("Quota", "Told by <who> to <whom>", new Dictionary<string, string> { ["who"] = "red", ["whom"] = "blue" }).Line.Should().Be(29);
        index.Find("Quota", "Plain", new Dictionary<string, string>()).Line.Should().Be(10);
    }

    [Test]
    public void What_no_file_has_is_not_found()
    {
        var find = () => FeatureIndex.Parse("features/q.feature", Text).Find("Quota", "Other", new Dictionary<string, string>());

        find.Should().Throw<KeyNotFoundException>().WithMessage("*\"Other\"*\"Quota\"*");
    }

    [Test]
    public void The_features_of_the_project_carry_only_tags_that_mean_something_and_every_control_is_proven_or_planned()
    {
        var root = RunOptions.FindRoot();

        new FeatureTags(Catalogue.Read(root), CapabilityDetector.Names, [.. Runbook.Read(root).Select(r => r.Drill)]).Problems(FeatureIndex.Read(root)).Should().BeEmpty();
    }

    [TestCase("@drill:other", "features/50-break-it-drills/runbooks.yaml has no runbook of that drill")]
    [TestCase("@control:other", "features/catalogue.yaml has no control \"other\"")]
    [TestCase("@needs:luck", "no such capability")]
    [TestCase("@gpus:some", "expected a number, node, fleet, shared or slice")]
    [TestCase("@contorl:quota", "unknown tag")]
    public void A_tag_without_meaning_is_told_with_file_and_line(string tag, string problem)
    {
        var index = FeatureIndex.Parse("features/q.feature", $"@control:quota\nFeature: Quota\n\n  {tag}\n  Scenario: One\n    Given a thing\n");

        new FeatureTags(Rows(), CapabilityDetector.Names, ["first"]).Problems(index).Should().ContainSingle().Which.Should().StartWith("features/q.feature:5: ").And.Contain(problem);
    }

    [Test]
    public void A_scenario_without_a_control_and_a_control_without_a_scenario_are_told()
    {
        var index = FeatureIndex.Parse("features/q.feature", "Feature: Quota\n\n  Scenario: One\n    Given a thing\n");

        new FeatureTags(Rows(), CapabilityDetector.Names, ["first"]).Problems(index).Should().HaveCount(2)
            .And.ContainMatch("features/q.feature:3: no @control:ID*").And.ContainMatch("*\"quota\" has no scenario*");
    }

    [Test]
    public void Every_phrase_of_a_tenants_request_has_its_request()
    {
        TenantRequest.All.Select(r => r.Phrase).Should().BeEquivalentTo(TenantRequest.Phrases.Split('|'));
    }

    [Test]
    public void Every_phrase_of_a_pod_has_its_meaning()
    {
        var phrases = ((string[])[PodTrait.ImageForms, PodTrait.AmountForms, PodTrait.GraceForm]).Aggregate(PodTrait.Phrases, (all, form) => all.Replace("|" + form, "", StringComparison.Ordinal));
        PodTrait.All.Select(t => t.Phrase).Should().BeEquivalentTo(phrases.Split('|'));
        PodTrait.Of("has a grace period of 30 s").Phrase.Should().Be("has a grace period of 30 s");
        PodTrait.Of("may use \"1Gi\" of \"memory\"").Phrase.Should().Be("may use \"1Gi\" of \"memory\"");
        PodTrait.Of("mounts the image \"a:1\" with the pull policy \"Never\"").Phrase.Should().Be("mounts the image \"a:1\"");
        PodRefusal.All.Select(r => r.Phrase).Should().BeEquivalentTo(PodRefusal.Phrases.Split('|'));
    }

    private static Catalogue Rows() => Catalogue.Parse("""
        frameworks: {cis: CIS}
        controls:
          - {id: quota, title: Quota, impact: All is lost., section: 20-rbac, cis: [5.1.1]}
        """);
}
