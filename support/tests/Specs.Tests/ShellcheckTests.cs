using FluentAssertions;
using NUnit.Framework;

namespace Specs.Tests;

[TestFixture]
public class ShellcheckTests
{
    private static readonly string[] Skipped = [".git", "bin", "obj", "TestResults"];

    private static IEnumerable<string> Scripts() => Files(Repository.Root)
        .Where(IsScript)
        .Select(path => Path.GetRelativePath(Repository.Root, path));

    [Test]
    public void The_scripts_are_found() =>
        Scripts().Should().Contain(["support/specs", "support/specs.d/run.sh", ".ci/run", "support/offline-cluster/build", "fleet-fixtures/Fleet/build-image"]);

    [TestCaseSource(nameof(Scripts))]
    public void Shellcheck_finds_nothing(string script)
    {
        Need.Program("shellcheck");
        var outcome = Command.Run("shellcheck", new Dictionary<string, string?>(), "--external-sources", $"--source-path={Repository.At("support", "specs.d")}", "--source-path=SCRIPTDIR", Repository.At(script));
        outcome.Output.Should().BeEmpty();
        outcome.ExitCode.Should().Be(0);
    }

    private static IEnumerable<string> Files(string folder) => Directory.GetFiles(folder)
        .Concat(Directory.GetDirectories(folder).Where(child => !Skipped.Contains(Path.GetFileName(child))).SelectMany(Files));

    // By its first line: a shell is named there, or the dialect for a file that is only sourced.
    private static bool IsScript(string path)
    {
        using var reader = new StreamReader(path);
        var start = new char[80];
        var line = new string(start, 0, reader.ReadBlock(start)).Split('\n')[0];
        return (line.StartsWith("#!", StringComparison.Ordinal) && line.TrimEnd().EndsWith("sh", StringComparison.Ordinal))
            || line.StartsWith("# shellcheck shell=", StringComparison.Ordinal);
    }
}
