using SecuritySpecs.Kube;

namespace SecuritySpecs.Network.Tests;

/// <summary>
/// Tells when all that was written is in force. An enforcer learns of policies, pods and namespaces by a watch of each kind, in
/// order: so of each kind one thing is written last, and with every generation another of the sentinel's ports opens by it.
/// </summary>
/// <param name="admin">Who writes.</param>
/// <param name="prober">Who looks.</param>
internal sealed class Sentinel(KubeApi admin, Prober prober)
{
    /// <summary>The namespace of the sentinel, and of the pod that asks it.</summary>
    public const string Namespace = "net-sentinel";

    private const string Target = "sentinel";
    private const string Asker = "asker";
    private const int FirstPort = 9000;
    private const string Policies = $"/apis/networking.k8s.io/v1/namespaces/{Namespace}/networkpolicies";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(150);
    private string _address = "";
    private int _generation;

    /// <summary>The pods that it needs; they listen on its ports.</summary>
    public static IEnumerable<(string Name, IEnumerable<int> Ports)> Pods => [(Target, Enumerable.Range(FirstPort, 6)), (Asker, [FirstPort])];

    /// <summary>Begins to watch, once its pods run.</summary>
    /// <param name="address">The address of the pod <c>sentinel</c>.</param>
    public async Task StartAsync(string address)
    {
        _address = address;
        await WriteAsync("pod-even", Let(2, Labels("0")));
        await WriteAsync("pod-odd", Let(3, Labels("1")));
        await WriteAsync("namespace-even", Let(4, Labels(), "0"));
        await WriteAsync("namespace-odd", Let(5, Labels(), "1"));
    }

    /// <summary>Writes the next generation, and waits until it is in force.</summary>
    /// <exception cref="TimeoutException">It does not come into force, or nothing was out of force: then this cluster enforces nothing.</exception>
    public async Task AwaitAsync()
    {
        _generation++;
        var mark = (_generation % 2).ToString(CultureInfo.InvariantCulture);
        var label = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["generation"] = mark } } };
        await Task.WhenAll(
            WriteAsync("policy", Let(_generation % 2, Labels())),
            PatchAsync($"/api/v1/namespaces/{Namespace}/pods/{Target}", label),
            PatchAsync($"/api/v1/namespaces/{Namespace}", label));
        // Opening tells when it is in force; that the ports of the other generation are shut tells that anything is.
        await LookUntilAsync(i => i % 2 == _generation % 2, true);
        if (_generation <= 2)
            await LookUntilAsync(i => i % 2 != _generation % 2, false);
    }

    /// <summary>A connection that is open in this generation: it shows that the network works, also where every policy of a group denies everything.</summary>
    public ExpectedCell Twin() => new(new(Asker, Namespace, Asker), Port(_generation % 2), true);

    private ProbeTarget Port(int number) => new($"port {number} of the sentinel", string.Create(CultureInfo.InvariantCulture, $"http://{_address}:{FirstPort + number}/"), $"{Namespace}/{Target}");

    private Task<IReadOnlyList<Observation>> LookUntilAsync(Func<int, bool> which, bool open)
    {
        var source = new ProbeSource(Asker, Namespace, Asker);
        var cells = Enumerable.Range(0, 6).Where(which).Select(i => (source, Port(i))).ToList();
        return Poll.UntilAsync($"the sentinel of generation {_generation} to be {(open ? "open" : "shut")}", () => prober.LookAsync(cells, Timeout),
            seen => seen.All(o => open ? o.IsOpen : o.IsShut), seen => string.Join(", ", seen.Zip(cells, (o, c) => $"{c.Item2.Name} {o.Result} {o.AnsweredBy}")), Deadline);
    }

    private static JsonObject Labels(string? generation = null)
    {
        var labels = new JsonObject { ["sentinel"] = Target };
        if (generation is not null)
            labels["generation"] = generation;
        return labels;
    }

    // Everybody may come in by one port, or those of a namespace that carries a generation.
    private static JsonObject Let(int port, JsonObject pods, string? generation = null)
    {
        var rule = new JsonObject { ["ports"] = new JsonArray(new JsonObject { ["port"] = FirstPort + port }) };
        if (generation is not null)
            rule["from"] = new JsonArray(new JsonObject { ["namespaceSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["generation"] = generation } } });
        return new() { ["podSelector"] = new JsonObject { ["matchLabels"] = pods }, ["ingress"] = new JsonArray(rule) };
    }

    private async Task WriteAsync(string name, JsonObject spec)
    {
        var policy = new JsonObject
        {
            ["apiVersion"] = "networking.k8s.io/v1", ["kind"] = "NetworkPolicy", ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec,
        };
        (await admin.ApplyAsync($"{Policies}/{name}", "network-tests", policy)).OrThrow();
    }

    private async Task PatchAsync(string path, JsonObject patch) => (await admin.PatchAsync(path, patch.DeepClone())).OrThrow();
}
