using SecuritySpecs.FleetProgram.ModelSupply.Formats;

namespace SecuritySpecs.FleetProgram.ModelSupply.Fetching;

/// <summary>The hidden folder beside the target in which a model arrives.</summary>
internal static class Staging
{
    /// <summary>Makes the folder. What an earlier run left there, because it was killed, is removed first.</summary>
    /// <exception cref="FleetException">The target is there already.</exception>
    public static string Begin(string target)
    {
        var full = Path.GetFullPath(target).TrimEnd('/');
        if (Directory.Exists(full) || File.Exists(full))
            throw new FleetException($"{target} is there already");
        var incoming = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.incoming");
        Remove(incoming);
        Directory.CreateDirectory(incoming);
        return incoming;
    }

    /// <summary>Removes it, where it is there.</summary>
    public static void Remove(string incoming)
    {
        if (Directory.Exists(incoming))
            Directory.Delete(incoming, recursive: true);
    }

    /// <summary>Writes a file and the folders that it needs; it must not be there.</summary>
    public static void Write(string path, ByteSource content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new FileStream(path, FileMode.CreateNew);
        var buffer = new byte[Math.Clamp(content.Length, 1, 64 * 1024)];
        for (var at = 0L; content.Read(at, buffer) is > 0 and var read; at += read)
            file.Write(buffer, 0, read);
    }

    /// <summary>A path for a URL: each part escaped, the <c>/</c> between them kept.</summary>
    public static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
