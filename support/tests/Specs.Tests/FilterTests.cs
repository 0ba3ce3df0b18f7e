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
    [TestCase(@"Name~Told\(""one""\, two\)")]
    [TestCase(@"FullyQualifiedName=A.B\(1\=2\)")]
    public void A_filter_that_is_right_is_left_alone(string filter) => TestFilter.Problem(filter).Should().BeNull();

    [TestCase("", "it is empty")]
    [TestCase("(Name~a", "a '(' is not closed")]
    [TestCase("Name~a)", "')' closes no '('")]
    [TestCase("()", "a condition is missing before ')'")]
    [TestCase("Name~a&", "a condition is missing behind '&'")]
    [TestCase("|Name~a", "a condition is missing before '|'")]
    [TestCase("Name~a||Name~b", "a condition is missing before '|'")]
    [TestCase("Name~a(Name~b)", "& or | is missing before '('")]
    [TestCase("(Name~a)Name~b", "& or | is missing before 'Name~b'")]
    [TestCase("TestCategory=", "'TestCategory=' is no condition")]
    [TestCase("=quota", "'=quota' is no condition")]
    [TestCase("TestCategory==quota", "'TestCategory==quota' is no condition")]
    [TestCase("Tag=quota", "'Tag=quota': tests have no property 'Tag', but FullyQualifiedName, Name,")]
    public void Another_is_told_what_is_wrong_and_gets_an_example(string filter, string problem) =>
        TestFilter.Problem(filter).Should().StartWith(problem).And.Contain("e.g. TestCategory=control:gpu-quota").And.NotContain("\n");
}
