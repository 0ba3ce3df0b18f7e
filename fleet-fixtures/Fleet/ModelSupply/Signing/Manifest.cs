using System.Security.Cryptography;
using SecuritySpecs.FleetProgram.ModelSupply.Formats;
using SecuritySpecs.FleetProgram.ModelSupply.Formats.Archives;

namespace SecuritySpecs.FleetProgram.ModelSupply.Signing;

/// <summary>A file, or a part of one, and the SHA-256 that it has to have.</summary>
/// <param name="Name">As it is signed: a path, or <c>PATH:START:END</c> for a part.</param>
/// <param name="Path">The file, relative to the model; <c>.</c> for a model that is one file.</param>
/// <param name="Start">Where the part begins.</param>
/// <param name="End">Where it ends; null for the whole file.</param>
/// <param name="Digest">In lower-case hex.</param>
internal sealed record Resource(string Name, string Path, long Start, long? End, string Digest);

/// <summary>What was signed: the files of a model with their digests (OpenSSF Model Signing 1.0, sections 5 and 6).</summary>
/// <param name="Resources">The files or parts, in the order in which they were signed.</param>
/// <param name="IgnoredPaths">The paths that the signer left out.</param>
/// <param name="ShardSize">The size of parts, or null where whole files were signed.</param>
internal sealed record Manifest(IReadOnlyList<Resource> Resources, IReadOnlyList<string> IgnoredPaths, long? ShardSize)
{
    /// <summary>The kind of the findings about it.</summary>
    public const string What = "manifest";

    /// <summary>The predicate type of the format.</summary>
    public const string PredicateType = "https://model_signing/signature/v1.0";

    /// <summary>The statement type of in-toto.</summary>
    public const string StatementType = "https://in-toto.io/Statement/v1";

    private const string HashType = "sha256";
    private const string SingleFile = ".";

    /// <summary>Reads the payload of a signature.</summary>
    /// <exception cref="RefusedException">It is not such a manifest.</exception>
    public static Manifest Read(byte[] payload)
    {
        var statement = new JsonView(StrictJson.Parse(payload, What), "the statement");
        statement.MustBe("_type", StatementType);
        statement.MustBe("predicateType", PredicateType);
        var subjects = statement.Array("subject");
        if (subjects.Count != 1)
            throw Refused($"the statement has {subjects.Count} subjects; one is expected");
        var predicate = statement.Object("predicate");
        var serialization = predicate.Object("serialization");
        serialization.MustBe("hash_type", HashType);
        if (serialization.IsTrue("allow_symlinks"))
            throw Refused("the signer followed links (allow_symlinks); links are refused here");
        long? shardSize = serialization.Text("method") switch
        {
            "files" => null,
            "shards" => serialization.Positive("shard_size"),
            var method => throw Refused($"the serialization method {Printable.Line(method, 50)} is unknown"),
        };
        var ignored = serialization.Has("ignore_paths") ? serialization.Array("ignore_paths").Select(i => Ignored(i.AsText())).ToArray() : [];
        var resources = predicate.Array("resources").Select(r => Resource(r, shardSize)).ToArray();
        var manifest = new Manifest(resources, ignored, shardSize);
        manifest.Check(subjects[0].Object("digest").Text(HashType));
        return manifest;
    }

    /// <summary>The SHA-256 over all digests, by which the subject is called.</summary>
    public static string RootDigest(IEnumerable<string> digests) =>
        Convert.ToHexStringLower(SHA256.HashData([.. digests.SelectMany(Convert.FromHexString)]));

    private void Check(string subject)
    {
        if (Resources.Count == 0)
            throw Refused("no file is signed");
        if (RootDigest(Resources.Select(r => r.Digest)) is var root && root != subject)
            throw Refused($"the subject's digest is {Printable.Line(subject, 64)}, and the files' digests make {root}");
        if (Resources.GroupBy(r => r.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw Refused($"the file {Printable.Line(twice.Key, 200)} is signed twice");
        if (Resources.Any(r => r.Path == SingleFile) && Resources.Select(r => r.Path).Distinct(StringComparer.Ordinal).Count() > 1)
            throw Refused("the path '.' of a model that is one file stands beside others");
        if (ShardSize is { } size)
            CheckShards(size);
    }

    // Each file is signed from its beginning, part by part; where it ends, only the file can tell.
    private void CheckShards(long size)
    {
        foreach (var file in Resources.GroupBy(r => r.Path, StringComparer.Ordinal))
        {
            var at = 0L;
            foreach (var shard in file.OrderBy(s => s.Start))
            {
                if (shard.Start != at || shard.End - shard.Start is < 1 || shard.End - shard.Start > size || at % size != 0)
                    throw Refused($"the part {Printable.Line(shard.Name, 200)} is not the next {size} bytes of its file, which begin at {at}");
                at = shard.End!.Value;
            }
        }
    }

    /// <summary>
    /// What the public tool calls the hash of a part, and compares (<c>_hashing/io.py</c>); the specification calls it as the hash of a file.
    /// </summary>
    public static string ShardAlgorithm(long shardSize) => $"{HashType}-sharded-{shardSize}";

    private static Resource Resource(JsonView resource, long? shardSize)
    {
        if (shardSize is null || resource.Text("algorithm") != ShardAlgorithm(shardSize.Value))
            resource.MustBe("algorithm", HashType);
        var (name, digest) = (resource.Text("name"), resource.Text("digest"));
        if (digest.Length != 64 || !digest.All(c => c is >= '0' and <= '9' or >= 'a' and <= 'f'))
            throw Refused($"the digest of {Printable.Line(name, 200)} is no SHA-256 in lower-case hex");
        var (path, start, end) = shardSize is null ? (name, 0, null) : Shard(name);
        if (path != SingleFile && MemberNames.Problem(path) is { } problem)
            throw Refused($"the signed file {Printable.Line(name, 200)} {problem}");
        return new(name, path, start, end, digest);
    }

    private static (string Path, long Start, long? End) Shard(string name)
    {
        var parts = name.Split(':');
        return parts.Length > 2 && Offset(parts[^2]) is { } start && Offset(parts[^1]) is { } end
            ? (string.Join(':', parts[..^2]), start, end)
            : throw Refused($"the signed part {Printable.Line(name, 200)} has not the form PATH:START:END");
    }

    private static long? Offset(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) && offset.ToString(CultureInfo.InvariantCulture) == text ? offset : null;

    private static string Ignored(string path) => MemberNames.Problem(path) is null && path.IndexOfAny(['*', '?', '[']) < 0
        ? path
        : throw Refused($"the ignored path {Printable.Line(path, 200)} is not a plain path inside the model");

    private static RefusedException Refused(string why) => new(What, why);
}
