using SecuritySpecs.PlatformAudit;

namespace SecuritySpecs.Tests;

/// <summary>What an audit reads from the names of images. It computes the verdicts of features/.../image-sources.feature without the policy.</summary>
[TestFixture]
public sealed class ImageAuditTests
{
    private const string Registry = "registry.example/platform";
    private const string Hex = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private const string Digest = "@sha256:" + Hex;

    [TestCase("registry.example/platform/vllm" + Digest)]
    [TestCase("registry.example/platform/vllm:0.11" + Digest)]
    [TestCase("registry.example/platform/team/vllm" + Digest)]
    [TestCase("fleet:dev", Description = "what the platform puts on its nodes, by its whole name")]
    [TestCase("busybox" + Digest, "is from elsewhere")]
    [TestCase("library/busybox" + Digest, "is from elsewhere")]
    [TestCase("platform/vllm" + Digest, "is from elsewhere")]
    [TestCase("registry.example/platform-evil/vllm" + Digest, "is from elsewhere")]
    [TestCase("registry.example/platform" + Digest, "is from elsewhere", Description = "a repository, not the folder")]
    [TestCase("registry.example.evil/platform/vllm" + Digest, "is from elsewhere")]
    [TestCase("registry.example:5000/platform/vllm" + Digest, "is from elsewhere")]
    [TestCase("evil.example/registry.example/platform/vllm" + Digest, "is from elsewhere")]
    [TestCase("REGISTRY.EXAMPLE/platform/vllm" + Digest, "is from elsewhere")]
    [TestCase("registry.example:5000@evil.example/platform/vllm" + Digest, "is from elsewhere", "has no digest")]
    [TestCase("registry.example@evil.example/platform/vllm" + Digest, "is from elsewhere", "has no digest")]
    [TestCase("localhost/platform/vllm" + Digest, "is from elsewhere")]
    [TestCase("REGISTRY/platform/vllm" + Digest, "is from elsewhere")]
    [TestCase("busybox", "is from elsewhere", "has no digest")]
    [TestCase("fleet:dev2", "is from elsewhere", "has no digest")]
    [TestCase("registry.example/platform/vllm", "has no digest")]
    [TestCase("registry.example/platform/vllm:0.11", "has no digest")]
    [TestCase("registry.example/platform/vllm" + Digest + "0", "has no digest")]
    [TestCase("registry.example/platform/vllm" + Digest + "\n", "has no digest")]
    [TestCase("registry.example/platform/vllm@SHA256:" + Hex, "has no digest")]
    [TestCase("registry.example/platform/vllm@sha512:" + Hex, "has no digest")]
    [TestCase("registry.example/platform/vllm@sha256:9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08", "has no digest")]
    public void A_name_tells_where_an_image_is_from_and_whether_it_can_be_another_tomorrow(string image, params string[] findings) =>
        Of($$"""{"containers": [{{Container("main", image)}}]}""").Should().Equal(findings.Select(f => new ImageFinding("container main", image, f)));

    [TestCase("IfNotPresent")]
    [TestCase("Never")]
    public void An_image_that_is_not_pulled_each_time_may_be_a_neighbours(string pull) =>
        Of($$"""{"containers": [{{Container("main", Registry + "/vllm" + Digest, pull)}}]}""").Select(f => f.Finding).Should().Equal("may be taken from the node");

    [Test]
    public void Every_place_that_names_an_image_is_looked_into() => Of($$"""
        {
          "containers": [{{Container("main", "a")}}, {{Container("side", Registry + "/b" + Digest)}}],
          "initContainers": [{{Container("init", "c")}}],
          "ephemeralContainers": [{{Container("debug", "d")}}],
          "volumes": [{"name": "empty", "emptyDir": {} }, {"name": "weights", "image": {"reference": "e", "pullPolicy": "Always"} }]
        }
        """).Where(f => f.Finding == "has no digest").Select(f => f.Place)
        .Should().Equal("container main", "init container init", "debug container debug", "volume weights");

    private static IReadOnlyList<ImageFinding> Of(string spec) => ImageAudit.Findings(JsonNode.Parse($$"""{"spec": {{spec}} }""")!, Registry, "fleet:dev");

    private static string Container(string name, string image, string pull = "Always") =>
        new JsonObject { ["name"] = name, ["image"] = image, ["imagePullPolicy"] = pull }.ToJsonString();
}
