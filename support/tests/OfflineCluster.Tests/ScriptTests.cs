namespace SecuritySpecs.OfflineCluster.Tests;

[TestFixture]
internal sealed class ScriptTests
{
    [Test]
    public async Task Shellcheck_finds_nothing_in_the_scripts()
    {
        if (!Shell.Has("shellcheck")) Assert.Ignore("shellcheck is not on this machine");
        string[] scripts = ["build", "compile-kubernetes", "image-archive", "k3s", "../publish-program", .. Directory.GetFiles(Shell.OfflineCluster + "lib", "*.sh")];

        var outcome = await Shell.Run("bash", ["-c", $"cd {Shell.OfflineCluster} && shellcheck -x {string.Join(' ', scripts)}"]);

        outcome.Output.Should().BeEmpty();
        outcome.ExitCode.Should().Be(0, outcome.Error);
    }
}
