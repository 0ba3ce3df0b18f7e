using System.Security.Cryptography;
using SecuritySpecs.FleetProgram.ModelSupply.Formats;

namespace SecuritySpecs.FleetProgram.ModelSupply.Signing;

/// <summary>The key that cannot be used; its owner, not the model, is at fault.</summary>
internal sealed class ModelKeyException(string message) : Exception(message);

/// <summary>A key on one of the three curves of OpenSSF Model Signing (its <c>algorithm-registry.md</c>): P-256, P-384 or P-521.</summary>
internal sealed class ModelKey : IDisposable
{
    private const string PublicLabel = "PUBLIC KEY";
    private readonly ECDsa _key;
    private readonly HashAlgorithmName _hash;

    private ModelKey(ECDsa key)
    {
        _key = key;
        // By the oid alone: a curve that is given by its numbers could look like a known one.
        _hash = key.ExportParameters(false).Curve.Oid is { } oid ? Hash(oid) : throw new ModelKeyException("the key's curve has no name");
    }

    /// <summary>What a bundle calls the key: the SHA-256 of its PEM text, in lower-case hex.</summary>
    public string Hint => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Pem)));

    /// <summary>The public key as a PEM text that ends with a line feed, as the public tool writes it.</summary>
    public string Pem => _key.ExportSubjectPublicKeyInfoPem() + "\n";

    /// <summary>Reads a public key.</summary>
    /// <exception cref="ModelKeyException">It is none, or not on a known curve.</exception>
    public static ModelKey ReadPublic(string pem) => Read(pem, label => label == PublicLabel, $"expected a PEM text '-----BEGIN {PublicLabel}-----'");

    /// <summary>Reads a private key.</summary>
    /// <exception cref="ModelKeyException">It is none, or not on a known curve.</exception>
    public static ModelKey ReadPrivate(string pem) => Read(pem, label => label is "PRIVATE KEY" or "EC PRIVATE KEY", "expected a PEM text with an unencrypted private key");

    /// <summary>Makes a new private key.</summary>
    public static ModelKey Create(ECCurve curve) => new(ECDsa.Create(curve));

    /// <summary>The private key as PEM.</summary>
    public string PrivatePem() => _key.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>Signs bytes; the signature is in DER.</summary>
    public byte[] Sign(byte[] data) => _key.SignData(data, _hash, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>Whether the key's owner signed the bytes.</summary>
    public bool Verifies(byte[] data, byte[] signature) => _key.VerifyData(data, signature, _hash, DSASignatureFormat.Rfc3279DerSequence);

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static ModelKey Read(string pem, Func<string, bool> fits, string expected)
    {
        if (!PemEncoding.TryFind(pem, out var fields) || !fits(pem[fields.Label]))
            throw new ModelKeyException($"{expected}, and the file has {(pem.Contains("-----BEGIN ", StringComparison.Ordinal) ? "another one" : "none")}");
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return new(key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or ModelKeyException)
        {
            key.Dispose();
            throw new ModelKeyException(e is ModelKeyException ? e.Message : "the key is no ECDSA key on the curve P-256, P-384 or P-521");
        }
    }

    private static HashAlgorithmName Hash(Oid curve) => curve switch
    {
        { Value: "1.2.840.10045.3.1.7" } or { FriendlyName: "nistP256" or "ECDSA_P256" } => HashAlgorithmName.SHA256,
        { Value: "1.3.132.0.34" } or { FriendlyName: "nistP384" or "ECDSA_P384" } => HashAlgorithmName.SHA384,
        { Value: "1.3.132.0.35" } or { FriendlyName: "nistP521" or "ECDSA_P521" } => HashAlgorithmName.SHA512,
        _ => throw new ModelKeyException($"the key's curve is {Printable.Line(curve.FriendlyName ?? curve.Value ?? "unknown", 50)}; P-256, P-384 and P-521 are supported"),
    };
}
