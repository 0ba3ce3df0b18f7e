
namespace ReqnrollNUnit.Tests;

/// <summary>A feature that is wrong fails the build.</summary>
[TestFixture]
public sealed class BuildErrorTests
{
    [Test]
    public void Every_mistake_in_a_feature_is_told_once_at_its_line()
    {
        // What the project refers to was built with these tests; other builds may be using it now.
        var errors = Path.Combine(TestContext.CurrentContext.WorkDirectory, "errors.log");
        var (exitCode, output) = Sample.Dotnet("build", Sample.Folder("Broken"), "-c", Sample.Configuration, "-p:BuildProjectReferences=false",
            "-nodeReuse:false", "-p:UseSharedCompilation=false", "-fileLogger", $"-fileLoggerParameters:ErrorsOnly;LogFile={errors}");

        exitCode.Should().NotBe(0, output);
        File.ReadLines(errors).Where(l => l.Contains(": error", StringComparison.Ordinal)).Should().SatisfyRespectively(
            e => e.Should().Contain("columns.feature").And.Contain("The example sets must provide the same parameters"),
            e => e.Should().Contain("no-rows.feature(3,").And.Contain("Scenario Outline 'no rows' has no examples defined"),
            e => e.Should().Contain("syntax.feature(5,").And.Contain("Whenever this is read"),
            e => e.Should().Contain("twice.feature(6,").And.Contain("Feature file already contains a scenario with name 'the same'"));
    }
}
