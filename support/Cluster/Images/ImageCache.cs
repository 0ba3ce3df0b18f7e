using System.Security.Cryptography;

namespace SecuritySpecs.Cluster.Images;

/// <summary>The cache folder: archives of images by the content that they were built from, and what was learnt about registries.</summary>
internal static class ImageCache
{
    /// <summary>What a build needs, with room to spare.</summary>
    public const long BytesOfABuild = 500L << 20;

    private static readonly TimeSpan Unused = TimeSpan.FromDays(7);
    private static readonly TimeSpan Refused = TimeSpan.FromDays(1);

    private static string Folder => RunOptions.CacheFolder;

    /// <summary>A digest of texts and of files, by their path and content.</summary>
    /// <param name="root">Where the paths of the files begin.</param>
    /// <param name="paths">Files and folders below the root; build outputs in them do not count.</param>
    /// <param name="texts">What else decides.</param>
    public static string Key(string root, IEnumerable<string> paths, params string[] texts)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in texts)
            digest.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        foreach (var file in paths.SelectMany(p => FilesOf(Path.Combine(root, p))).Order(StringComparer.Ordinal))
        {
            digest.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetRelativePath(root, file).Replace('\\', '/'))));
            digest.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset())[..16];
    }

    /// <summary>The path of an archive; it need not be there.</summary>
    public static string Archive(string name, string key) => Path.Combine(Folder, $"{name}-{key}.tar");

    /// <summary>Whether an archive is there; it is kept for another week.</summary>
    public static bool Has(string archive)
    {
        if (!File.Exists(archive))
            return false;
        File.SetLastWriteTimeUtc(archive, DateTime.UtcNow);
        return true;
    }

    /// <summary>Makes an archive where it is not there: one process at a time, while there is room for it.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="tell">Takes that another process is at it.</param>
    /// <param name="make">Makes it; it gets a folder to work in, which is removed afterwards.</param>
    /// <param name="cancel">Ends it.</param>
    public static async Task EnsureAsync(string archive, Action<string> tell, Func<string, Task> make, CancellationToken cancel)
    {
        if (Has(archive))
            return;
        Create();
        var name = Path.GetFileName(archive).Split('-')[0];
        await using var alone = await LockAsync(Path.Combine(Folder, $"{name}.lock"), tell, cancel);
        if (Has(archive))
            return;
        RequireSpace(BytesOfABuild);
        foreach (var killed in Directory.EnumerateDirectories(Folder, $"{name}-build.*"))
            Directory.Delete(killed, recursive: true);
        var work = Path.Combine(Folder, $"{name}-build.{Path.GetRandomFileName()}");
        Directory.CreateDirectory(work);
        try
        {
            await make(work);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }

        foreach (var old in Directory.EnumerateFiles(Folder, $"{name}-*.tar").Where(f => File.GetLastWriteTimeUtc(f) < DateTime.UtcNow - Unused))
            File.Delete(old);
    }

    /// <summary>Why an image was refused less than a day ago; null where it was not.</summary>
    public static string? RefusalOf(string reference) =>
        RefusalFile(reference) is var file && File.Exists(file) && File.GetLastWriteTimeUtc(file) > DateTime.UtcNow - Refused ? File.ReadAllText(file) : null;

    /// <summary>Remembers why an image was refused, or with null that it no longer is.</summary>
    public static void Remember(string reference, string? refusal)
    {
        Create();
        if (refusal is null)
            File.Delete(RefusalFile(reference));
        else
            File.WriteAllText(RefusalFile(reference), refusal);
    }

    private static string RefusalFile(string reference) => Path.Combine(Folder, "refused-" + string.Concat(reference.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_')));

    private static void Create()
    {
        try
        {
            Directory.CreateDirectory(Folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentException($"the cache folder {Folder} cannot be made ({e.Message}): set XDG_CACHE_HOME to a folder that you may write", e);
        }
    }

    private static void RequireSpace(long bytes)
    {
        var free = new DriveInfo(Folder).AvailableFreeSpace;
        if (free < bytes)
            throw new EnvironmentException($"no disk space in the cache folder: {Folder} has {free >> 20} MiB left, {bytes >> 20} are needed; free some or set XDG_CACHE_HOME to a folder on another disk");
    }

    private static IEnumerable<string> FilesOf(string path) => File.Exists(path) ? [path]
        : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Where(f => !Path.GetRelativePath(path, f).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    private static async Task<FileStream> LockAsync(string file, Action<string> tell, CancellationToken cancel)
    {
        if (FileLock.TryTake(file) is { } free)
            return free;
        tell("Another process is building the same: waiting for it ...");
        while (true)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancel);
            if (FileLock.TryTake(file) is { } taken)
                return taken;
        }
    }
}
