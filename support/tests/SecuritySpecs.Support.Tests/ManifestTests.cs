namespace SecuritySpecs.Tests;

[TestFixture]
public sealed class ManifestTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("specs-manifest-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Every_object_of_a_file_is_read_with_its_placeholders_filled_in()
    {
        Write("two.yaml", """
            apiVersion: v1
            kind: Namespace
            metadata: {name: "${NAME}"}
            ---
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: q, namespace: "${NAME}"}
            spec: {hard: {requests.nvidia.com/gpu: "${GPUS}", pods: 3, soft: true, ratio: 0.5, none: null, text: "7"}}
            """);

        var manifest = Manifest.Load(_folder, "two.yaml", new Dictionary<string, string> { ["NAME"] = "blue", ["GPUS"] = "2" });

        manifest.Objects.Select(o => (string?)o["kind"]).Should().Equal("Namespace", "ResourceQuota");
        manifest.Objects[1]["spec"]!["hard"]!.ToJsonString().Should().Be(
            """{"requests.nvidia.com/gpu":"2","pods":3,"soft":true,"ratio":0.5,"none":null,"text":"7"}""", "quoted scalars stay texts, plain ones get YAML's types");
    }

    [TestCase("a: [", 1, "is no YAML: the [ of this line is not closed")]
    [TestCase("a: 1\nb: [1, 2\nc: 3\n", 2, "is no YAML: the [ of this line is not closed")]
    [TestCase("a:\n  b: {c: 1\nd: 3\n", 2, "is no YAML: the { of this line is not closed")]
    [TestCase("a:\n  b: 1\n\tc: 2\n", 3, "a tab is in the indentation")]
    [TestCase("a:\n\tb: 1\n", 2, "a tab is in the indentation")]
    [TestCase("a: 1\nb: \"c\nd: 2\n", 2, "is no YAML")]
    [TestCase("a: &a\n  b: *a\n", 2, "the alias *a is used inside its own anchor &a")]
    [TestCase("a: \0b", 1, "has a control character (U+0000)")]
    [TestCase("just words", 1, "is not a Kubernetes object")]
    [TestCase("- a\n- b", 1, "is not a Kubernetes object")]
    [TestCase("apiVersion: v1\nmetadata: {name: a}", 1, "it has no kind")]
    [TestCase("kind: Pod\nmetadata: {name: a}", 1, "it has no apiVersion")]
    [TestCase("apiVersion: v1\nkind: Pod", 1, "it has no metadata.name")]
    [TestCase("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\napiVersion: v1\nmetadata: {name: b}", 5, "it has no kind")]
    [TestCase("apiVersion: v1\nkind: Pod\nmetadata: {name: n}", 1, "its metadata.name is false, not a text")]
    [TestCase("apiVersion: 1\nkind: Pod\nmetadata: {name: a}", 1, "its apiVersion is 1, not a text")]
    [TestCase("apiVersion: v1\nmetadata: {name: a}\nkind: Pood", 3, "v1 has no kind \"Pood\"; there are ")]
    [TestCase("apiVersion: v1\nkind: Deployment\nmetadata: {name: a}", 2, "v1 has no kind \"Deployment\"; Deployment is in apps")]
    [TestCase("", 1, "holds no Kubernetes object")]
    [TestCase("apiVersion: v1\nkind: Pod\nmetadata: {name: \"${WHO}\"}", 3, "${WHO} has no value; known are NAME")]
    public void A_mistake_is_told_with_file_and_line(string text, int line, string problem)
    {
        Write("bad.yaml", text);

        var load = () => Manifest.Load(_folder, "bad.yaml", new Dictionary<string, string> { ["NAME"] = "x" });

        load.Should().Throw<BadInputException>().Which.Message.Should().StartWith($"bad.yaml:{line}: ").And.Contain(problem);
    }

    [Test]
    public void A_file_that_is_no_text_is_told_with_its_line()
    {
        File.WriteAllBytes(Path.Combine(_folder, "bad.yaml"), [.. "a: 1\nb: "u8, 0xFF, (byte)'\n']);

        var load = () => Manifest.Load(_folder, "bad.yaml", new Dictionary<string, string>());

        load.Should().Throw<BadInputException>().WithMessage("bad.yaml:2: is no UTF-8 text*");
    }

    [Test]
    public void Aliases_of_aliases_that_would_fill_the_memory_are_refused()
    {
        var levels = Enumerable.Range(1, 12).Select(n => $"l{n}: &l{n} [{string.Join(", ", Enumerable.Repeat($"*l{n - 1}", 10))}]");
        var parse = () => Manifest.Parse("bad.yaml", $"l0: &l0 x\n{string.Join('\n', levels)}\n");

        parse.Should().Throw<BadInputException>().WithMessage("bad.yaml:6: has more than 100000 nodes*");
    }

    [Test]
    public void A_kind_of_an_extension_is_for_the_cluster_to_know() =>
        Manifest.Parse("a.yaml", "apiVersion: kueue.x-k8s.io/v1beta1\nkind: ClusterQueue\nmetadata: {name: a}").Objects.Should().ContainSingle();

    [Test]
    public void A_missing_file_is_told()
    {
        var load = () => Manifest.Load(_folder, "none.yaml", new Dictionary<string, string>());

        load.Should().Throw<BadInputException>().WithMessage("none.yaml: there is no such file");
    }

    [Test]
    public void Every_manifest_of_the_project_is_one()
    {
        var fixtures = Path.Combine(RunOptions.FindRoot(), "fleet-fixtures");
        var files = ((string[])["controls", "drills", "workloads"]).SelectMany(f => Directory.GetFiles(Path.Combine(fixtures, f), "*.yaml"))
            .Where(f => Path.GetRelativePath(fixtures, f) != RightsOwners.FileName).ToList();

        files.Should().NotBeEmpty();
        foreach (var file in files)
            Manifest.Parse(Path.GetFileName(file), File.ReadAllText(file)).Objects.Should().NotBeEmpty();
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
