using SecuritySpecs.FleetProgram.ModelSupply.Formats;

namespace SecuritySpecs.FleetProgram.ModelSupply.Signing;

/// <summary>
/// A signature in the OpenSSF Model Signing 1.0 format with a key (its specification, sections 4 and 8; sigstore/model-transparency,
/// <c>_signing/sign_ec_key.py</c>): a sigstore bundle with a DSSE envelope around an in-toto statement.
/// </summary>
internal static class Bundle
{
    /// <summary>The kind of the findings about the bundle's form.</summary>
    public const string What = "bundle";

    /// <summary>The kind of the findings about who signed.</summary>
    public const string Signature = "signature";

    /// <summary>The media type of the format.</summary>
    public const string MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";

    /// <summary>The payload type of the format.</summary>
    public const string PayloadType = "application/vnd.in-toto+json";

    /// <summary>The largest bundle: one with a manifest of about 100,000 files.</summary>
    public const int Largest = 32 * 1024 * 1024;

    /// <summary>Reads a bundle and verifies its signature.</summary>
    /// <returns>What was signed.</returns>
    /// <exception cref="RefusedException">The bundle is malformed, or somebody else signed it.</exception>
    public static Manifest Verify(byte[] bundle, ModelKey key)
    {
        var json = new JsonView(StrictJson.Parse(bundle, What), "the bundle", What);
        json.MustBe("mediaType", MediaType);
        if (json.Fields.FirstOrDefault(f => f is not ("mediaType" or "verificationMaterial" or "dsseEnvelope")) is { } unknown)
            throw new RefusedException(What, $"the bundle has the unknown field {Printable.Line(unknown, 50)}");
        CheckKey(json.Object("verificationMaterial"), key);
        var envelope = json.Object("dsseEnvelope");
        envelope.MustBe("payloadType", PayloadType);
        var signatures = envelope.Array("signatures");
        if (signatures.Count != 1)
            throw new RefusedException(What, $"the envelope has {signatures.Count} signatures; one is expected");
        var payload = Base64(envelope.Text("payload"), "payload");
        if (!key.Verifies(PreAuthenticationEncoding(payload), Base64(signatures[0].Text("sig"), "signature")))
            throw new RefusedException(Signature, $"the signature is not valid for the key {key.Hint}");
        return Manifest.Read(payload);
    }

    /// <summary>Makes a bundle.</summary>
    public static byte[] Sign(byte[] payload, ModelKey key)
    {
        var bundle = new JsonObject
        {
            ["mediaType"] = MediaType,
            ["verificationMaterial"] = new JsonObject { ["publicKey"] = new JsonObject { ["hint"] = key.Hint }, ["tlogEntries"] = new JsonArray() },
            ["dsseEnvelope"] = new JsonObject
            {
                ["payload"] = Convert.ToBase64String(payload),
                ["payloadType"] = PayloadType,
                ["signatures"] = new JsonArray(new JsonObject { ["sig"] = Convert.ToBase64String(key.Sign(PreAuthenticationEncoding(payload))), ["keyid"] = "" }),
            },
        };
        return Encoding.UTF8.GetBytes(bundle.ToJsonString());
    }

    // DSSE's encoding, so that a signature of a payload of one type is none of another.
    private static byte[] PreAuthenticationEncoding(byte[] payload) =>
        [.. Encoding.ASCII.GetBytes($"DSSEv1 {PayloadType.Length} {PayloadType} {payload.Length} "), .. payload];

    // The hint is the signer's word, not a proof. It only tells an unknown key from a broken signature.
    private static void CheckKey(JsonView material, ModelKey key)
    {
        if (!material.Has("publicKey"))
            throw new RefusedException(Signature, "the bundle is not signed with a key: it has no verificationMaterial.publicKey");
        var publicKey = material.Object("publicKey");
        if (publicKey.Has("hint") && publicKey.Text("hint") is var hint && hint != key.Hint)
            throw new RefusedException(Signature, $"signed with the key {Printable.Line(hint, 64)}; the key {key.Hint} is expected");
        // Bundles before version 1.1.0 have the key itself.
        if (publicKey.Has("rawBytes") && Encoding.UTF8.GetString(Base64(publicKey.Text("rawBytes"), "key")) is var pem && pem.Trim() != key.Pem.Trim())
            throw new RefusedException(Signature, $"signed with another key than {key.Hint}");
        if (!publicKey.Has("hint") && !publicKey.Has("rawBytes"))
            throw new RefusedException(What, "the bundle's publicKey has no hint");
    }

    // Only the one form of the bytes: a second form would be a second bundle with the same signature.
    private static byte[] Base64(string text, string what)
    {
        var bytes = new byte[text.Length / 4 * 3 + 3];
        return Convert.TryFromBase64String(text, bytes, out var length) && Convert.ToBase64String(bytes, 0, length) == text
            ? bytes[..length]
            : throw new RefusedException(What, $"the {what} is not in plain base64");
    }
}
