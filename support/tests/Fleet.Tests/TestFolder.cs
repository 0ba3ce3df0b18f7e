namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>A folder of its own with a short path (a socket's path has at most 107 bytes).</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("fleet-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
