using System.Security.Cryptography;
using SecuritySpecs.FleetProgram.ModelSupply.Fetching;

namespace SecuritySpecs.FleetProgram.ModelSupply.Registry;

/// <summary>A revision of a repository: a folder whose files never change.</summary>
/// <param name="Folder">Where the files are.</param>
/// <param name="Digest">What the revision is called.</param>
/// <param name="Listing">The bytes that have this digest.</param>
internal sealed record ModelRevision(string Folder, string Digest, byte[] Listing)
{
    /// <summary>Reads a folder. Links are followed, as a mounted ConfigMap needs it; what begins with <c>..</c> is the kubelet's own.</summary>
    public static ModelRevision Read(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(f => (Path: Path.GetRelativePath(folder, f), Full: f))
            .Where(f => !f.Path.StartsWith("..", StringComparison.Ordinal))
            .OrderBy(f => f.Path, StringComparer.Ordinal)
            .Select(f => (f.Path, Bytes: File.ReadAllBytes(f.Full)))
            .Select(f => new ListedFile(f.Path, f.Bytes.LongLength, Convert.ToHexStringLower(SHA256.HashData(f.Bytes))));
        var listing = Fetching.Listing.Write(files);
        return new(folder, ModelSource.DigestOf(listing), listing);
    }

    /// <summary>A file's full path, or null for one that the listing does not have.</summary>
    public string? PathOf(string file) => Fetching.Listing.Read(Listing).Any(f => f.Path == file) ? Path.Combine(Folder, file) : null;
}
