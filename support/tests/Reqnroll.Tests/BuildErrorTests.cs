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

    [Test]
    public void One_bad_expression_fails_every_scenario()
    {
        var project = new SampleProject("Verdicts");
        var build = project.Build("-p:BadExpression=true");
        build.ExitCode.Should().Be(0, build.Text);

        var result = project.Test("Name=Passes")["Passes"];

        result.Outcome.Should().Be("Failed");
        result.Message.Should().Contain("Reqnroll.BindingException : Binding error(s) found:")
            .And.Contain("an {unknown} parameter").And.Contain("Undefined parameter type 'unknown'");
    }

    [GeneratedRegex(@"^.*: error\b.*$", RegexOptions.Multiline)]
    private static partial Regex ErrorLine();
}
