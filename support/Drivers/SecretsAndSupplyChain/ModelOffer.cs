using SecuritySpecs.Models;

namespace SecuritySpecs.Drivers.SecretsAndSupplyChain;

/// <summary>A model that a tenant asks a registry for, and what the registry sends.</summary>
/// <param name="Phrase">As features say it, after "serves".</param>
/// <param name="Asked">The revision that the tenant means.</param>
public sealed record ModelOffer(string Phrase, PublishedModel Asked)
{
    /// <summary>Every phrase, as a regular expression.</summary>
    public const string Phrases = Good + "|" + AtTheSource + "|" + OnTheWay + "|" + Signed + "|" + Loaded;

    private const string Good = "the signed model|an archive of the signed model|the pinned model whose tag was moved";

    private const string AtTheSource =
        "a model whose tag was moved|a model whose name was taken over|a model of an owner with a similar name";

    private const string OnTheWay =
        "a model with a byte flipped on its way|a model that is cut on its way|a model that comes from another host"
        + "|a model that comes byte by byte|a model that never comes";

    private const string Signed =
        "a model with a file changed|a model with a file added|a model with a file removed"
        + "|a model without a signature|a model signed with another key|a model with the signature of another model";

    private const string Loaded =
        "a model with an executable pickle|a model with a checkpoint that runs code|a model with code of its own|a model with a header bomb"
        + "|an archive with a path that leads out of it|an archive with a link that leads out of it";

    /// <summary>What the registry does, or somebody between it and the tenant; empty for nothing.</summary>
    public string Attack { get; private init; } = "";

    /// <summary>The files that a server has which takes what it gets.</summary>
    public IReadOnlyDictionary<string, byte[]> Sent { get; private init; } = Asked.Files;

    /// <summary>Whether the tenant asks by the tag also where models are verified.</summary>
    public bool ByTag { get; private init; }

    /// <summary>Whether the model is in an archive.</summary>
    public bool IsArchive => Asked.Files.ContainsKey(ModelShelf.Archive);

    /// <summary>What a phrase means.</summary>
    public static ModelOffer Of(string phrase, ModelShelf models)
    {
        var (main, poisoned) = (new ModelOffer(phrase, models.Of(ModelShelf.Main)), models.Of(ModelShelf.Poisoned).Files);
        ModelOffer Revision(string tag) => new(phrase, models.Of(tag));
        return phrase switch
        {
            "the signed model" => main,
            "an archive of the signed model" => Revision("archive") with { Sent = main.Sent },
            "the pinned model whose tag was moved" => main with { Attack = "moved-tag" },
            "a model whose tag was moved" => main with { Attack = "moved-tag", Sent = poisoned, ByTag = true },
            "a model whose name was taken over" => main with { Attack = "name-taken-over", Sent = poisoned },
            "a model of an owner with a similar name" => new(phrase, models.Of(ModelShelf.Main, ModelShelf.LookAlike)),
            "a model with a byte flipped on its way" => main.Altered("flipped-byte", ModelShelf.FlipLast),
            "a model that is cut on its way" => main.Altered("truncated", weights => weights[..(weights.Length / 2)]),
            "a model that comes from another host" => main.Altered("redirect", ModelShelf.FlipLast),
            "a model that comes byte by byte" => main with { Attack = "slow" },
            "a model that never comes" => main with { Attack = "silent" },
            "a model with a file changed" => Revision("changed"),
            "a model with a file added" => Revision("added"),
            "a model with a file removed" => Revision("removed"),
            "a model without a signature" => Revision("unsigned"),
            "a model signed with another key" => Revision("unknown-key"),
            "a model with the signature of another model" => Revision("other-signature"),
            "a model with an executable pickle" => Revision("pickle"),
            "a model with a checkpoint that runs code" => Revision("checkpoint"),
            "a model with code of its own" => Revision("code"),
            "a model with a header bomb" => Revision("bomb"),
            "an archive with a path that leads out of it" => Revision("path"),
            "an archive with a link that leads out of it" => Revision("link"),
            _ => throw new ArgumentException($"There is no model \"{phrase}\"."),
        };
    }

    private ModelOffer Altered(string attack, Func<byte[], byte[]> change) =>
        this with { Attack = attack, Sent = ModelShelf.With(Asked.Files, ModelShelf.Weights, change(Asked.Files[ModelShelf.Weights])) };
}
