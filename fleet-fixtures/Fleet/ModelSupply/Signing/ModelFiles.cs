using System.Security.Cryptography;

namespace SecuritySpecs.FleetProgram.ModelSupply.Signing;

/// <summary>The files of a model in a folder, or the one file that is a model.</summary>
internal static class ModelFiles
{
    /// <summary>How a signature calls the file of a model that is one file.</summary>
    public const string SingleFile = ".";

    private const int Buffer = 256 * 1024;

    // As the public tool leaves them out, at the top of the model only.
    private static readonly string[] s_git = [".git", ".gitattributes", ".github", ".gitignore"];

    /// <summary>What the folder holds.</summary>
    /// <param name="Files">The files that have to be signed, by their paths with <c>/</c>.</param>
    /// <param name="Others">What is neither a file nor a folder: links, pipes and the like.</param>
    /// <param name="Ignored">The ignored paths that are there.</param>
    internal sealed record Listing(IReadOnlyList<string> Files, IReadOnlyList<string> Others, IReadOnlyList<string> Ignored);

    /// <summary>Lists a model. Links are followed nowhere.</summary>
    /// <param name="model">The folder or file.</param>
    /// <param name="ignored">Exact paths in the model that are not looked at, with all that is below them, besides git's.</param>
    public static Listing List(string model, IEnumerable<string> ignored)
    {
        var (files, others, seen) = (new List<string>(), new List<string>(), new List<string>());
        if (new DirectoryInfo(model).LinkTarget is not null)
            others.Add(SingleFile);
        else if (Directory.Exists(model))
            Walk(model, "", ignored.Concat(s_git).ToHashSet(StringComparer.Ordinal), files, others, seen);
        else
            (FileKind.IsPlain(model) ? files : others).Add(SingleFile);
        return new(files, others, seen);
    }

    /// <summary>The path of a file of a model.</summary>
    public static string PathOf(string model, string file) => file == SingleFile ? model : Path.Combine(model, file);

    /// <summary>A path as the model's signature would call it, or null where it is outside the model.</summary>
    public static string? Relative(string model, string path)
    {
        var relative = Path.GetRelativePath(Path.GetFullPath(model), Path.GetFullPath(path));
        return relative == ".." || relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? null : relative;
    }

    /// <summary>The SHA-256 of a part of a file, in lower-case hex.</summary>
    public static string Digest(Formats.ByteSource file, long start, long end)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Math.Clamp(end - start, 1, Buffer)];
        for (var at = start; at < end;)
        {
            var read = file.Read(at, buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - at)));
            if (read == 0)
                break;
            hash.AppendData(buffer, 0, read);
            at += read;
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Walk(string folder, string prefix, HashSet<string> ignored, List<string> files, List<string> others, List<string> seen)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }).OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            var path = prefix + entry.Name;
            if (ignored.Contains(path))
                seen.Add(path);
            else if (entry.LinkTarget is not null)
                others.Add(path);
            else if (entry is DirectoryInfo)
                Walk(entry.FullName, path + "/", ignored, files, others, seen);
            else
                (FileKind.IsPlain(entry.FullName) ? files : others).Add(path);
        }
    }
}
