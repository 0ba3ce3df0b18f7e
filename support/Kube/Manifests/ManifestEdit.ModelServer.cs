namespace SecuritySpecs.Kube.Manifests;

/// <content>Mistakes in workloads/model-server.yaml and its limits.</content>
public sealed partial class ManifestEdit
{
    /// <summary>Stands in a pod for the key of the tenant's gateway, until the pod is sent.</summary>
    public const string KeyMark = "$(GATEWAY_KEY)";

    private const string KeyVariable = "MODEL_SERVER_KEY";

    private static IEnumerable<(string Form, Action<Manifest, IReadOnlyList<string>> Change)> OfModelServer =>
    [
        ("without the keys", (m, _) => ReplaceKeys(m)),
        ("with the key in its environment", (m, _) => KeyInEnvironment(m, new() { ["name"] = KeyVariable, ["valueFrom"] = new JsonObject { ["secretKeyRef"] = KeyRef() } })),
        ("with the key written into its pod", (m, _) => KeyInEnvironment(m, new() { ["name"] = KeyVariable, ["value"] = KeyMark })),
        ("with the key mounted by subPath", (m, _) => KeyBySubPath(m)),
        ("with the headers in its log", (m, _) => ServerArguments(m).Add("--log-headers")),
        ("with the limit {string} set to {string}", (m, a) => SetLimit(Data(m), a[0], a[1])),
        ("without the limit {string}", (m, a) => Data(m).Remove(a[0])),
    ];

    private static JsonObject KeyRef() => new() { ["name"] = "model-server-keys", ["key"] = "gateway" };

    // Where there is none, what stands for it belongs to nothing, so that the manifest stays as it is.
    private static JsonObject ServerContainer(Manifest manifest) => manifest.Objects[0]["spec"]?["containers"]?[0] as JsonObject ?? [];

    private static JsonArray ServerArguments(Manifest manifest) => ServerContainer(manifest)["args"] as JsonArray ?? [];

    private static JsonObject Data(Manifest manifest) => manifest.Objects[0]["data"] as JsonObject ?? [];

    private static void SetLimit(JsonObject limits, string name, string value)
    {
        if (limits.ContainsKey(name))
            limits[name] = value;
    }

    // The directory stays mounted: what it shows and the server does not see is the mistake.
    private static void ReplaceKeys(Manifest manifest, params string[] arguments)
    {
        Take(ServerArguments(manifest), "--keys=/keys");
        foreach (var argument in arguments)
            ServerArguments(manifest).Add(argument);
    }

    private static void KeyInEnvironment(Manifest manifest, JsonObject variable)
    {
        ReplaceKeys(manifest, $"--key-variable={KeyVariable}");
        // The first of them is the one that gets the key when the pod is sent.
        if (ServerContainer(manifest)["env"] is JsonArray variables)
            variables.Insert(0, variable);
        else
            ServerContainer(manifest)["env"] = new JsonArray(variable);
    }

    private static void KeyBySubPath(Manifest manifest)
    {
        ReplaceKeys(manifest, "--keys=/one-key");
        (ServerContainer(manifest)["volumeMounts"] as JsonArray)?.Add(
            (JsonNode)new JsonObject { ["name"] = "keys", ["mountPath"] = "/one-key/gateway", ["subPath"] = "gateway", ["readOnly"] = true });
    }
}
