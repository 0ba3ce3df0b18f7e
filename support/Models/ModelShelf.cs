using System.Security.Cryptography;

namespace SecuritySpecs.Models;

/// <summary>The models of a registry: one that its author signed, and what others made of it. The keys are new for each run.</summary>
public sealed class ModelShelf
{
    /// <summary>The owner whose models tenants may load.</summary>
    public const string Owner = "acme";

    /// <summary>Another owner.</summary>
    public const string Stranger = "mallory";

    /// <summary>An owner whose name looks like that of <see cref="Owner"/>.</summary>
    public const string LookAlike = "acme-ai";

    /// <summary>The tag of the signed model.</summary>
    public const string Main = "main";

    /// <summary>The file with a model's weights.</summary>
    public const string Weights = "model.safetensors";

    /// <summary>The tag of a revision that a stranger made and signed.</summary>
    public const string Poisoned = "poisoned";

    /// <summary>The file that an archive is.</summary>
    public const string Archive = "model.tar";

    /// <summary>Where attackers leave <see cref="Mark"/> in a pod: a folder in memory, which every container has and may write.</summary>
    public const string MarkFile = "/dev/shm/mark";

    private const string Shared = "/dev/shm";
    private static readonly Dictionary<string, byte[]> Nothing = [];
    private readonly ModelAuthor _author = new();
    private readonly Dictionary<string, PublishedModel> _models = [];

    /// <summary>Fills it.</summary>
    public ModelShelf()
    {
        var (plain, poisoned) = (Plain("the weights"), new ModelAuthor().Sign(Plain("other weights")));
        var (signed, command) = (_author.Sign(plain), $"echo {Mark} > {MarkFile}");
        Add(Main, signed);
        Add(Poisoned, poisoned);
        Add("changed", With(signed, Weights, FlipLast(signed[Weights])));
        Add("added", With(signed, "adapter.safetensors", ModelFiles.Safetensors("more weights")));
        Add("removed", Without(signed, "config.json"));
        Add("unsigned", plain);
        Add("unknown-key", new ModelAuthor().Sign(plain));
        var other = _author.Sign(Plain("weights of another model"));
        Add("other-signature", With(signed, ModelAuthor.SignatureFile, other[ModelAuthor.SignatureFile]));
        Add("pickle", _author.Sign(With(plain, "model.pkl", ModelFiles.Pickle(command))));
        Add("checkpoint", _author.Sign(With(plain, "pytorch_model.bin", ModelFiles.Checkpoint(command))));
        Add("code", _author.Sign(With(plain, "modeling_llm.py", Encoding.UTF8.GetBytes($"import os\nos.system('{command}')\n"))));
        Add("bomb", _author.Sign(With(plain, Weights, ModelFiles.HeaderBomb())));
        Add("archive", With(Nothing, Archive, ModelFiles.Tar(signed)));
        Add("path", With(Nothing, Archive, ModelFiles.TarWithPath(signed, $"../..{MarkFile}", Mark)));
        Add("link", With(Nothing, Archive, ModelFiles.TarWithLink(signed, Shared, Path.GetFileName(MarkFile), Mark)));
        Add(Main, poisoned, Stranger);
        Add(Main, poisoned, LookAlike);
    }

    /// <summary>All of them.</summary>
    public IEnumerable<PublishedModel> All => _models.Values;

    /// <summary>The author's public key, as PEM.</summary>
    public string PublicKey => _author.PublicKey;

    /// <summary>What an attacker writes where he should not be able to write.</summary>
    public string Mark { get; } = RandomNumberGenerator.GetHexString(12, lowercase: true);

    /// <summary>A revision, by its tag.</summary>
    public PublishedModel Of(string tag, string owner = Owner) => _models[$"{owner}/{tag}"];

    /// <summary>The files of a model with one replaced or added.</summary>
    public static SortedDictionary<string, byte[]> With(IReadOnlyDictionary<string, byte[]> files, string path, byte[] content) =>
        new(files.ToDictionary(), StringComparer.Ordinal) { [path] = content };

    /// <summary>Bytes of which the last one is another.</summary>
    public static byte[] FlipLast(byte[] bytes) => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)];

    private static SortedDictionary<string, byte[]> Without(IReadOnlyDictionary<string, byte[]> files, string path) =>
        new(files.Where(f => f.Key != path).ToDictionary(), StringComparer.Ordinal);

    private static SortedDictionary<string, byte[]> Plain(string weights) => new(StringComparer.Ordinal)
    {
        ["config.json"] = "{\"model_type\":\"llm\"}"u8.ToArray(), [Weights] = ModelFiles.Safetensors(weights),
    };

    private void Add(string tag, IReadOnlyDictionary<string, byte[]> files, string owner = Owner) =>
        _models.Add($"{owner}/{tag}", new($"{owner}/llm", tag, files));
}
