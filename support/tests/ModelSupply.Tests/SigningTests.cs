using System.Security.Cryptography;
using SecuritySpecs.FleetProgram.ModelSupply.Formats;
using SecuritySpecs.FleetProgram.ModelSupply.Signing;

namespace SecuritySpecs.FleetProgram.ModelSupply.Tests;

/// <summary>Whatever differs from what the one key signed is refused, and says what it is.</summary>
[TestFixture]
public sealed class SigningTests
{
    private static readonly (string Name, ECCurve Curve)[] s_curves = [("P-256", ECCurve.NamedCurves.nistP256), ("P-384", ECCurve.NamedCurves.nistP384), ("P-521", ECCurve.NamedCurves.nistP521)];

    private static IEnumerable<TestCaseData> Curves => s_curves.Select(c => new TestCaseData(c.Curve).SetArgDisplayNames(c.Name));

    [TestCaseSource(nameof(Curves))]
    public void A_signed_model_is_verified(ECCurve curve)
    {
        using var model = new SignedModel(curve).Sign();

        model.Verify().Should().BeEmpty();
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(1_000_000_000)]
    public void A_model_that_is_signed_in_parts_is_verified_and_every_change_is_found(long shardSize)
    {
        using var model = new SignedModel().Write("empty", []).Sign(shardSize);

        model.Verify().Should().BeEmpty();
        model.Write("sub/vocab.txt", "cat\ndig\n"u8).Verify().Should().ContainSingle().Which.Should().StartWith("sub/vocab.txt: changed: bytes ");
        model.Write("sub/vocab.txt", "cat\ndog\n!"u8).Verify().Should().Contain("sub/vocab.txt: changed: 9 bytes; 8 are signed");
        model.Write("sub/vocab.txt", "cat\n"u8).Verify().Should().Contain("sub/vocab.txt: changed: 4 bytes; 8 are signed");
    }

    // The specification calls the hash of a part sha256, the public tool sha256-sharded-SIZE.
    [Test]
    public void Parts_are_verified_by_either_name_of_their_hash()
    {
        using var model = new SignedModel();
        foreach (var file in Directory.EnumerateFileSystemEntries(model.Path).Where(f => Path.GetFileName(f) != "config.json").ToList())
            Process.Start("rm", ["-r", file]).WaitForExit();
        var digest = Sha256("{}"u8);

        model.SignStatement(s => Shards(s, 2, ("config.json:0:2", digest))).Verify().Should().BeEmpty();
        model.SignStatement(s =>
        {
            Shards(s, 2, ("config.json:0:2", digest));
            s["predicate"]!["resources"]![0]!["algorithm"] = "sha256-sharded-2";
        }).Verify().Should().BeEmpty();
    }

    [Test]
    public void A_flipped_byte_is_found()
    {
        using var model = new SignedModel().Sign();
        var bytes = File.ReadAllBytes(model.FileOf("model.safetensors"));
        bytes[^1] ^= 1;

        model.Write("model.safetensors", bytes).Verify().Should().ContainSingle()
            .Which.Should().MatchRegex("^model.safetensors: changed: has the SHA-256 [0-9a-f]{64}; [0-9a-f]{64} is signed$");
    }

    [Test]
    public void An_added_a_removed_and_an_exchanged_file_are_found()
    {
        using var model = new SignedModel().Sign().Write("added.txt", "x"u8).Write("sub/.git/added.txt", "x"u8).Write("config.json", "[]"u8);
        File.Delete(model.FileOf("sub/vocab.txt"));

        model.Verify().Select(f => string.Join(':', f.Split(':')[..2])).Should().BeEquivalentTo("added.txt: added", "config.json: changed", "sub/.git/added.txt: added", "sub/vocab.txt: missing");
    }

    [Test]
    public void A_file_of_another_case_is_another_file()
    {
        using var model = new SignedModel().Sign();
        File.Move(model.FileOf("config.json"), model.FileOf("Config.json"));

        model.Verify().Should().Equal("Config.json: added: not signed", "config.json: missing: signed, and not there");
    }

    [Test]
    public void An_unsigned_model_is_refused()
    {
        using var model = new SignedModel();

        model.Verify().Should().Equal("model.sig: unsigned: there is no such signature file");
        Directory.CreateDirectory(model.Bundle);
        model.Verify().Should().Equal("model.sig: unsigned: there is no such signature file");
    }

    [Test]
    public void A_signature_that_is_a_link_is_none()
    {
        using var model = new SignedModel().Sign();
        File.Move(model.Bundle, model.Beside("real.sig"));
        File.CreateSymbolicLink(model.Bundle, model.Beside("real.sig"));

        model.Verify().Should().Equal("model.sig: unsigned: there is no such signature file");
    }

    [Test]
    public void An_unknown_key_is_refused_and_both_are_named()
    {
        using var model = new SignedModel().Sign();
        using var other = ModelKey.Create(ECCurve.NamedCurves.nistP256);

        model.Verify(other).Should().Equal($"model.sig: signature: signed with the key {model.Key.Hint}; the key {other.Hint} is expected");
    }

    [Test]
    public void A_forged_hint_does_not_help()
    {
        using var model = new SignedModel();
        using var other = ModelKey.Create(ECCurve.NamedCurves.nistP256);

        model.ChangeBundle(b => b["verificationMaterial"]!["publicKey"]!["hint"] = other.Hint).Verify(other)
            .Should().Equal($"model.sig: signature: the signature is not valid for the key {other.Hint}");
    }

    [Test]
    public void A_valid_signature_of_another_model_is_refused()
    {
        using var model = new SignedModel();
        using var other = new SignedModel().Write("config.json", "{\"a\":1}"u8);
        File.WriteAllBytes(model.Bundle, ModelSigner.Sign(other.Path, model.Key, ["model.sig"]));

        model.Verify().Should().ContainSingle().Which.Should().StartWith("config.json: changed: ");
    }

    [Test]
    public void Links_and_what_is_no_file_are_refused_without_being_opened()
    {
        using var model = new SignedModel().Sign();
        File.CreateSymbolicLink(model.FileOf("link"), "/etc/passwd");
        Directory.CreateSymbolicLink(model.FileOf("folder"), "/etc");
        Process.Start("mkfifo", [model.FileOf("pipe")]).WaitForExit();

        model.Verify().Should().Equal(
            "folder: link: a link, pipe or device; only files and folders are allowed",
            "link: link: a link, pipe or device; only files and folders are allowed",
            "pipe: link: a link, pipe or device; only files and folders are allowed");
    }

    [Test]
    public void A_signed_file_that_became_a_link_to_the_same_bytes_is_refused()
    {
        using var model = new SignedModel().Sign();
        File.Move(model.FileOf("config.json"), model.Beside("config.json"));
        File.CreateSymbolicLink(model.FileOf("config.json"), model.Beside("config.json"));

        model.Verify().Should().Equal("config.json: link: a link, pipe or device; only files and folders are allowed", "config.json: missing: signed, and not there");
    }

    [Test]
    public void A_model_that_is_a_link_is_refused()
    {
        using var model = new SignedModel().Sign();
        Directory.CreateSymbolicLink(model.Beside("other"), model.Path);

        model.Verify(path: model.Beside("other")).Should().Contain(".: link: a link, pipe or device; only files and folders are allowed");
    }

    // As the public tool leaves them out: exact paths, git's own at the top alone, and a link among them does no harm.
    [Test]
    public void Ignored_paths_are_exact()
    {
        using var model = new SignedModel().Sign().Write(".git/HEAD", "x"u8).Write(".gitignore", "x"u8).Write(".gitattributes", "x"u8).Write(".github/a/b", "x"u8).Write("notes/a.txt", "x"u8);
        File.CreateSymbolicLink(model.FileOf(".git/link"), "/etc/passwd");

        model.Verify(ignored: ["notes"]).Should().BeEmpty();
        model.Verify(ignored: ["note", "notes/a", "sub"]).Should().Equal("notes/a.txt: added: not signed", "sub/vocab.txt: missing: signed, and not there");
        model.Write("sub/.gitignore", "x"u8).Write(".gitmodules", "x"u8).Verify(ignored: ["notes"]).Should().Equal(".gitmodules: added: not signed", "sub/.gitignore: added: not signed");
    }

    [Test]
    public void A_signature_beside_the_model_covers_every_file_in_it()
    {
        using var model = new SignedModel().Sign();
        File.Move(model.Bundle, model.Beside("model.sig"));

        model.Verify(bundle: model.Beside("model.sig")).Should().BeEmpty();
    }

    [TestCase(".")]
    [TestCase("config.json")]
    public void A_model_that_is_one_file_is_verified_by_either_name(string name)
    {
        using var model = new SignedModel().SignStatement(s => Resources(s, (name, Sha256("{}"u8))));

        model.Verify(path: model.FileOf("config.json")).Should().BeEmpty();
        model.Verify(path: model.FileOf("sub/vocab.txt")).Should().NotBeEmpty();
    }

    private static IEnumerable<TestCaseData> Statements()
    {
        TestCaseData Case(string name, Action<JsonObject> change, string expected) => new TestCaseData(change, expected).SetArgDisplayNames(name);
        var digest = Sha256("{}"u8);
        yield return Case("another predicate", s => s["predicateType"] = "https://slsa.dev/provenance/v1", "the statement's predicateType is https://slsa.dev/provenance/v1; https://model_signing/signature/v1.0 is expected");
        yield return Case("another statement", s => s["_type"] = "https://in-toto.io/Statement/v0.1", "the statement's _type is https://in-toto.io/Statement/v0.1; https://in-toto.io/Statement/v1 is expected");
        yield return Case("no subject", s => s["subject"] = new JsonArray(), "the statement has 0 subjects; one is expected");
        yield return Case("two subjects", s => s["subject"]!.AsArray().Add(s["subject"]![0]!.DeepClone()), "the statement has 2 subjects; one is expected");
        yield return Case("another subject digest", s => s["subject"]![0]!["digest"]!["sha256"] = new string('0', 64), "the subject's digest is " + new string('0', 64));
        yield return Case("no subject digest", s => s["subject"]![0]!["digest"] = new JsonObject { ["sha1"] = "x" }, "an item of the statement's subject's digest has no sha256 that is a text");
        yield return Case("no files", s => Resources(s), "no file is signed");
        yield return Case("a file twice", s => Resources(s, ("config.json", digest), ("config.json", digest)), "the file config.json is signed twice");
        yield return Case("a path upwards", s => Resources(s, ("../config.json", digest)), "the signed file ../config.json has a path with empty parts, . or ..");
        yield return Case("an absolute path", s => Resources(s, ("/etc/passwd", digest)), "the signed file /etc/passwd has an absolute path");
        yield return Case("a path that is not normal", s => Resources(s, ("sub//vocab.txt", digest)), "a path with empty parts");
        yield return Case("a path with ./", s => Resources(s, ("./config.json", digest)), "a path with empty parts, . or ..");
        yield return Case("a backslash", s => Resources(s, (@"sub\vocab.txt", digest)), "a backslash");
        yield return Case("'.' beside others", s => Resources(s, (".", digest), ("config.json", digest)), "the path '.' of a model that is one file stands beside others");
        yield return Case("a digest in capitals", s => Resources(s, ("config.json", digest.ToUpperInvariant())), "no SHA-256 in lower-case hex");
        yield return Case("a short digest", s => Resources(s, ("config.json", digest[..62])), "no SHA-256 in lower-case hex");
        yield return Case("another hash", s => s["predicate"]!["serialization"]!["hash_type"] = "md5", "'s hash_type is md5; sha256 is expected");
        yield return Case("another hash of one file", s => s["predicate"]!["resources"]![0]!["algorithm"] = "blake3", "'s algorithm is blake3; sha256 is expected");
        yield return Case("links were followed", s => s["predicate"]!["serialization"]!["allow_symlinks"] = true, "the signer followed links (allow_symlinks); links are refused here");
        yield return Case("another method", s => s["predicate"]!["serialization"]!["method"] = "tensors", "the serialization method tensors is unknown");
        yield return Case("everything ignored", s => s["predicate"]!["serialization"]!["ignore_paths"] = new JsonArray("."), "the ignored path . is not a plain path inside the model");
        yield return Case("ignored by a pattern", s => s["predicate"]!["serialization"]!["ignore_paths"] = new JsonArray("*"), "the ignored path * is not a plain path inside the model");
        yield return Case("ignored outside", s => s["predicate"]!["serialization"]!["ignore_paths"] = new JsonArray("../x"), "the ignored path ../x is not a plain path inside the model");
        yield return Case("parts without a size", s => s["predicate"]!["serialization"]!["method"] = "shards", "'s serialization has no shard_size that is a number");
        yield return Case("parts with a hole", s => Shards(s, ("config.json:0:1", digest), ("config.json:2:3", digest)), "the part config.json:2:3 is not the next 1 bytes of its file, which begin at 1");
        yield return Case("parts that overlap", s => Shards(s, ("config.json:0:1", digest), ("config.json:0:1 ", digest)), "has not the form PATH:START:END");
        yield return Case("a part that is too large", s => Shards(s, ("config.json:0:2", digest)), "is not the next 1 bytes of its file");
        yield return Case("parts of another size by their hash", s =>
        {
            Shards(s, ("config.json:0:1", digest));
            s["predicate"]!["resources"]![0]!["algorithm"] = "sha256-sharded-2";
        }, "'s algorithm is sha256-sharded-2; sha256 is expected");
        yield return Case("a part without numbers", s => Shards(s, ("config.json", digest)), "has not the form PATH:START:END");
        yield return Case("a part with a leading zero", s => Shards(s, ("config.json:00:1", digest)), "has not the form PATH:START:END");
        yield return Case("no predicate", s => s.Remove("predicate"), "the statement has no predicate that is an object");
        yield return Case("a name that is a number", s => s["predicate"]!["resources"]![0]!["name"] = 1, "has no name that is a text");
    }

    [TestCaseSource(nameof(Statements))]
    public void A_signed_statement_that_makes_no_sense_is_refused(Action<JsonObject> change, string expected)
    {
        using var model = new SignedModel().SignStatement(change);

        model.Verify().Should().ContainSingle().Which.Should().StartWith("model.sig: manifest: ").And.Contain(expected);
    }

    private static IEnumerable<TestCaseData> Bundles()
    {
        TestCaseData Case(string name, Func<string, string> change, string expected) => new TestCaseData(change, expected).SetArgDisplayNames(name);
        Func<string, string> Json(Action<JsonNode> change) => text =>
        {
            var bundle = JsonNode.Parse(text)!;
            change(bundle);
            return bundle.ToJsonString();
        };
        string Again(string text, string field, Func<string, string> change) => Json(b => b["dsseEnvelope"]![field] = change((string)b["dsseEnvelope"]![field]!))(text);
        yield return Case("an empty file", _ => "", "bundle: not valid JSON");
        yield return Case("no JSON", _ => "-----BEGIN", "bundle: not valid JSON");
        yield return Case("an array", _ => "[]", "bundle: the bundle has no mediaType that is a text");
        yield return Case("a field twice", t => t.Replace("{\"mediaType\"", "{\"mediaType\":\"x\",\"mediaType\""), "bundle: an object of the JSON has a name twice");
        yield return Case("the payload twice", t => t.Replace("\"payload\":", "\"payload\":\"e30=\",\"payload\":"), "bundle: an object of the JSON has a name twice");
        yield return Case("another media type", t => t.Replace("bundle.v0.3", "bundle.v0.1"), "bundle: the bundle's mediaType is application/vnd.dev.sigstore.bundle.v0.1+json");
        yield return Case("a field that nobody knows", Json(b => b["messageSignature"] = new JsonObject()), "bundle: the bundle has the unknown field messageSignature");
        yield return Case("no envelope", Json(b => b.AsObject().Remove("dsseEnvelope")), "bundle: the bundle has no dsseEnvelope that is an object");
        yield return Case("no material", Json(b => b.AsObject().Remove("verificationMaterial")), "bundle: the bundle has no verificationMaterial that is an object");
        yield return Case("a certificate", Json(b => b["verificationMaterial"] = new JsonObject { ["certificate"] = new JsonObject { ["rawBytes"] = "" } }), "signature: the bundle is not signed with a key");
        yield return Case("no hint", Json(b => b["verificationMaterial"]!["publicKey"] = new JsonObject()), "bundle: the bundle's publicKey has no hint");
        yield return Case("the key of somebody else", Json(b => b["verificationMaterial"]!["publicKey"] = new JsonObject { ["rawBytes"] = "e30=" }), "signature: signed with another key than");
        yield return Case("another payload type", t => Again(t, "payloadType", _ => "application/json"), "bundle: the bundle's dsseEnvelope's payloadType is application/json");
        yield return Case("a payload of somebody else", t => Again(t, "payload", _ => "e30="), "signature: the signature is not valid for the key");
        yield return Case("a payload with spaces", t => Again(t, "payload", p => p.Insert(8, " ")), "bundle: the payload is not in plain base64");
        yield return Case("a payload with a line feed", t => Again(t, "payload", p => p.Insert(8, "\n")), "bundle: the payload is not in plain base64");
        yield return Case("a payload without padding", t => Again(t, "payload", p => p.TrimEnd('=') + "A"), "bundle: the payload is not in plain base64");
        yield return Case("no signatures", Json(b => b["dsseEnvelope"]!["signatures"] = new JsonArray()), "bundle: the envelope has 0 signatures; one is expected");
        yield return Case("several signatures", Json(b => b["dsseEnvelope"]!["signatures"]!.AsArray().Add(b["dsseEnvelope"]!["signatures"]![0]!.DeepClone())), "bundle: the envelope has 2 signatures; one is expected");
        yield return Case("an empty signature", Json(b => b["dsseEnvelope"]!["signatures"]![0]!["sig"] = ""), "signature: the signature is not valid");
        yield return Case("a signature with spare bits", Json(b => b["dsseEnvelope"]!["signatures"]![0]!["sig"] = "MEX="), "bundle: the signature is not in plain base64");
        yield return Case("a signature that is not in DER", Json(b => b["dsseEnvelope"]!["signatures"]![0]!["sig"] = Convert.ToBase64String(new byte[64])), "signature: the signature is not valid");
        yield return Case("a signature that is a number", Json(b => b["dsseEnvelope"]!["signatures"]![0]!["sig"] = 1), "has no sig that is a text");
        yield return Case("half a character", t => t.Replace("\"keyid\":\"\"", "\"keyid\":\"\",\"sig2\":\"\\ud800\"").Replace("\"mediaType\":\"application", "\"mediaType\":\"\\ud800application"), "the bundle has a text with half a character");
    }

    [TestCaseSource(nameof(Bundles))]
    public void A_changed_bundle_is_refused(Func<string, string> change, string expected)
    {
        using var model = new SignedModel().ChangeBundle(change);

        model.Verify().Should().ContainSingle().Which.Should().StartWith("model.sig: ").And.Contain(expected);
    }

    [Test]
    public void A_key_id_may_be_absent_empty_or_null()
    {
        using var model = new SignedModel();

        model.ChangeBundle(b => b["dsseEnvelope"]!["signatures"]![0]!["keyid"] = null).Verify().Should().BeEmpty();
        model.ChangeBundle(b => b["dsseEnvelope"]!["signatures"]![0]!.AsObject().Remove("keyid")).Verify().Should().BeEmpty();
    }

    // Bundles of the public tool before 1.1.0 have the key itself in place of its hint, and no log entries.
    [Test]
    public void The_bundle_of_an_older_tool_is_verified()
    {
        using var model = new SignedModel();

        model.ChangeBundle(b => b["verificationMaterial"] = new JsonObject { ["publicKey"] = new JsonObject { ["rawBytes"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(model.Key.Pem)), ["keyDetails"] = "PKIX_ECDSA_P256_SHA_256" } })
            .Verify().Should().BeEmpty();
    }

    [Test]
    public void Files_are_signed_in_the_order_of_their_code_points()
    {
        using var model = new SignedModel().Write("sub-a/x", "x"u8).Write("\ud83d\ude00", "x"u8).Write("\uff5e", "x"u8).Sign();
        var payload = JsonNode.Parse(Convert.FromBase64String((string)JsonNode.Parse(File.ReadAllBytes(model.Bundle))!["dsseEnvelope"]!["payload"]!))!;

        payload["predicate"]!["resources"]!.AsArray().Select(r => (string)r!["name"]!)
            .Should().Equal("config.json", "model.safetensors", "sub-a/x", "sub/vocab.txt", "\uff5e", "\ud83d\ude00");
        model.Verify().Should().BeEmpty();
    }

    [Test]
    public void A_model_without_files_or_with_links_is_not_signed()
    {
        using var model = new SignedModel();
        File.CreateSymbolicLink(model.FileOf("link"), "/etc/passwd");

        model.Invoking(m => m.Sign()).Should().Throw<RefusedException>().WithMessage("link is neither a file nor a folder");
        Directory.Delete(model.Path, recursive: true);
        Directory.CreateDirectory(model.Path);
        model.Invoking(m => m.Sign()).Should().Throw<RefusedException>().WithMessage("the model has no file");
    }

    [TestCase("secp256k1")]
    [TestCase("brainpoolP256r1")]
    public void Keys_on_other_curves_are_refused(string curve)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));

        key.Invoking(k => ModelKey.ReadPublic(k.ExportSubjectPublicKeyInfoPem())).Should().Throw<ModelKeyException>().WithMessage("*P-256, P-384*");
    }

    [Test]
    public void Other_keys_and_what_is_no_key_are_refused()
    {
        using var rsa = RSA.Create(2048);
        using var own = ModelKey.Create(ECCurve.NamedCurves.nistP256);

        rsa.Invoking(k => ModelKey.ReadPublic(k.ExportSubjectPublicKeyInfoPem())).Should().Throw<ModelKeyException>().WithMessage("*no ECDSA key*");
        own.Invoking(k => ModelKey.ReadPublic(k.PrivatePem())).Should().Throw<ModelKeyException>().WithMessage("*the file has another one");
        own.Invoking(_ => ModelKey.ReadPublic("hello")).Should().Throw<ModelKeyException>().WithMessage("*the file has none");
        own.Invoking(k => ModelKey.ReadPrivate(k.Pem)).Should().Throw<ModelKeyException>().WithMessage("*the file has another one");
    }

    private static void Resources(JsonObject statement, params (string Name, string Digest)[] files)
    {
        statement["predicate"]!["resources"] = new JsonArray([.. files.Select(f => new JsonObject { ["name"] = f.Name, ["algorithm"] = "sha256", ["digest"] = f.Digest })]);
        if (files.All(f => f.Digest.Length == 64))
            statement["subject"]![0]!["digest"]!["sha256"] = Manifest.RootDigest(files.Select(f => f.Digest));
    }

    private static void Shards(JsonObject statement, params (string Name, string Digest)[] parts) => Shards(statement, 1, parts);

    private static void Shards(JsonObject statement, int size, params (string Name, string Digest)[] parts)
    {
        statement["predicate"]!["serialization"]!["method"] = "shards";
        statement["predicate"]!["serialization"]!["shard_size"] = size;
        Resources(statement, parts);
    }

    private static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
