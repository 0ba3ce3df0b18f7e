namespace Specs.Tests;

/// <summary>The working copy that these tests belong to.</summary>
public static class Repository
{
    /// <summary>Its root: the folder of SecuritySpecs.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path inside it.</summary>
    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SecuritySpecs.sln")))
            folder = folder.Parent;

        return folder?.FullName ?? throw new InvalidOperationException($"SecuritySpecs.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}
