using SecuritySpecs.Audit;
using SecuritySpecs.Cluster.ControlPlane;

namespace SecuritySpecs.Tests;

/// <summary>What audit policies log, by the rules of the API server's own checker.</summary>
[TestFixture]
public sealed class AuditPolicyTests
{
    private const string Blue = "system:serviceaccount:blue:developer";

    [TestCase("pods", "pods/exec", false)]
    [TestCase("pods/exec", "pods/exec", true)]
    [TestCase("pods/exec", "pods", false)]
    [TestCase("pods/*", "pods/exec", true)]
    [TestCase("pods/*", "pods", true, Description = "the API server compares the part before the slash only")]
    [TestCase("*/exec", "pods/exec", true)]
    [TestCase("*/exec", "pods", false)]
    [TestCase("*", "pods/exec", true)]
    [TestCase("*", "roles.rbac.authorization.k8s.io", false)]
    public void A_resource_is_meant_with_its_subresource(string pattern, string asked, bool logged) =>
        Level($$"""[{"level": "Metadata", "resources": [{"group": "", "resources": ["{{pattern}}"]}]}]""", resource: asked)
            .Should().Be(logged ? "Metadata" : "None");

    [Test]
    public void The_first_rule_that_fits_decides()
    {
        const string All = """{"level": "Request"}""";
        const string Secrets = """{"level": "Metadata", "resources": [{"group": "", "resources": ["secrets"]}]}""";

        Level($"[{Secrets}, {All}]").Should().Be("Metadata");
        Level($"[{All}, {Secrets}]").Should().Be("Request");
        Level($"[{Secrets}, {All}]", resource: "pods").Should().Be("Request");
        Level($"[{Secrets}]", resource: "pods").Should().Be(AuditPolicy.None);
    }

    [TestCase("""{"level": "Metadata", "verbs": ["get"]}""", true)]
    [TestCase("""{"level": "Metadata", "verbs": ["list"]}""", false)]
    [TestCase("""{"level": "Metadata", "verbs": ["*"]}""", false, Description = "no verb is called so")]
    [TestCase("""{"level": "Metadata", "users": ["system:serviceaccount:blue:developer"]}""", true)]
    [TestCase("""{"level": "Metadata", "users": ["somebody"]}""", false)]
    [TestCase("""{"level": "Metadata", "userGroups": ["system:serviceaccounts"]}""", true)]
    [TestCase("""{"level": "Metadata", "userGroups": ["system:masters"]}""", false)]
    [TestCase("""{"level": "Metadata", "namespaces": ["blue"]}""", true)]
    [TestCase("""{"level": "Metadata", "namespaces": [""]}""", false)]
    [TestCase("""{"level": "Metadata", "nonResourceURLs": ["*"]}""", false)]
    [TestCase("""{"level": "Metadata", "resources": [{"group": ""}]}""", true)]
    [TestCase("""{"level": "Metadata", "resources": [{"group": "apps"}]}""", false)]
    [TestCase("""{"level": "Metadata", "resources": [{"resources": ["secrets"], "resourceNames": ["token"]}]}""", true)]
    [TestCase("""{"level": "Metadata", "resources": [{"resources": ["secrets"], "resourceNames": ["other"]}]}""", false)]
    public void A_rule_fits_if_all_that_it_names_fits(string rule, bool logged) => Level($"[{rule}]").Should().Be(logged ? "Metadata" : "None");

    [TestCase("""{"kind": "Policy"}""", "*has rules*")]
    [TestCase("""{"kind": "Role", "rules": [{"level": "None"}]}""", "*of kind Policy*")]
    [TestCase("""{"kind": "Policy", "rules": [{"level": "Everything"}]}""", "*level \"Everything\"*")]
    [TestCase("""{"kind": "Policy", "rules": [{}]}""", "*level \"\"*")]
    [TestCase("""{"kind": "Policy", "rules": [{"level": "None", "resource": []}]}""", "*field \"resource\"*")]
    public void What_is_not_known_here_is_an_error(string policy, string message)
    {
        var read = () => AuditPolicy.Of(JsonNode.Parse(policy)!.AsObject());

        read.Should().Throw<ArgumentException>().WithMessage(message);
    }

    [Test]
    public void An_event_is_read_and_one_about_no_resource_is_left_out()
    {
        const string Exec = """
            {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","stage":"ResponseStarted","verb":"get","user":{"username":"u","groups":["g"]},
            "objectRef":{"resource":"pods","namespace":"blue","name":"server","apiVersion":"v1","subresource":"exec"},"responseStatus":{"code":101}}
            """;

        AuditEvent.Read(Exec).Should().BeEquivalentTo(
            new AuditEvent(new("u", ["g"], "get", new("", "pods", "exec"), "blue", "server"), "Metadata", "ResponseStarted", 101));
        AuditEvent.Read("""{"level":"Metadata","stage":"ResponseComplete","verb":"get","requestURI":"/metrics","user":{"username":"u"}}""").Should().BeNull();
    }

    [Test]
    public void A_log_is_searched_in_all_its_bytes_and_told_by_namespace()
    {
        static string Event(string @namespace) =>
            $$$"""{"level":"Metadata","stage":"ResponseComplete","verb":"get","user":{"username":"u"},"objectRef":{"resource":"secrets","namespace":"{{{@namespace}}}","name":"s"}}""";
        var log = new AuditText(Encoding.UTF8.GetBytes($"{Event("blue")}\n{Event("blue-two")}\n{Event("green")}\n"));

        log.EventsIn("blue").Should().ContainSingle().Which.Request.Namespace.Should().Be("blue");
        log.EventsIn("red").Should().BeEmpty();
        log.Holds("green").Should().BeTrue();
        log.Holds("red").Should().BeFalse();
    }

    private static string Level(string rules, string resource = "secrets") =>
        AuditPolicy.Of(JsonNode.Parse($$"""{"kind": "Policy", "rules": {{rules}}}""")!.AsObject())
            .LevelOf(new(Blue, ["system:serviceaccounts", "system:authenticated"], "get", AuditedResource.Of(resource), "blue", "token"));
}
