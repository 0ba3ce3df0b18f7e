using System.Security.Cryptography;

namespace SecuritySpecs.Models;

/// <summary>A revision of a model in a registry.</summary>
/// <param name="Repository">OWNER/NAME.</param>
/// <param name="Tag">The name that the owner gave it.</param>
/// <param name="Files">Its files, by path.</param>
public sealed record PublishedModel(string Repository, string Tag, IReadOnlyDictionary<string, byte[]> Files)
{
    /// <summary>What it is pinned by: the digest of the listing of its files, as the registry calls it.</summary>
    public string Digest => $"sha256:{Sha256(Encoding.UTF8.GetBytes(new JsonObject
    {
        ["files"] = new JsonArray([.. Files.OrderBy(f => f.Key, StringComparer.Ordinal)
            .Select(f => new JsonObject { ["path"] = f.Key, ["size"] = f.Value.LongLength, ["sha256"] = Sha256(f.Value) })]),
    }.ToJsonString()))}";

    /// <summary>A SHA-256 in lower-case hex.</summary>
    internal static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Each file with its SHA-256, in order: as a server that has loaded them tells.</summary>
    public static IReadOnlyList<string> Told(IReadOnlyDictionary<string, byte[]> files) =>
        [.. files.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{Sha256(f.Value)}  {f.Key}")];
}
