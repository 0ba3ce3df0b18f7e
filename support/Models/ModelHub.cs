namespace SecuritySpecs.Models;

/// <summary>
/// The registry that tenants of a run fetch models from, as public hubs are: everybody may read it, and not all in it is in good faith.
/// It has a port for each thing that a registry itself, or somebody between it and its clients, may do. Deployed when a scenario first
/// asks for it, in a namespace of its own. Nothing in it changes, so scenarios share it.
/// </summary>
public sealed class ModelHub
{
    /// <summary>The file of its pods.</summary>
    public const string WorkloadFile = "workloads/model-registry.yaml";

    private const int FirstPort = 8080;
    private const string Content = "models";
    private const string FlippedByte = "flipped-byte";

    // What each port does that follows the honest one.
    private static (string Kind, string Value)[] Attacks(string redirect) =>
    [
        ("moved-tag", $"={ModelShelf.Main}={ModelShelf.Poisoned}"),
        ("name-taken-over", $"={ModelShelf.Owner}/llm={ModelShelf.Stranger}/llm"),
        (FlippedByte, $"={ModelShelf.Weights}"),
        ("truncated", $"={ModelShelf.Weights}"),
        ("redirect", $"={redirect}"),
        ("slow", $"={ModelShelf.Weights}"),
        ("silent", ""),
    ];

    private readonly string _host;

    private ModelHub(ModelShelf models, string host) => (Models, _host) = (models, host);

    /// <summary>The models that it has.</summary>
    public ModelShelf Models { get; }

    /// <summary>Where it answers.</summary>
    /// <param name="attack">What it does there that is not in good faith; empty for nothing.</param>
    public string Address(string attack = "") => Address(_host, attack);

    /// <summary>Deploys it, and waits until it answers.</summary>
    /// <exception cref="TimeoutException">It did not come up; the message says how far it got.</exception>
    public static async Task<ModelHub> DeployAsync(KubeApi admin, RunManifests run, Placement where)
    {
        var @namespace = (await ScratchNamespace.CreateAsync(admin, run.Id, "model-hub")).Name;
        var models = new ModelShelf();
        var files = models.All.SelectMany(m => m.Files
            .Select(f => (Path: $"{m.Repository}/{m.Tag}/{f.Key}", Content: Convert.ToBase64String(f.Value)))).ToList();
        (await admin.PostAsync($"/api/v1/namespaces/{@namespace}/configmaps", new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = new JsonObject { ["name"] = Content },
            ["binaryData"] = new JsonObject(files.Select((f, n) => new KeyValuePair<string, JsonNode?>($"{n}", f.Content))),
        })).OrThrow();
        var items = new JsonArray([.. files.Select((f, n) => new JsonObject { ["key"] = $"{n}", ["path"] = f.Path })]);
        var pods = new PodDriver(admin, run, @namespace, "default");
        // Another host, to which the registry sends its clients: there, too, a port flips a byte.
        var mirror = await RunAsync(pods, "model-mirror", where, items, "127.0.0.1");
        return new(models, await RunAsync(pods, "model-registry", where, items, mirror));
    }

    private static async Task<string> RunAsync(PodDriver pods, string name, Placement where, JsonArray items, string mirror)
    {
        var attacks = string.Join(',', Attacks(Address(mirror, FlippedByte)).Select((a, n) => $"{FirstPort + 1 + n}:{a.Kind}{a.Value}"));
        await pods.AddAsync(name, WorkloadFile, where, pod => pod["spec"]!["volumes"]![0]!["configMap"]!["items"] = items.DeepClone(),
            new Dictionary<string, string> { ["MODELS"] = Content, ["ATTACKS"] = attacks });
        return HostName.InUrl((string)(await pods.WaitReadyAsync(name))["status"]!["podIP"]!);
    }

    private static string Address(string host, string attack) =>
        $"http://{host}:{FirstPort + 1 + Array.FindIndex(Attacks(""), a => a.Kind == attack)}";
}
