using SecuritySpecs.FleetProgram.ModelSupply.Formats;

namespace SecuritySpecs.FleetProgram.ModelSupply.Signing;

/// <summary>Signs models, so that the public tool verifies them (<c>model_signing verify key</c>).</summary>
internal static class ModelSigner
{
    /// <summary>Signs all files of a folder.</summary>
    /// <param name="model">The folder.</param>
    /// <param name="key">The private key.</param>
    /// <param name="ignored">Paths in the model that are left out: where the bundle will be, for one.</param>
    /// <param name="shardSize">Signs parts of this size; null signs whole files.</param>
    /// <returns>The bundle.</returns>
    /// <exception cref="RefusedException">The folder holds links, or no file.</exception>
    public static byte[] Sign(string model, ModelKey key, IReadOnlyCollection<string> ignored, long? shardSize = null)
    {
        var listing = ModelFiles.List(model, ignored);
        if (listing.Others.Count > 0)
            throw new RefusedException("link", $"{Printable.Line(listing.Others[0], 200)} is neither a file nor a folder");
        var resources = listing.Files.SelectMany(f => Resources(model, f, shardSize)).OrderBy(r => r.Name, s_byCodePoint).ToList();
        if (resources.Count == 0)
            throw new RefusedException(Manifest.What, "the model has no file");
        return Bundle.Sign(Statement(Path.GetFileName(Path.GetFullPath(model).TrimEnd('/')), resources, ignored, shardSize), key);
    }

    /// <summary>The statement that is signed.</summary>
    public static byte[] Statement(string name, IReadOnlyList<Resource> resources, IReadOnlyCollection<string> ignored, long? shardSize = null)
    {
        var serialization = new JsonObject { ["method"] = shardSize is null ? "files" : "shards", ["hash_type"] = "sha256", ["allow_symlinks"] = false };
        if (shardSize is not null)
            serialization["shard_size"] = shardSize;
        serialization["ignore_paths"] = Array(ignored.Concat([".git", ".gitattributes", ".github", ".gitignore"]).Select(i => (JsonNode)i));
        var statement = new JsonObject
        {
            ["_type"] = Manifest.StatementType,
            ["subject"] = Array([new JsonObject { ["name"] = name, ["digest"] = new JsonObject { ["sha256"] = Manifest.RootDigest(resources.Select(r => r.Digest)) } }]),
            ["predicateType"] = Manifest.PredicateType,
            ["predicate"] = new JsonObject
            {
                ["serialization"] = serialization,
                ["resources"] = Array(resources.Select(r => new JsonObject { ["name"] = r.Name, ["algorithm"] = shardSize is { } size ? Manifest.ShardAlgorithm(size) : "sha256", ["digest"] = r.Digest })),
            },
        };
        return Encoding.UTF8.GetBytes(statement.ToJsonString());
    }

    // By code points, which UTF-8 keeps in order and UTF-16 does not.
    private static readonly Comparer<string> s_byCodePoint =
        Comparer<string>.Create((a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)));

    private static IEnumerable<Resource> Resources(string model, string file, long? shardSize)
    {
        using var handle = File.OpenHandle(ModelFiles.PathOf(model, file));
        var bytes = new FileBytes(handle);
        if (shardSize is not { } size)
        {
            yield return new(file, file, 0, null, ModelFiles.Digest(bytes, 0, bytes.Length));
            yield break;
        }
        for (var start = 0L; start < bytes.Length; start += size)
        {
            var end = Math.Min(start + size, bytes.Length);
            yield return new($"{file}:{start}:{end}", file, start, end, ModelFiles.Digest(bytes, start, end));
        }
    }

    private static JsonArray Array(IEnumerable<JsonNode> items)
    {
        var array = new JsonArray();
        foreach (var item in items)
            array.Add(item);
        return array;
    }
}
