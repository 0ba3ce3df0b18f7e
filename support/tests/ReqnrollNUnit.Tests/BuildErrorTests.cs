using System.Text.RegularExpressions;
using FluentAssertions;
using NUnit.Framework;

namespace Reqnroll.Tests;

/// <summary>What is said of features and bindings that are wrong.</summary>
[TestFixture]
[NonParallelizable]
public sealed partial class BuildErrorTests
{
    [Test]
    public void A_feature_with_a_syntax_error_fails_the_build_once_at_its_line()
    {
        var build = new SampleProject("Verdicts").Build("-p:Broken=true");

        build.ExitCode.Should().NotBe(0);
        ErrorLine().Matches(build.Text).Select(m => m.Value.Trim()).Distinct().Should().ContainSingle(build.Text)
            .Which.Should().Contain("broken.feature(5,").And.Contain("Whenever this is read");
    }

    [TestCase("BadExpression", "an {unknown} parameter", "Undefined parameter type 'unknown'", "a mistake(s/es)", "An alternation can not be used inside an optional")]
    [TestCase("TwoMeanings", "An item with the same key has already been added. Key: meaning")]
    public void One_bad_expression_or_parameter_fails_every_scenario(string what, params string[] messages)
    {
        var project = new SampleProject("Verdicts");
        var build = project.Build($"-p:{what}=true");
        build.ExitCode.Should().Be(0, build.Text);

        var result = project.Test("Name=Passes")["Passes"];

        result.Outcome.Should().Be("Failed");
        result.Message.Should().ContainAll(["Reqnroll.BindingException : Binding error(s) found:", .. messages]);
    }

    [GeneratedRegex(@"^.*: error\b.*$", RegexOptions.Multiline)]
    private static partial Regex ErrorLine();
}
