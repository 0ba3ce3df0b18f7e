
namespace ReqnrollNUnit.Tests;

/// <summary>What hooks and steps of the sample are told of the scenario that runs.</summary>
[TestFixture]
public sealed class ScenarioTests
{
    private const string Feature = "feature Shape of a \"fixture\" | '  What is generated/  of a feature.' | features | en-US | serial,shape";
    private const string Rule = "rule a rule | '    The rule's description.' | of-the-rule,serial";

    [TestCase("ATitleWithTheUsersGPU_Pool",
        "scenario a title, with the user's GPU-pool | '    Its description.' | fast | fast,serial,shape | ",
        "test ATitleWithTheUsersGPU_Pool",
        "Given the feature's background", "Given first", "* a note of \"star\"", "Given star", "But a note of \"last\"", "Given last")]
    [TestCase("Rows(\"3\",\"4\",\"2\",[\"tagged\", \"twice\"])",
        "scenario rows | none | tagged,twice | tagged,twice,serial,shape | a b=3,namespace=4",
        "test Rows",
        "Given the feature's background", "Given 3 \\ {0} 4 <c>", "text 3 \"quoted\"/  indented 4", "table column,of 4: |,; 3,2")]
    [TestCase("TaggedRows(\"1\",\"4\",[\"tagged\"])",
        "scenario tagged rows | none | Serial,outline,tagged | Serial,outline,tagged,serial,shape | a=1")]
    [TestCase("UnderARule",
        Rule, "scenario under a rule | none | of-the-scenario | of-the-scenario,serial,shape,of-the-rule | ",
        "Given the feature's background", "Given the rule's background", "Given the scenario")]
    [TestCase("RowsUnderARule(\"1\",\"7\",[\"of-the-examples\"])",
        Rule, "scenario rows under a rule | none | of-the-examples | of-the-examples,serial,shape,of-the-rule | a=1",
        "Given the feature's background", "Given the rule's background", "Given 1")]
    [TestCase("UnderAnotherRule",
        "rule another rule | none | ", "scenario under another rule | none |  | serial,shape | ",
        "Given the feature's background", "Given the scenario")]
    public void A_scenario_knows_itself_and_runs_its_steps_in_order(string test, params string[] lines)
    {
        Sample.Results[test].Outcome.Should().Be("Passed", Sample.Results[test].Message);
        Sample.Results[test].Lines.Should().ContainInOrder([Feature, .. lines, "status OK"]);
    }

    [Test]
    public void A_scenario_of_no_rule_has_none() => Sample.Results["ATitleWithTheUsersGPU_Pool"].Lines.Should().NotContain(l => l.StartsWith("rule"));

    [Test]
    public void A_feature_in_another_language_has_its_keywords()
    {
        Sample.Results["Schritte"].Lines.Should().ContainInOrder(
            "feature Sprache | none | features | de | ", "Given eine", "Wenn eine Notiz", "When eine", "Then eine", "Und eine Notiz", "Then eine");
    }
}
