using SecuritySpecs.OfflineCluster.Tests;

namespace SecuritySpecs.NetworkAgent.Tests.Cluster;

/// <summary>
/// A server and one more node of the offline image, and eight pods in three namespaces on both, once for all
/// tests of this namespace. Each pod listens on TCP and UDP 80 and 81 (talker.pl).
/// </summary>
[SetUpFixture]
internal sealed class Playground
{
    public static readonly string[] Pods = ["x/a", "x/b", "x/c", "y/a", "y/b", "y/c", "z/a", "z/b"];

    // A pod that is reached answers in a millisecond; on a busy machine a late answer is taken for silence, and the round is repeated.
    private const int ProbeMs = 150;
    private const int InARow = 2;
    private const int DeadlineSeconds = 15;

    private readonly string id = $"na-{Guid.NewGuid().ToString()[..8]}";
    /// <summary>Bound into both nodes, where images lie.</summary>
    public static string Folder { get; private set; } = "";

    public static Node Server { get; private set; } = null!;

    public static Node Agent { get; private set; } = null!;

    public static Api Api { get; private set; } = null!;

    /// <summary>The image of the pods: Debian's base.</summary>
    public static string PodImage { get; private set; } = "";

    /// <summary>Kubernetes' minor release.</summary>
    public static int Minor { get; private set; }

    /// <summary>Pod (NAMESPACE/NAME) to address.</summary>
    public static Dictionary<string, string> Addresses { get; } = [];

    [OneTimeSetUp]
    public async Task Start()
    {
        (var image, PodImage) = await OfflineImage.RequireAsync();
        Folder = Directory.CreateTempSubdirectory().FullName;
        await Node.Engine(["network", "create", "--label", $"security.specs/run={id}", id]);
        await Node.Engine(["save", "--output", Folder + "/base.tar", PodImage]);

        Server = new Node($"{id}-server");
        await Boot(Server, image, "--network-alias=control-plane", "server");
        Api = await Server.Api();
        Minor = int.Parse((string)(await Api.Get("version"))["minor"]!, System.Globalization.CultureInfo.InvariantCulture);
        Agent = new Node($"{id}-agent");
        var token = await Server.Exec("cat", "/var/lib/rancher/k3s/server/node-token");
        await Boot(Agent, image, "--env=K3S_URL=https://control-plane:6443", "agent", "--token", token);
        await RunPods();
        TestContext.Progress.WriteLine($"network agent: Kubernetes 1.{Minor}, two nodes, {Pods.Length} pods");
    }

    [OneTimeTearDown]
    public async Task End()
    {
        if (Folder is "") return;
        Api?.Dispose();
        foreach (var node in new[] { Server, Agent }.OfType<Node>()) await node.DisposeAsync();
        await Node.Engine(["network", "rm", id]);
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>The node of a pod: every second one is on the other node, in each namespace.</summary>
    public static Node NodeOf(string pod) => pod.EndsWith('b') ? Agent : Server;

    /// <summary>A node's own address.</summary>
    public static async Task<string> AddressOf(Node node) =>
        (await Api.Get($"api/v1/nodes/{node.Name}"))["status"]!["addresses"]!.AsArray().Single(a => (string?)a!["type"] == "InternalIP")!["address"]!.GetValue<string>();

    public static TruthTable Table(int port = 80, string protocol = "tcp") => new(Pods, port, protocol);

    /// <summary>Creates or replaces a policy.</summary>
    public static async Task Apply(string space, string name, JsonObject spec)
    {
        await Api.TryDelete($"apis/networking.k8s.io/v1/namespaces/{space}/networkpolicies/{name}");
        await Create(space, name, spec);
    }

    /// <summary>Creates a policy.</summary>
    public static Task Create(string space, string name, JsonObject spec) => Api.Create(
        $"apis/networking.k8s.io/v1/namespaces/{space}/networkpolicies",
        new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec }.ToJsonString());

    /// <summary>Takes all policies away.</summary>
    public static async Task Clear()
    {
        foreach (var space in new[] { "x", "y", "z" }) await Api.Delete($"apis/networking.k8s.io/v1/namespaces/{space}/networkpolicies");
    }

    /// <summary>Waits until who reaches whom is as expected, several times in a row.</summary>
    public static async Task Expect(params TruthTable[] tables)
    {
        var (streak, last) = (0, "");
        for (var clock = Stopwatch.StartNew(); streak < InARow; )
        {
            var seen = await Round(tables);
            last = string.Concat(tables.Select(table => table.Difference(seen[table.Target])));
            streak = last.Length == 0 ? streak + 1 : 0;
            if (clock.Elapsed.TotalSeconds > DeadlineSeconds && streak == 0)
                throw new AssertionException($"not as expected after {DeadlineSeconds} s: {last}{await Rules()}");
        }
    }

    /// <summary>Who reaches whom now: target (tcp:80) to pods to result.</summary>
    public static async Task<Dictionary<string, Dictionary<(string From, string To), string>>> Round(params TruthTable[] tables)
    {
        var names = Addresses.ToDictionary(a => a.Value, a => a.Key);
        var line = $"{ProbeMs} " + string.Join(' ', from table in tables from address in names.Keys select $"{table.Protocol}:{address}:{table.Port}");
        var said = await Task.WhenAll(new[] { Server, Agent }.Select(node =>
            node.Exec(["perl", "-e", Script("relay.pl"), line, .. Pods.Where(pod => NodeOf(pod) == node).Select(pod => Addresses[pod])])));

        var seen = tables.ToDictionary(t => t.Target, _ => new Dictionary<(string, string), string>());
        foreach (var words in said.SelectMany(s => s.Split('\n')).Select(l => l.Split(' ', 3)))
        {
            var target = words[1].Split(':');
            seen[$"{target[0]}:{target[2]}"][(names[words[0]], names[target[1]])] = words[2];
        }
        return seen;
    }

    /// <summary>What one pod finds at an address; <c>open</c>, <c>refused</c> or <c>timeout</c>.</summary>
    public static async Task<string> Probe(string pod, string target) =>
        (await NodeOf(pod).Exec("perl", "-e", Script("relay.pl"), $"{ProbeMs} {target}", Addresses[pod])).Split(' ', 3)[2];

    /// <summary>Waits until a pod finds something at an address.</summary>
    public static Task Find(string pod, string target, string result) => Shell.Await(
        $"{pod} to find {target} {result}",
        async () => await Probe(pod, target) == result ? result : null,
        () => Probe(pod, target),
        DeadlineSeconds);

    /// <summary>A pod that runs the tests' listener.</summary>
    public static string Manifest(string name, Node node, string labels = "", string more = "") => $$"""
        {"metadata": {"name": "{{name}}", "labels": {"pod": "{{name}}"{{labels}}} },
         "spec": {"nodeName": "{{node.Name}}", "terminationGracePeriodSeconds": 0{{more}},
                  "containers": [{"name": "main", "image": "{{PodImage}}", "imagePullPolicy": "Never", "command": ["perl", "-e", {{JsonValue.Create(Script("talker.pl"))!.ToJsonString()}}],
                                  "ports": [{"name": "serve-80-tcp", "containerPort": 80}, {"name": "serve-81-tcp", "containerPort": 81},
                                            {"name": "serve-80-udp", "containerPort": 80, "protocol": "UDP"}, {"name": "serve-81-udp", "containerPort": 81, "protocol": "UDP"}]}] } }
        """;

    public static string Script(string name)
    {
        using var reader = new StreamReader(typeof(Playground).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private static async Task RunPods()
    {
        foreach (var space in new[] { "x", "y", "z" })
        {
            await Api.Create("api/v1/namespaces", $$"""{"metadata": {"name": "{{space}}", "labels": {"ns": "{{space}}"} } }""");
            await Shell.Await($"the account of {space}", () => Api.TryGet($"api/v1/namespaces/{space}/serviceaccounts/default"), () => Task.FromResult("nothing"));
        }
        foreach (var pod in Pods) await Api.Create($"api/v1/namespaces/{pod[..1]}/pods", Manifest(pod[2..], NodeOf(pod)));
        foreach (var pod in Pods) Addresses[pod] = await Api.Running(pod[..1], pod[2..]);
        // Listening, too.
        await Expect(Table(), Table(81, "udp"));
    }

    private static async Task<string> Rules() =>
        $"rules of the server:\n{await Server.Exec("nft", "list", "table", "inet", "network_agent")}\nrules of the other node:\n{await Agent.Exec("nft", "list", "table", "inet", "network_agent")}";

    private async Task Boot(Node node, string image, string option, params string[] arguments)
    {
        await node.Start(
            image,
            ["--label", $"security.specs/run={id}", "--network", id, "--volume", $"{Folder}:/var/lib/rancher/k3s/agent/images:ro", option],
            arguments);
        await node.AwaitReady();
    }
}
