using System.Formats.Tar;
using DotNet.Testcontainers.Configurations;

namespace DotNet.Testcontainers.Engine;

/// <summary>The archives that <c>docker cp</c> reads and writes.</summary>
internal static class Tar
{
    /// <summary>An archive to unpack at the root of a container.</summary>
    public static async Task<Stream> PackAsync(IEnumerable<FileToCopy> files, CancellationToken ct)
    {
        var archive = new MemoryStream();
        await using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var file in files)
                await writer.WriteEntryAsync(Entry(file), ct);
        }

        archive.Position = 0;
        return archive;
    }

    /// <summary>The only file of an archive.</summary>
    /// <exception cref="InvalidOperationException">It is a folder.</exception>
    public static async Task<byte[]> ReadFileAsync(byte[] archive, CancellationToken ct)
    {
        await using var reader = new TarReader(new MemoryStream(archive));
        var entry = await reader.GetNextEntryAsync(copyData: true, ct);
        if (entry?.EntryType == TarEntryType.Directory)
            throw new InvalidOperationException("Cannot read from a directory. Use a file instead.");
        using var content = new MemoryStream();
        if (entry?.DataStream is { } data)
            await data.CopyToAsync(content, ct);
        return content.ToArray();
    }

    private static PaxTarEntry Entry(FileToCopy file) => new(TarEntryType.RegularFile, file.Path.TrimStart('/'))
    {
        DataStream = new MemoryStream(file.Content),
        Uid = (int)file.Uid,
        Gid = (int)file.Gid,
        Mode = (UnixFileMode)(int)file.Mode,
    };
}

/// <summary>A file on its way into a container.</summary>
internal sealed record FileToCopy(byte[] Content, string Path, uint Uid, uint Gid, UnixFileModes Mode)
{
    /// <summary>A file into a folder of the container.</summary>
    public static FileToCopy Into(string folder, FileInfo file, string relativePath, uint uid, uint gid, UnixFileModes mode) =>
        new(File.ReadAllBytes(file.FullName), $"{folder.TrimEnd('/')}/{relativePath}", uid, gid, mode);

    /// <summary>All files below a folder into a folder of the container.</summary>
    public static IEnumerable<FileToCopy> Into(string folder, DirectoryInfo source, uint uid, uint gid, UnixFileModes mode) =>
        source.EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => Into(folder, file, System.IO.Path.GetRelativePath(source.FullName, file.FullName), uid, gid, mode));
}
