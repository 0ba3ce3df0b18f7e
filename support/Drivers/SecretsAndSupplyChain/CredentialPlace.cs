using SecuritySpecs.Drivers.Shared.Requests;
using SecuritySpecs.Secrets;

namespace SecuritySpecs.Drivers.SecretsAndSupplyChain;

/// <summary>Somewhere in an object where people leave a credential.</summary>
/// <param name="Phrase">As features say it, after "keeps a credential in".</param>
/// <param name="IsAPod">Whether the object is a pod; else it is a ConfigMap.</param>
/// <param name="Leave">Writes the credential into the object.</param>
public sealed record CredentialPlace(string Phrase, bool IsAPod, Action<JsonObject, SecretSample> Leave)
{
    /// <summary>Every phrase, as a regular expression.</summary>
    public const string Phrases = "a variable of its server|the arguments of its server|the last applied configuration of its server|its config map|a notebook in its config map|its config map, in base64";

    /// <summary>The annotation in which <c>kubectl apply</c> keeps what it was given, also after the object itself was changed.</summary>
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    private static readonly IReadOnlyList<CredentialPlace> All =
    [
        new("a variable of its server", IsAPod: true, (pod, s) => Main(pod)["env"] = Variables(s)),
        new("the arguments of its server", IsAPod: true, (pod, s) => Main(pod)["args"] = new JsonArray("--hub-token", s.Value)),
        new("the last applied configuration of its server", IsAPod: true, (pod, s) => pod["metadata"]!["annotations"] = new JsonObject
        {
            [LastApplied] = new JsonObject { ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["env"] = Variables(s) }) } }.ToJsonString(),
        }),
        new("its config map", IsAPod: false, (map, s) => Data(map)[s.Variable] = s.Value),
        new("a notebook in its config map", IsAPod: false, (map, s) => Data(map)["train.ipynb"] = Notebook(s)),
        new("its config map, in base64", IsAPod: false, (map, s) => Data(map)["settings"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(s.Value))),
    ];

    /// <summary>The place of a phrase.</summary>
    public static CredentialPlace Of(string phrase) => All.Single(p => p.Phrase == phrase);

    /// <summary>The name that such an object has.</summary>
    public string Name => IsAPod ? TenantRequest.Server : TenantRequest.ConfigMap;

    private static JsonNode Data(JsonObject map) => map["data"] = new JsonObject();

    private static JsonNode Main(JsonObject pod) => pod["spec"]!["containers"]![0]!;

    private static JsonArray Variables(SecretSample sample) => [new JsonObject { ["name"] = sample.Variable, ["value"] = sample.Value }];

    private static string Notebook(SecretSample sample) => new JsonObject
    {
        ["cells"] = new JsonArray(new JsonObject { ["cell_type"] = "code", ["source"] = new JsonArray("import os\n", $"os.environ['{sample.Variable}'] = '{sample.Value}'\n") }),
        ["nbformat"] = 4,
    }.ToJsonString();
}
