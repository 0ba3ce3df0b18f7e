using SecuritySpecs.Tool;

namespace Specs.Tests;

/// <summary>A filter that the runner would not understand is told what is wrong with it.</summary>
[TestFixture]
public sealed class FilterTests
{
    [TestCase("TestCategory=control:gpu-quota")]
    [TestCase("quota")]
    [TestCase("Name~Quota&TestCategory!=serial")]
    [TestCase(" ( FullyQualifiedName!~Drill | TestCategory=needs:gpu ) & Priority = 1 ")]
    [TestCase("((Name=a))|Name=b")]
    [TestCase(@"Name~Told\(""one"", two\)")]
    [TestCase(@"FullyQualifiedName=A.B\(1\=2\)")]
    public void A_filter_that_is_right_is_left_alone(string filter) => TestFilter.Problem(filter).Should().BeNull();

    [TestCase("", "it is empty")]
    [TestCase("  ", "it is empty")]
    [TestCase("(Name~a", "Missing ')'")]
    [TestCase("Name~a)", "Missing '('")]
    [TestCase("()", "Empty parenthesis ( )")]
    [TestCase("Name~a&", "Missing operand")]
    [TestCase("|Name~a", "Missing operand")]
    [TestCase("Name~a||Name~b", "Missing operand")]
    [TestCase("Name~a(Name~b)", "Missing Operator '|' or '&'")]
    [TestCase("(Name~a)Name~b", "Missing Operator '|' or '&'")]
    [TestCase("TestCategory=", "Invalid Condition 'TestCategory='")]
    [TestCase("=quota", "Invalid Condition '=quota'")]
    [TestCase("TestCategory==quota", "Invalid Condition 'TestCategory==quota'")]
    [TestCase(@"Name~a\,b", @"Filter string 'a\,b' includes unrecognized escape sequence")]
    [TestCase("Tag=quota", "tests have no property 'Tag', only FullyQualifiedName, Name,")]
    [TestCase("Tag=quota&Name~a|Colour=red", "tests have no property 'Tag', 'Colour', only FullyQualifiedName, Name,")]
    public void Another_is_told_what_is_wrong_and_gets_an_example(string filter, string problem) =>
        TestFilter.Problem(filter).Should().StartWith(problem)
            .And.Contain("e.g. TestCategory=control:gpu-quota").And.NotContain("\n");
}
