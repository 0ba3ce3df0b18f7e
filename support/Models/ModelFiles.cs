using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;

namespace SecuritySpecs.Models;

/// <summary>Files of models, plain and hostile.</summary>
internal static class ModelFiles
{
    /// <summary>A safetensors file with one tensor.</summary>
    /// <param name="weights">The tensor's bytes.</param>
    public static byte[] Safetensors(string weights)
    {
        var header = $$$"""{"w":{"dtype":"U8","shape":[{{{weights.Length}}}],"data_offsets":[0,{{{weights.Length}}}]}}""";
        return [.. Number(header.Length), .. Encoding.UTF8.GetBytes(header + weights)];
    }

    /// <summary>A safetensors file whose first number asks a reader for a header of 8 EiB.</summary>
    public static byte[] HeaderBomb() => [.. Number(long.MaxValue), .. "{}"u8];

    /// <summary>A pickle that runs a shell command as soon as it is loaded.</summary>
    public static byte[] Pickle(string command) => Encoding.UTF8.GetBytes($"cposix\nsystem\n(S'{command}'\ntR.");

    /// <summary>The same in a checkpoint as PyTorch writes it: a zip archive.</summary>
    public static byte[] Checkpoint(string command)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create))
        {
            Write(zip, "archive/data.pkl", Pickle(command));
            Write(zip, "archive/version", "3\n"u8);
        }
        return bytes.ToArray();
    }

    /// <summary>A tar archive of a model.</summary>
    public static byte[] Tar(IReadOnlyDictionary<string, byte[]> files) => Tar(files, _ => { });

    /// <summary>A tar archive with a member whose path leads out of the folder that it is unpacked into.</summary>
    /// <param name="files">The model.</param>
    /// <param name="path">Such a path, from that folder.</param>
    /// <param name="content">The member's content.</param>
    public static byte[] TarWithPath(IReadOnlyDictionary<string, byte[]> files, string path, string content) =>
        Tar(files, tar => Write(tar, path, Encoding.UTF8.GetBytes(content)));

    /// <summary>A tar archive with a link to a folder, and a member that is written through the link.</summary>
    public static byte[] TarWithLink(IReadOnlyDictionary<string, byte[]> files, string folder, string file, string content) =>
        Tar(files, tar =>
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, "cache") { LinkName = folder });
            Write(tar, $"cache/{file}", Encoding.UTF8.GetBytes(content));
        });

    private static byte[] Tar(IReadOnlyDictionary<string, byte[]> files, Action<TarWriter> more)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (path, content) in files)
                Write(tar, path, content);
            more(tar);
        }
        return bytes.ToArray();
    }

    private static void Write(TarWriter tar, string path, byte[] content) =>
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(content) });

    private static void Write(ZipArchive zip, string name, ReadOnlySpan<byte> content)
    {
        using var stream = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
        stream.Write(content);
    }

    private static byte[] Number(long number)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return bytes;
    }
}
