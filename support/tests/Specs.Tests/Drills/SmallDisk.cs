namespace Specs.Tests.Drills;

/// <summary>A file system of a few megabytes that a test may fill. Where none may be mounted the test is skipped.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Mounts one.</summary>
    /// <param name="path">Where.</param>
    /// <param name="size">As <c>mount</c> has it, for example <c>512k</c>.</param>
    public static SmallDisk Mount(string path, string size)
    {
        Need.Root();
        Directory.CreateDirectory(path);
        if (Command.Run("mount", new Dictionary<string, string?>(), "-t", "tmpfs", "-o", $"size={size}", "none", path) is { ExitCode: not 0 } refused)
            Assert.Ignore($"Needs to mount a small disk: {refused.Errors}");
        return new(path);
    }

    /// <summary>Leaves no room on it.</summary>
    public void Fill()
    {
        using var file = File.Create(System.IO.Path.Combine(Path, "fill"));
        try
        {
            while (true)
                file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // full: that was wanted
        }
    }

    public void Dispose() => Command.Run("umount", new Dictionary<string, string?>(), Path).ExitCode.Should().Be(0);
}
