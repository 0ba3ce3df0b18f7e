using SecuritySpecs.PlatformAudit;

namespace SecuritySpecs.Tests;

/// <summary>Which images an audit takes for the platform's own: by an option, or by a policy of the cluster.</summary>
[TestFixture]
public sealed class OwnRegistriesTests
{
    private const string Digest = "@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    [TestCase("registry.example", "registry.example/vllm:1")]
    [TestCase("registry.example/platform/", "registry.example/platform/team/vllm" + Digest)]
    [TestCase("a.example, registry.example:5000/platform", "registry.example:5000/platform/vllm:1" + Digest)]
    [TestCase("registry:5000", "registry:5000/vllm")]
    [TestCase("localhost", "localhost/vllm")]
    [TestCase("localhost:5000", "localhost:5000/vllm")]
    [TestCase("docker.io", "busybox")]
    [TestCase("docker.io", "busybox:1.36" + Digest)]
    [TestCase("docker.io", "user/vllm")]
    [TestCase("docker.io/library", "busybox")]
    [TestCase("docker.io/library", "library/busybox")]
    [TestCase("docker.io/library", "docker.io/busybox")]
    [TestCase("docker.io/library", "index.docker.io/library/busybox")]
    [TestCase("docker.io", "registry:5000", Description = "a tag: there is no slash")]
    public void An_image_is_from_a_registry(string registries, string image) => OwnRegistries.Parse(registries).Have(image).Should().BeTrue();

    [TestCase("registry.example", "registry.example.evil/vllm")]
    [TestCase("registry.example", "registry.example:5000/vllm")]
    [TestCase("registry.example", "REGISTRY.EXAMPLE/vllm", Description = "the policy refuses it, too")]
    [TestCase("registry.example/platform", "registry.example/vllm")]
    [TestCase("registry.example/platform", "registry.example/platform-evil/vllm")]
    [TestCase("registry:5000", "registry/vllm:5000", Description = "a folder of Docker Hub")]
    [TestCase("localhost", "localhost:5000/vllm")]
    [TestCase("localhost", "localhost", Description = "an image of Docker Hub of that name")]
    [TestCase("docker.io/library", "user/vllm")]
    [TestCase("docker.io", "localhost/vllm")]
    [TestCase("docker.io", "quay.example/vllm")]
    [TestCase("docker.io", "EVIL/vllm", Description = "a first part with capitals is a host")]
    [TestCase("docker.io", "busybox@evil.example/busybox" + Digest)]
    public void An_image_is_from_elsewhere(string registries, string image) => OwnRegistries.Parse(registries).Have(image).Should().BeFalse();

    [TestCase("")]
    [TestCase("a.example,,b.example")]
    [TestCase("platform")]
    [TestCase("library/busybox")]
    [TestCase("https://registry.example")]
    [TestCase("Registry.example")]
    [TestCase("registry.example/vllm:1")]
    [TestCase("registry.example/*")]
    [TestCase("registry.example:")]
    public void What_is_no_registry_is_told(string registries) =>
        FluentActions.Invoking(() => OwnRegistries.Parse(registries)).Should().Throw<EnvironmentException>().WithMessage("--registries: '*' is no registry: expected HOST*");

    [Test]
    public void The_reference_control_names_them()
    {
        var file = File.ReadAllText(Path.Combine(RunOptions.FindRoot(), "fleet-fixtures", "controls", "image-sources.yaml"));
        var values = new Dictionary<string, string> { ["NAME"] = "image-sources", ["SCENARIO"] = "s", ["REGISTRY"] = "registry.example/platform", ["PRELOADED"] = "fleet:dev" };

        var own = Of([.. Manifest.Fill("image-sources.yaml", file, values).Objects.Where(o => (string)o["kind"]! == "ValidatingAdmissionPolicy")])!;

        own.Should().BeEquivalentTo(new OwnRegistries(["registry.example/platform"], ["fleet:dev"], "ValidatingAdmissionPolicy image-sources"));
        own.Have("fleet:dev").Should().BeTrue();
        own.Have("fleet:dev2").Should().BeFalse();
    }

    [TestCase("['a.example/', \"b.example/x/\"]", "a.example", "b.example/x")]
    [TestCase(" [ 'a.example/' , ] ", Description = "no list of CEL")]
    [TestCase("[]")]
    [TestCase("params.data.registries.split(',')", Description = "computed: nobody can tell from here")]
    [TestCase("['a.example/'] + params.more", Description = "more than is written there")]
    [TestCase("['a.example/', '']", Description = "the empty text begins every name")]
    public void A_policy_names_them_by_a_list_of_texts(string expression, params string[] folders)
    {
        var policy = new JsonObject
        {
            ["kind"] = "ValidatingAdmissionPolicy", ["metadata"] = new JsonObject { ["name"] = "p" },
            ["spec"] = new JsonObject { ["variables"] = new JsonArray(new JsonObject { ["name"] = "registries", ["expression"] = expression }) },
        };

        (Of([policy])?.Folders ?? []).Should().Equal(folders);
    }

    private static OwnRegistries? Of(IReadOnlyList<JsonNode> policies) => OwnRegistries.Of(new("v1.36.2", [], new([], [], new Dictionary<string, IReadOnlyDictionary<string, string>>()),
        new Dictionary<string, IReadOnlyList<JsonNode>> { ["/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies"] = policies }));
}
