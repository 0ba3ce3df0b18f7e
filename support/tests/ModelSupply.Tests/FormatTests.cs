using SecuritySpecs.FleetProgram.ModelSupply.Formats;

namespace SecuritySpecs.FleetProgram.ModelSupply.Tests;

/// <summary>Each hostile file is refused for its own reason, and what only looks like one is not.</summary>
[TestFixture]
public sealed class FormatTests
{
    private static readonly string[] s_allowedCode = ["listed.py"];

    // The classes by which scanners of public hubs were bypassed.
    private static readonly string[] s_classes =
    [
        "every opcode that imports", "direct import", "indirect import", "submodule and subclass names", "another loader", "CRC and flag bits of the zip", "a local header unlike the directory",
        "wrong extension", "memo confusion and names that cannot be resolved", "nested pickles", "a parse error that ends the scan early", "abuse of what is allowed", "names and links in archives",
        "bombs", "a payload in an archive", "headers of safetensors files that lie", "headers of arrays that lie", "headers of GGUF files that lie", "remote code", "chat templates",
        "documents that parsers read differently", "truncated or malformed", "checkpoints of old PyTorch", "formats that nothing here can look into",
    ];

    private static IEnumerable<TestCaseData> Hostile => HostileInput.All.Select((h, i) => new TestCaseData(h).SetArgDisplayNames($"{i} {Printable.Line(h.ToString(), 120)}"));

    private static IEnumerable<TestCaseData> Plain => PlainInputs.All.Select(p => new TestCaseData(p).SetArgDisplayNames(p.Name));

    [TestCaseSource(nameof(Hostile))]
    public void A_hostile_file_is_refused_for_its_reason(object input)
    {
        var hostile = (HostileInput)input;

        var findings = Check(hostile.File, hostile.Bytes);

        var finding = findings.Should().ContainSingle($"{hostile} has to be refused, with one reason").Subject;
        finding.What.Should().Be(hostile.What, finding.Why);
        finding.Why.Should().Contain(hostile.Why);
        finding.File.Should().Be(hostile.Where ?? hostile.File);
        finding.ToString().Should().NotContain("\n");
    }

    [TestCaseSource(nameof(Plain))]
    public void A_plain_file_is_not_refused(object input)
    {
        var plain = (PlainInput)input;

        Check(plain.File, plain.Bytes).Select(f => f.ToString()).Should().BeEmpty();
    }

    [Test]
    public void The_corpus_has_every_class_of_bypass_and_at_least_150_files()
    {
        HostileInput.All.Select(h => h.Class).Distinct().Should().BeEquivalentTo(s_classes);
        HostileInput.All.Should().HaveCountGreaterThan(150);
        HostileInput.All.Select(h => h.ToString()).Should().OnlyHaveUniqueItems();
    }

    // A file that no loader would look at is no attack, so each hostile pickle is shown to a real Python, by hand.
    [Test, Explicit("writes the corpus to the folder in the variable CORPUS, for a look with other tools")]
    public void Writes_the_corpus()
    {
        var folder = Environment.GetEnvironmentVariable("CORPUS") ?? throw new IgnoreException("CORPUS is not set");
        foreach (var (hostile, i) in HostileInput.All.Select((h, i) => (h, i)))
            Write(Path.Combine(folder, "hostile", $"{i:000}"), hostile.File, hostile.Bytes, $"{hostile}\n{hostile.What}: {hostile.Why}");
        foreach (var (plain, i) in PlainInputs.All.Select((p, i) => (p, i)))
            Write(Path.Combine(folder, "plain", $"{i:000}"), plain.File, plain.Bytes, plain.Name);
    }

    [Test]
    public void Chat_templates_and_allowed_code_are_listed()
    {
        var checker = new FormatChecker(s_allowedCode);

        checker.Check("model.gguf", new MemoryBytes(Gguf.Plain()));
        checker.Check("tokenizer_config.json", new MemoryBytes("""{"chat_template":[{"name":"a","template":"{{ x }}"}]}"""u8.ToArray()));
        checker.Check("listed.py", new MemoryBytes("x"u8.ToArray()));

        checker.Notes.Should().SatisfyRespectively(
            n => n.Should().MatchRegex("^model.gguf: chat template tokenizer.chat_template: 70 characters, sha256:[0-9a-f]{64}$"),
            n => n.Should().Contain("tokenizer_config.json: chat template chat_template: 1 characters"),
            n => n.Should().Contain("tokenizer_config.json: chat template chat_template: 7 characters, sha256:"),
            n => n.Should().Be("listed.py: Python code, allowed by the list"));
    }

    [Test]
    public void Every_finding_of_an_archive_is_told_up_to_a_bound()
    {
        var members = Enumerable.Range(0, 100).Select(i => new ZipItem($"{i}.pkl", HostilePickles.Payload)).ToArray();

        Check("a.zip", Zip.Of(members[..3])).Select(f => f.File).Should().Equal("a.zip!0.pkl", "a.zip!1.pkl", "a.zip!2.pkl");
        Check("a.zip", Zip.Of(members)).Should().HaveCount(20);
    }

    internal static IReadOnlyList<Finding> Check(string name, byte[] bytes) => new FormatChecker(s_allowedCode).Check(name, new MemoryBytes(bytes));

    private static void Write(string folder, string file, byte[] bytes, string about)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(file)), bytes);
        File.WriteAllText(Path.Combine(folder, "ABOUT"), about);
    }
}
