namespace SecuritySpecs.Cluster;

/// <summary>Files that this user alone may read.</summary>
internal static class PrivateFile
{
    /// <summary>Creates one, or empties it.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(path, options);
    }
}
