using System.Security.Cryptography;
using SecuritySpecs.FleetProgram.ModelSupply.Signing;

namespace SecuritySpecs.FleetProgram.ModelSupply.Tests;

/// <summary>A folder with a plain model, which may be signed, changed and verified.</summary>
internal sealed class SignedModel : IDisposable
{
    private readonly TestFolder _folder = new();

    /// <summary>A model of three files; the key is on P-256.</summary>
    public SignedModel(ECCurve? curve = null)
    {
        Key = ModelKey.Create(curve ?? ECCurve.NamedCurves.nistP256);
        Directory.CreateDirectory(Path);
        Write("config.json", "{}"u8);
        Write("model.safetensors", Safetensors.Plain());
        Write("sub/vocab.txt", "cat\ndog\n"u8);
    }

    /// <summary>The signer's key.</summary>
    public ModelKey Key { get; }

    /// <summary>The model.</summary>
    public string Path => _folder.File("llm");

    /// <summary>Where the signature is.</summary>
    public string Bundle => FileOf("model.sig");

    /// <summary>A file of the model.</summary>
    public string FileOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A file beside the model.</summary>
    public string Beside(string name) => _folder.File(name);

    /// <summary>Writes a file of the model.</summary>
    public SignedModel Write(string name, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(FileOf(name))!);
        File.WriteAllBytes(FileOf(name), content);
        return this;
    }

    /// <summary>Signs the model.</summary>
    public SignedModel Sign(long? shardSize = null)
    {
        File.WriteAllBytes(Bundle, ModelSigner.Sign(Path, Key, ["model.sig"], shardSize));
        return this;
    }

    /// <summary>Signs a statement of one's own.</summary>
    public SignedModel SignStatement(Action<JsonObject> change)
    {
        Sign();
        var statement = JsonNode.Parse(Convert.FromBase64String((string)JsonNode.Parse(File.ReadAllBytes(Bundle))!["dsseEnvelope"]!["payload"]!))!.AsObject();
        change(statement);
        File.WriteAllBytes(Bundle, Signing.Bundle.Sign(Encoding.UTF8.GetBytes(statement.ToJsonString()), Key));
        return this;
    }

    /// <summary>Signs, and changes the bundle afterwards.</summary>
    public SignedModel ChangeBundle(Func<string, string> change)
    {
        Sign();
        File.WriteAllText(Bundle, change(File.ReadAllText(Bundle)));
        return this;
    }

    /// <inheritdoc cref="ChangeBundle(Func{string, string})"/>
    public SignedModel ChangeBundle(Action<JsonObject> change) => ChangeBundle(text =>
    {
        var bundle = JsonNode.Parse(text)!.AsObject();
        change(bundle);
        return bundle.ToJsonString();
    });

    /// <summary>The findings, a line each.</summary>
    public IReadOnlyList<string> Verify(ModelKey? key = null, string? path = null, string? bundle = null, string[]? ignored = null) =>
        [.. new ModelVerifier(key ?? Key, []).Verify(path ?? Path, bundle ?? Bundle, ignored).Findings.Select(f => f.ToString())];

    /// <inheritdoc/>
    public void Dispose()
    {
        Key.Dispose();
        _folder.Dispose();
    }
}
