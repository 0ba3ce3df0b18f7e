using SecuritySpecs.Secrets;

namespace SecuritySpecs.Tests;

/// <summary>Wherever an object of a cluster can hide a credential it is found, by object and field, and never told.</summary>
[TestFixture]
public sealed class SecretScannerTests
{
    private static readonly SecretScanner Scanner = new(SecretRules.Read(Path.Combine(RunOptions.FindRoot(), "fleet-fixtures")));
    private static readonly string Token = SecretSample.Draw("hf_<A-Za-z:34>", new Random(1));
    private static readonly string Hex = SecretSample.Draw("<a-f0-9:40>", new Random(2));
    private static readonly string Key = SecretSample.Draw("-----BEGIN PRIVATE KEY-----\n<A-Za-z0-9+/:64>\n<A-Za-z0-9+/:20>\n-----END PRIVATE KEY-----\n", new Random(3));

    private static IEnumerable<TestCaseData> Places =>
    [
        Place(Pod(new JsonObject { ["name"] = "HF_TOKEN", ["value"] = Token }), "spec.containers[0].env[0].value", "huggingface-token"),
        Place(Pod(new JsonObject { ["name"] = "WANDB_API_KEY", ["value"] = Hex }), "spec.containers[0].env[0].value", "wandb-api-key"),
        Place(Config(new() { ["WANDB_API_KEY"] = Hex }), "data.WANDB_API_KEY", "wandb-api-key"),
        Place(Args("--hub-token", Token), "spec.containers[0].args[1]", "huggingface-token"),
        Place(Args("--wandb-key", Hex), "spec.containers[0].args", "wandb-api-key"),
        Place(Config(new() { ["train.ipynb"] = Notebook($"login(\"{Token}\")\n") }), "data['train.ipynb'].cells[0].source[1]", "huggingface-token"),
        Place(Config(new() { ["train.ipynb"] = Notebook([.. Key.Split('\n').Select(l => l + "\n")]) }), "data['train.ipynb'].cells[0].source", "private-key"),
        Place(Config(new() { ["key.pem"] = Key }), "data['key.pem']", "private-key"),
        Place(Config(new() { ["token"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"token: {Token}\n")) }), "data.token", "huggingface-token"),
        Place(Annotated(Config(new() { ["train.ipynb"] = Notebook(Token) }).ToJsonString()),
            "metadata.annotations['kubectl.kubernetes.io/last-applied-configuration'].data['train.ipynb'].cells[0].source[1]", "huggingface-token"),
        Place(Annotated(Secret().ToJsonString()), "metadata.annotations['kubectl.kubernetes.io/last-applied-configuration'].data.token", "huggingface-token"),
    ];

    [TestCaseSource(nameof(Places))]
    public void A_credential_is_found_by_object_and_field_and_never_told(JsonNode item, string field, string rule)
    {
        var found = Scanner.Scan(item).Should().ContainSingle().Which;

        (found.Field, found.Rule).Should().Be((field, rule));
        found.Where.Should().Be($"{(string?)item["kind"]} blue/thing");
        found.ToString().Should().NotContainAny(Token, Hex, Key.Split('\n')[1]);
    }

    [Test]
    public void The_data_of_a_Secret_is_where_credentials_belong() => Scanner.Scan(Secret()).Should().BeEmpty();

    [Test]
    public void What_only_looks_like_JSON_or_base64_is_judged_as_a_text()
    {
        Scanner.Scan(Config(new() { ["a"] = $"{{ {Token}" })).Should().ContainSingle().Which.Field.Should().Be("data.a");
        Scanner.Scan(Config(new() { ["a"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAA" })).Should().BeEmpty();
        Scanner.Scan(Config(new() { ["a"] = string.Concat(Enumerable.Repeat("[", 100_000)) })).Should().BeEmpty();
    }

    [Test]
    public void An_ordinary_pod_is_clean() => Scanner.Scan(Pod(new JsonObject
    {
        ["name"] = "HF_TOKEN", ["valueFrom"] = new JsonObject { ["secretKeyRef"] = new JsonObject { ["name"] = "hub", ["key"] = "token" } },
    })).Should().BeEmpty();

    private static TestCaseData Place(JsonNode item, string field, string rule) => new(item, field, rule) { TestName = $"A_credential_is_found({field}, {rule})" };

    private static JsonObject Object(string kind) => new()
    {
        ["apiVersion"] = "v1", ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = "thing", ["namespace"] = "blue", ["uid"] = "0f8fad5b-d9cb-469f-a165-70867728950e" },
    };

    private static JsonObject Pod(JsonObject variable)
    {
        var pod = Object("Pod");
        pod["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["env"] = new JsonArray(variable) }) };
        return pod;
    }

    private static JsonObject Args(params string[] args)
    {
        var pod = Object("Pod");
        pod["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["args"] = new JsonArray([.. args.Select(a => (JsonNode)a)]) }) };
        return pod;
    }

    private static JsonObject Config(Dictionary<string, string> data)
    {
        var config = Object("ConfigMap");
        config["data"] = new JsonObject(data.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value)));
        return config;
    }

    private static JsonObject Secret()
    {
        var secret = Object("Secret");
        secret["data"] = new JsonObject { ["token"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"token: {Token}")) };
        return secret;
    }

    private static JsonObject Annotated(string lastApplied)
    {
        var item = Object("Secret");
        item["metadata"]!["annotations"] = new JsonObject { ["kubectl.kubernetes.io/last-applied-configuration"] = lastApplied };
        return item;
    }

    private static string Notebook(params string[] lines) => new JsonObject
    {
        ["cells"] = new JsonArray(new JsonObject { ["cell_type"] = "code", ["source"] = new JsonArray(["import os\n", .. lines.Select(l => (JsonNode)l)]) }), ["nbformat"] = 4,
    }.ToJsonString();
}
