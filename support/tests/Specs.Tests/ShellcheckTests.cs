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
        Scripts().Should().Contain(["support/specs", "support/specs.d/build.sh", ".ci/run", "support/images/offline-cluster/build"]);

    [TestCaseSource(nameof(Scripts))]
    public void Shellcheck_finds_nothing(string script)
    {
        Need.Program("shellcheck");
        // A part that is only sourced shares its variables with the whole, which is checked with all its parts.
        string[] scope = FirstLine(Repository.At(script)).StartsWith("#!", StringComparison.Ordinal)
            ? ["--external-sources", "--check-sourced", "--source-path=SCRIPTDIR"]
            : ["--exclude=SC2154,SC2034"];
        var outcome = Command.Run("shellcheck", new Dictionary<string, string?>(), [.. scope, Repository.At(script)]);
        outcome.Output.Should().BeEmpty();
        outcome.ExitCode.Should().Be(0);
    }

    private static IEnumerable<string> Files(string folder) => Directory.GetFiles(folder)
        .Concat(Directory.GetDirectories(folder).Where(child => !Skipped.Contains(Path.GetFileName(child))).SelectMany(Files));

    // By its first line: a shell is named there, or the dialect for a part that is only sourced.
    private static bool IsScript(string path)
    {
        var line = FirstLine(path);
        return (line.StartsWith("#!", StringComparison.Ordinal) && line.EndsWith("sh", StringComparison.Ordinal))
            || line.StartsWith("# shellcheck shell=", StringComparison.Ordinal);
    }

    private static string FirstLine(string path)
    {
        using var reader = new StreamReader(path);
        var start = new char[80];
        return new string(start, 0, reader.ReadBlock(start)).Split('\n')[0].TrimEnd();
    }
}
