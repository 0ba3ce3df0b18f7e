namespace Specs.Tests;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CacheFolderTests : IDisposable
{
    private readonly FakeMachine machine = new();
    private string? mounted;

    public void Dispose()
    {
        if (mounted is not null)
            Mount("umount", mounted);

        machine.Dispose();
    }

    [Test]
    public void A_full_disk_is_told_before_anything_is_written_to_it()
    {
        UseCacheOf(mebibytes: 1);
        machine["SPECS_FLEET_ARCHIVE"] = null;
        machine.Write("images", "fake/k3s:1\nfake/fleet:1");

        var outcome = machine.Specs("run");

        outcome.ExitCode.Should().Be(2);
        outcome.Errors.Should().MatchRegex("\nspecs: no disk space in the cache folder: [^\n]+ has [01] MiB left, [^\n]+ XDG_CACHE_HOME [^\n]+\n\\z");
        machine.Calls.Should().NotContain(call => call.StartsWith("dotnet test", StringComparison.Ordinal));
    }

    [Test]
    public void A_cache_folder_that_may_not_be_written_is_told()
    {
        machine["XDG_CACHE_HOME"] = Path.GetDirectoryName(machine.Write("others/file"))!;

        var outcome = machine.SpecsAsNobody("run");

        outcome.ExitCode.Should().Be(2);
        outcome.Errors.Should().MatchRegex("\nspecs: the cache folder [^\n]+ cannot be made [^\n]+XDG_CACHE_HOME[^\n]+\n\\z");
    }

    private void UseCacheOf(int mebibytes)
    {
        Need.Root();
        var folder = Directory.CreateDirectory(machine.At("small")).FullName;
        if (Mount("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", folder) is { ExitCode: not 0 } refused)
            Assert.Ignore($"Needs to mount a small file system: {refused.Errors.Trim()}");

        mounted = folder;
        machine["XDG_CACHE_HOME"] = folder;
    }

    private static Outcome Mount(string program, params string[] arguments) => Command.Run(program, new Dictionary<string, string?>(), arguments);
}
