using SecuritySpecs.FleetProgram.ModelSupply.Fetching;

namespace SecuritySpecs.FleetProgram.ModelSupply.Tests;

/// <summary>A model is fetched whole and verified, or nothing of it is there. Each attack works on a fetcher that verifies nothing.</summary>
[TestFixture]
public sealed class FetchTests
{
    [Test]
    public async Task A_pinned_signed_model_is_fetched()
    {
        await using var registry = await RunningRegistry.StartAsync();

        (await registry.FetchAsync()).Should().BeEmpty();

        registry.Volume.Should().Equal("llm");
        File.ReadAllText(Path.Combine(registry.Target, "sub/vocab.txt")).Should().Be("cat\ndog\n");
    }

    [Test]
    public async Task A_tag_and_no_revision_are_refused_before_anything_is_asked()
    {
        await using var registry = await RunningRegistry.StartAsync("silent");

        (await registry.FetchAsync("main")).Should().Equal($"{registry.Address}/acme/llm: revision: 'main' is a name that its owner, or the next owner of it, can move; a digest sha256:... is expected");
        (await registry.FetchAsync("sha256:abc")).Should().ContainSingle().Which.Should().Contain(": revision: 'sha256:abc' is a name");
        ModelSource.Parse("http://a/b/c").Revision.Should().Be("main");
        ModelSource.Parse("http://[fd00::a]:8080/b/c").Address.Should().Be("http://[fd00::a]:8080/b/c");
        registry.Volume.Should().BeEmpty();
    }

    [TestCase("http://HOST/acme")]
    [TestCase("http://HOST/acm/")]
    [TestCase("http://HOST/acme/ll")]
    [TestCase("http://HOST/acme/llm-2")]
    [TestCase("http://127.0.0.1:1/acme/")]
    [TestCase("http://HOST.evil/acme/")]
    [TestCase("/")]
    [TestCase("")]
    public async Task A_source_that_is_not_on_the_list_is_refused(string allow)
    {
        await using var registry = await RunningRegistry.StartAsync("silent");

        (await registry.FetchAsync(allow: allow.Replace("http://HOST", registry.Address))).Should().Equal($"{registry.Address}/acme/llm: source: {registry.Address}/acme/llm is not on the list of allowed sources");
    }

    [TestCase("HOST/acme/llm")]
    [TestCase("HOST/acme/")]
    [TestCase("HOST/")]
    public async Task A_source_on_the_list_is_allowed(string allow)
    {
        await using var registry = await RunningRegistry.StartAsync();

        (await registry.FetchAsync(allow: allow.Replace("HOST", registry.Address))).Should().BeEmpty();
    }

    [Test]
    public async Task A_moved_tag_moves_the_unverified_and_not_the_pinned()
    {
        await using var registry = await RunningRegistry.StartAsync("moved-tag=main=evil");
        registry.Write("acme/llm/evil/model.pkl", HostilePickles.Payload);

        (await registry.FetchAsync()).Should().BeEmpty();

        Directory.Delete(registry.Target, recursive: true);
        await registry.FetchUnverifiedAsync();
        File.ReadAllBytes(Path.Combine(registry.Target, "model.pkl")).Should().Equal(HostilePickles.Payload);
    }

    [Test]
    public async Task A_name_that_was_taken_over_does_not_have_the_pinned_revision()
    {
        await using var registry = await RunningRegistry.StartAsync("name-taken-over=acme/llm=evil/llm");
        registry.Write("evil/llm/main/model.pkl", HostilePickles.Payload);

        (await registry.FetchAsync()).Should().Equal($"{registry.Address}/acme/llm: registry: the registry answers 404 for /acme/llm/revisions/{registry.Digest}");
        registry.Volume.Should().BeEmpty();

        await registry.FetchUnverifiedAsync();
        File.Exists(Path.Combine(registry.Target, "model.pkl")).Should().BeTrue();
    }

    [Test]
    public async Task Another_listing_than_the_pinned_one_is_refused()
    {
        await using var registry = await RunningRegistry.StartAsync("other-listing=evil");
        registry.Write("acme/llm/evil/model.pkl", HostilePickles.Payload);

        (await registry.FetchAsync()).Should().Equal($"{registry.Address}/acme/llm: revision: the registry sends a listing with the digest {registry.DigestOf("acme/llm/evil")}; {registry.Digest} is pinned");
        registry.Volume.Should().BeEmpty();
    }

    [Test]
    public async Task A_flipped_byte_is_refused()
    {
        await using var registry = await RunningRegistry.StartAsync("flipped-byte=model.safetensors");

        (await registry.FetchAsync()).Should().ContainSingle().Which.Should().MatchRegex("^model.safetensors: changed: has the SHA-256 [0-9a-f]{64}; [0-9a-f]{64} is listed in the pinned revision$");
        registry.Volume.Should().BeEmpty();

        await registry.FetchUnverifiedAsync();
        File.ReadAllBytes(Path.Combine(registry.Target, "model.safetensors")).Should().NotEqual(Safetensors.Plain());
    }

    [Test]
    public async Task A_file_that_is_cut_is_refused()
    {
        await using var registry = await RunningRegistry.StartAsync("truncated=model.safetensors");

        (await registry.FetchAsync()).Should().ContainSingle().Which.Should().StartWith("model.safetensors: truncated: the registry ended ");
        registry.Volume.Should().BeEmpty();

        await registry.FetchUnverifiedAsync();
        new FileInfo(Path.Combine(registry.Target, "model.safetensors")).Length.Should().Be(Safetensors.Plain().Length / 2);
    }

    [Test]
    public async Task A_redirect_to_another_host_is_refused()
    {
        await using var other = await RunningRegistry.StartAsync();
        await using var registry = await RunningRegistry.StartAsync($"redirect={other.Address}");

        (await registry.FetchAsync()).Should().HaveCount(4).And.Contain($"config.json: redirect: the registry sends us to {other.Address}; only {registry.Address} is allowed");
        registry.Volume.Should().BeEmpty();
    }

    [TestCase("slow=model.safetensors")]
    [TestCase("silent")]
    public async Task A_registry_that_is_slow_or_silent_ends_at_the_deadline(string attack)
    {
        await using var registry = await RunningRegistry.StartAsync(attack);
        var clock = Stopwatch.StartNew();

        await registry.Awaiting(r => r.FetchAsync(seconds: 1)).Should().ThrowAsync<OperationCanceledException>();

        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
        registry.Volume.Should().BeEmpty();
    }

    [Test]
    public async Task A_registry_that_is_not_there_is_told()
    {
        await using var registry = await RunningRegistry.StartAsync();
        var verdict = await new ModelFetcher(new(ModelSource.Parse($"http://127.0.0.1:1/a/b@{registry.Digest}"), ["http://127.0.0.1:1/"], registry.Target, "model.sig", null, 1), new(registry.Model.Key, [])).FetchAsync(CancellationToken.None);

        verdict.Findings.Should().ContainSingle().Which.ToString().Should().StartWith("http://127.0.0.1:1/a/b: registry: the registry cannot be asked for http://127.0.0.1:1/a/b/revisions/");
    }

    private static IEnumerable<TestCaseData> Models()
    {
        TestCaseData Case(string name, Action<SignedModel> change, string expected) => new TestCaseData(change, expected).SetArgDisplayNames(name);
        yield return Case("unsigned", m => File.Delete(m.Bundle), "model.sig: unsigned: there is no such signature file");
        yield return Case("added file", m => m.Write("added.txt", "x"u8), "added.txt: added: not signed");
        yield return Case("removed file", m => File.Delete(m.FileOf("config.json")), "config.json: missing: signed, and not there");
        yield return Case("changed file", m => m.Write("config.json", "[]"u8), "config.json: changed: has the SHA-256");
        yield return Case("executable pickle, signed", m => m.Write("model.pkl", HostilePickles.Payload).Sign(), "model.pkl: pickle: STACK_GLOBAL at byte 14: imports os.system");
        yield return Case("header bomb, signed", m => m.Write("model.safetensors", Safetensors.Of("{}", 0, ulong.MaxValue)).Sign(), "model.safetensors: safetensors: the header claims");
        yield return Case("remote code, signed", m => m.Write("modeling.py", "import os"u8).Sign(), "modeling.py: code: Python code that is not on the list");
        yield return Case("a signature of another model", m =>
        {
            using var other = new SignedModel().Write("config.json", "{\"a\":1}"u8);
            File.WriteAllBytes(m.Bundle, Signing.ModelSigner.Sign(other.Path, m.Key, ["model.sig"]));
        }, "config.json: changed: ");
        yield return Case("an unknown key", m =>
        {
            using var other = Signing.ModelKey.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
            File.WriteAllBytes(m.Bundle, Signing.ModelSigner.Sign(m.Path, other, ["model.sig"]));
        }, "model.sig: signature: signed with the key ");
    }

    [TestCaseSource(nameof(Models))]
    public async Task A_pinned_model_that_may_not_be_loaded_leaves_nothing(object change, string expected)
    {
        await using var registry = await RunningRegistry.StartAsync();
        ((Action<SignedModel>)change)(registry.Model);
        registry.Serve(registry.Model, "acme/llm/evil");

        (await registry.FetchAsync(registry.DigestOf("acme/llm/evil"))).Should().ContainSingle().Which.Should().StartWith(expected);
        registry.Volume.Should().BeEmpty();
    }

    [Test]
    public async Task A_model_in_an_archive_is_fetched_and_unpacked()
    {
        await using var registry = await RunningRegistry.StartAsync();
        var tar = Directory.EnumerateFiles(registry.Model.Path, "*", SearchOption.AllDirectories).Aggregate(new Tar(), (t, f) => t.Add(Path.GetRelativePath(registry.Model.Path, f), File.ReadAllBytes(f)));
        registry.Write("acme/llm/tar/model.tar", tar.End());

        (await registry.FetchAsync(registry.DigestOf("acme/llm/tar"), archive: "model.tar")).Should().BeEmpty();

        File.ReadAllText(Path.Combine(registry.Target, "sub/vocab.txt")).Should().Be("cat\ndog\n");
        File.Exists(Path.Combine(registry.Target, "model.tar")).Should().BeFalse();
    }

    [Test]
    public async Task An_archive_that_leaves_its_folder_is_refused_and_writes_nothing_outside()
    {
        await using var registry = await RunningRegistry.StartAsync();
        registry.Write("acme/llm/up/model.tar", new Tar().Add("../evil.txt", "evil"u8.ToArray()).End());
        registry.Write("acme/llm/link/model.tar", new Tar().Add("out", [], '2', "..").Add("out/evil.txt", "evil"u8.ToArray()).End());

        (await registry.FetchAsync(registry.DigestOf("acme/llm/up"), archive: "model.tar")).Should().Equal($"{registry.Address}/acme/llm: tar: member ../evil.txt has a path with empty parts, . or ..");
        (await registry.FetchAsync(registry.DigestOf("acme/llm/link"), archive: "model.tar")).Should().Equal($"{registry.Address}/acme/llm: tar: member out is a link to ..");
        registry.Volume.Should().BeEmpty();

        await registry.FetchUnverifiedAsync("up", "model.tar");
        registry.Volume.Should().Contain("evil.txt");
        File.Delete(Path.Combine(registry.Target, "../evil.txt"));
        await registry.FetchUnverifiedAsync("link", "model.tar");
        registry.Volume.Should().Contain("evil.txt");
    }

    [Test]
    public async Task A_revision_without_the_archive_is_refused()
    {
        await using var registry = await RunningRegistry.StartAsync();

        (await registry.FetchAsync(archive: "model.tar")).Should().Equal($"{registry.Address}/acme/llm: tar: the revision has no archive model.tar");
        (await registry.FetchAsync(archive: "config.json")).Should().Equal($"{registry.Address}/acme/llm: tar: config.json is no tar archive");
    }

    [Test]
    public async Task A_model_that_is_too_large_is_refused_before_its_files_are_fetched()
    {
        await using var registry = await RunningRegistry.StartAsync();
        registry.Write("acme/llm/large/a.bin", new byte[1_000_001]);

        (await registry.FetchAsync(registry.DigestOf("acme/llm/large"))).Should().Equal($"{registry.Address}/acme/llm: listing: the model has 1000001 bytes; at most 1000000 are allowed");
    }

    [Test]
    public async Task What_a_killed_run_left_does_not_get_into_the_next_one()
    {
        await using var registry = await RunningRegistry.StartAsync();
        var left = Path.Combine(Path.GetDirectoryName(registry.Target)!, ".llm.incoming");
        Directory.CreateDirectory(left);
        File.WriteAllText(Path.Combine(left, "added.txt"), "x");

        (await registry.FetchAsync()).Should().BeEmpty();
        registry.Volume.Should().Equal("llm");
    }

    [Test]
    public async Task A_target_that_is_there_already_is_not_touched()
    {
        await using var registry = await RunningRegistry.StartAsync();
        Directory.CreateDirectory(registry.Target);

        await registry.Awaiting(r => r.FetchAsync()).Should().ThrowAsync<FleetException>().WithMessage("* is there already");
        registry.Volume.Should().Equal("llm");
    }

    [TestCase("""{"files":[{"path":"../a","size":1,"sha256":"x"}]}""", "member ../a has a path with empty parts, . or ..")]
    [TestCase("""{"files":[{"path":"a","size":1,"sha256":"x"},{"path":"A","size":1,"sha256":"x"}]}""", "member A is there twice")]
    [TestCase("""{"files":[{"path":"a","size":-1,"sha256":"x"}]}""", "size is no whole number from 0 on")]
    [TestCase("""{"files":[],"files":[]}""", "a name twice")]
    [TestCase("[]", "the listing has no files that is an array")]
    public void A_listing_that_makes_no_sense_is_refused(string listing, string expected) =>
        listing.Invoking(l => Listing.Read(Encoding.UTF8.GetBytes(l))).Should().Throw<Formats.RefusedException>().WithMessage($"*{expected}*");

    [TestCase("http://a/b")]
    [TestCase("https://a/b/c")]
    [TestCase("http://user@a/b/c")]
    [TestCase("http://a/../c")]
    [TestCase("http://a/b/c@../d")]
    [TestCase("http://a/b/c?d")]
    public void What_is_no_source_is_wrong_usage(string source) => source.Invoking(ModelSource.Parse).Should().Throw<UsageException>();
}
