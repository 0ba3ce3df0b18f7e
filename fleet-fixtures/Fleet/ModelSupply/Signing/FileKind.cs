using System.Runtime.InteropServices;

namespace SecuritySpecs.FleetProgram.ModelSupply.Signing;

/// <summary>Whether a path is a plain file, asked without opening it: opening a pipe waits for whoever writes into it.</summary>
internal static partial class FileKind
{
    private const int CurrentFolder = -100, NoFollow = 0x100, WantType = 1, ModeAt = 28, TypeMask = 0xf000, Regular = 0x8000;

    /// <summary>Whether it is a file, and no link, pipe, socket or device.</summary>
    public static bool IsPlain(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)
            return false;
        if (!OperatingSystem.IsLinux())
            return File.Exists(path);
        var status = new byte[256];
        return StatX(CurrentFolder, Encoding.UTF8.GetBytes(path + "\0"), NoFollow, WantType, status) == 0
            && (BitConverter.ToUInt16(status, ModeAt) & TypeMask) == Regular;
    }

    // statx(2): unlike stat's, its structure is the same on every architecture.
    [DllImport("libc", EntryPoint = "statx", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int folder, byte[] path, int flags, uint mask, byte[] status);
}
