using System.Security.Cryptography;

namespace SecuritySpecs.Models;

/// <summary>
/// Somebody who signs models with a key of his own, in the OpenSSF Model Signing 1.0 format: a sigstore bundle with a DSSE envelope
/// around an in-toto statement. Written apart from the verifier under test, so that a mistake of one is not a mistake of both.
/// </summary>
public sealed class ModelAuthor
{
    /// <summary>What a signature is called among the files of a model.</summary>
    public const string SignatureFile = "model.sig";

    private const string PayloadType = "application/vnd.in-toto+json";
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The public key as PEM.</summary>
    public string PublicKey => _key.ExportSubjectPublicKeyInfoPem() + "\n";

    /// <summary>The files, and the signature beside them.</summary>
    public SortedDictionary<string, byte[]> Sign(IReadOnlyDictionary<string, byte[]> files) =>
        new(files.ToDictionary(), StringComparer.Ordinal) { [SignatureFile] = Signature(files) };

    private byte[] Signature(IReadOnlyDictionary<string, byte[]> files)
    {
        var payload = Statement(files);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"DSSEv1 {PayloadType.Length} {PayloadType} {payload.Length} "), .. payload];
        var signature = _key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Bytes(new()
        {
            ["mediaType"] = "application/vnd.dev.sigstore.bundle.v0.3+json",
            ["verificationMaterial"] = new JsonObject
            {
                ["publicKey"] = new JsonObject { ["hint"] = PublishedModel.Sha256(Encoding.UTF8.GetBytes(PublicKey)) },
                ["tlogEntries"] = new JsonArray(),
            },
            ["dsseEnvelope"] = new JsonObject
            {
                ["payload"] = Convert.ToBase64String(payload), ["payloadType"] = PayloadType,
                ["signatures"] = new JsonArray(new JsonObject { ["sig"] = Convert.ToBase64String(signature), ["keyid"] = "" }),
            },
        });
    }

    private static byte[] Statement(IReadOnlyDictionary<string, byte[]> files)
    {
        var resources = files.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => (f.Key, Digest: SHA256.HashData(f.Value))).ToList();
        return Bytes(new()
        {
            ["_type"] = "https://in-toto.io/Statement/v1",
            ["subject"] = new JsonArray(new JsonObject
            {
                ["name"] = "llm",
                ["digest"] = new JsonObject { ["sha256"] = PublishedModel.Sha256([.. resources.SelectMany(r => r.Digest)]) },
            }),
            ["predicateType"] = "https://model_signing/signature/v1.0",
            ["predicate"] = new JsonObject
            {
                ["serialization"] = new JsonObject
                {
                    ["method"] = "files", ["hash_type"] = "sha256", ["allow_symlinks"] = false,
                    ["ignore_paths"] = new JsonArray(SignatureFile),
                },
                ["resources"] = new JsonArray([.. resources.Select(r => new JsonObject
                {
                    ["name"] = r.Key, ["algorithm"] = "sha256", ["digest"] = Convert.ToHexStringLower(r.Digest),
                })]),
            },
        });
    }

    private static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());
}
