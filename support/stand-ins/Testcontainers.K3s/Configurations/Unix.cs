namespace DotNet.Testcontainers.Configurations;

/// <summary>The permission bits of a file.</summary>
[Flags]
public enum UnixFileModes
{
    None = 0,
    OtherExecute = 1,
    OtherWrite = 2,
    OtherRead = 4,
    GroupExecute = 8,
    GroupWrite = 16,
    GroupRead = 32,
    UserExecute = 64,
    UserWrite = 128,
    UserRead = 256,
}

/// <summary>Common permissions.</summary>
public static class Unix
{
    public const UnixFileModes FileMode600 = UnixFileModes.UserRead | UnixFileModes.UserWrite;

    public const UnixFileModes FileMode644 = FileMode600 | UnixFileModes.GroupRead | UnixFileModes.OtherRead;

    public const UnixFileModes FileMode755 =
        FileMode644 | UnixFileModes.UserExecute | UnixFileModes.GroupExecute | UnixFileModes.OtherExecute;
}
