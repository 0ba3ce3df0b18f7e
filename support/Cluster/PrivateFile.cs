namespace SecuritySpecs.Cluster;

/// <summary>Files that this user alone may read.</summary>
internal static class PrivateFile
{
    /// <summary>Creates one, in place of an old one: that might be readable by others.</summary>
    public static FileStream Create(string path)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(path, options);
    }
}
