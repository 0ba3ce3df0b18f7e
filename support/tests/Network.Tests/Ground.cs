using System.Collections.Concurrent;
using SecuritySpecs.Cluster;
using SecuritySpecs.Kube;

namespace SecuritySpecs.Network.Tests;

/// <summary>A cluster with groups of pods that stay, between which policies come and go.</summary>
internal sealed class Ground : IAsyncDisposable
{
    // Two pods in each of the first two namespaces of a group, one in the third.
    private static readonly int[] NamespaceOf = [0, 0, 1, 1, 2];
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(120);
    private readonly K3sCluster _cluster;
    private readonly RunOptions _options;
    private readonly KubeApi _admin;
    private readonly Prober _prober;
    private readonly Sentinel _sentinel;
    private readonly ConcurrentDictionary<string, JsonObject> _there = []; // the groups are written at the same moment

    private Ground(K3sCluster cluster, RunOptions options)
    {
        (_cluster, _options, _admin) = (cluster, options, new KubeApi(cluster.Admin, "platform admin"));
        _prober = new(_admin);
        _sentinel = new(_admin, _prober);
    }

    /// <summary>The groups; policies of one say nothing about the pods of another.</summary>
    public IReadOnlyList<PodGroup> Groups { get; private set; } = [];

    /// <summary>Starts a cluster and its pods, and waits until each answers each.</summary>
    public static async Task<Ground> StartAsync(RunOptions options, int groups)
    {
        var ground = new Ground(await K3sCluster.StartAsync(options, ["net-1"]), options);
        await ground.FillAsync(groups);
        return ground;
    }

    /// <summary>Whether the cluster enforces policies; if not, why it is thought so.</summary>
    public async Task<string?> WhyNotEnforcedAsync()
    {
        try
        {
            await _sentinel.AwaitAsync();
            return null;
        }
        catch (TimeoutException e)
        {
            return e.Message;
        }
    }

    /// <summary>Makes labels and policies of each group what a set says, and waits until that is in force.</summary>
    /// <returns>Each group's policies as the API server holds them: an old one drops what it does not know.</returns>
    /// <exception cref="KubeApiException">The API server refused a policy.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<JsonNode>>> ApplyAsync(IReadOnlyList<PolicySet> sets)
    {
        var policies = await Task.WhenAll(Groups.Zip(sets, ApplyAsync));
        await _sentinel.AwaitAsync();
        return policies;
    }

    /// <summary>Waits until a group is as expected, twice in a row, while the sentinel is reached.</summary>
    /// <exception cref="TimeoutException">It is not; the message has both grids.</exception>
    public Task AwaitAsync(IReadOnlyList<ExpectedCell> expected, TimeSpan deadline) =>
        new Reachability(_prober, inARow: 2, deadline).AwaitAsync(expected.All(c => c.Reached) ? expected : [.. expected, _sentinel.Twin()], "the group");

    public async ValueTask DisposeAsync()
    {
        _prober.Dispose();
        _admin.Dispose();
        await _cluster.DisposeAsync();
    }

    /// <summary>A cell of a group's grid.</summary>
    public static ExpectedCell Cell(PodGroup group, GroupPod from, GroupPod to, NamedPort port, bool reached)
    {
        var (source, target) = (group.Namespaces[from.Namespace], group.Namespaces[to.Namespace]);
        var url = string.Create(CultureInfo.InvariantCulture, $"{(port.Protocol == "UDP" ? "udp" : "http")}://{to.Address}:{port.Number}/");
        return new(new($"{source}/{from.Name}", source, from.Name), new($"{target}/{to.Name} {port.Protocol} {port.Number} ({port.Name})", url, $"{target}/{to.Name}"), reached);
    }

    private async Task FillAsync(int groups)
    {
        await Task.WhenAll(Enumerable.Range(0, groups).SelectMany(NamespacesOf).Append(Sentinel.Namespace).Select(n => CreateAsync("/api/v1/namespaces", new() { ["metadata"] = new JsonObject { ["name"] = n } })));
        await Task.WhenAll([
            .. Sentinel.Pods.Select(p => AddPodAsync(Sentinel.Namespace, p.Name, [.. p.Ports.Select(n => new NamedPort("", "TCP", n))])),
            .. Enumerable.Range(0, groups).SelectMany(g => NamespaceOf.Select((n, i) => AddPodAsync(NamespacesOf(g)[n], $"p{i}", PodGroup.PortsOf(i)))),
        ]);
        Groups = await Task.WhenAll(Enumerable.Range(0, groups).Select(async g => new PodGroup(NamespacesOf(g),
            await Task.WhenAll(NamespaceOf.Select(async (n, i) => new GroupPod(n, $"p{i}", IPAddress.Parse(await AddressAsync(NamespacesOf(g)[n], $"p{i}")), PodGroup.PortsOf(i)))))));
        await _sentinel.StartAsync(await AddressAsync(Sentinel.Namespace, "sentinel"));
        await AddressAsync(Sentinel.Namespace, "asker");
        foreach (var group in Groups)
            await AwaitAsync([.. group.Attempts.Select(a => Cell(group, a.From, a.To, a.Port, true))], StartDeadline);
    }

    private static string[] NamespacesOf(int group) => [$"net-{group}-a", $"net-{group}-b", $"net-{group}-c"];

    private async Task<IReadOnlyList<JsonNode>> ApplyAsync(PodGroup group, PolicySet set)
    {
        await Task.WhenAll([
            .. group.Namespaces.Zip(set.NamespaceLabels, (n, labels) => LabelAsync($"/api/v1/namespaces/{n}", labels, ["team", "stage"])),
            .. group.Pods.Zip(set.PodLabels, (p, labels) => LabelAsync($"/api/v1/namespaces/{group.Namespaces[p.Namespace]}/pods/{p.Name}", labels, ["role", "tier"])),
        ]);
        var wanted = set.Policies.Select((p, i) => (Path: $"/apis/networking.k8s.io/v1/namespaces/{group.Namespaces[p.Namespace]}/networkpolicies", Name: $"policy-{i}", p.Spec)).ToList();
        var gone = _there.Keys.Where(k => k.Contains(group.Namespaces[0][..^1], StringComparison.Ordinal) && k.Contains("/networkpolicies/", StringComparison.Ordinal)).ToList();
        foreach (var path in gone)
        {
            (await _admin.DeleteAsync(path)).OrThrow();
            _there.TryRemove(path, out _);
        }

        return await Task.WhenAll(wanted.Select(async p =>
        {
            var policy = await CreateAsync(p.Path, new() { ["apiVersion"] = "networking.k8s.io/v1", ["kind"] = "NetworkPolicy", ["metadata"] = new JsonObject { ["name"] = p.Name }, ["spec"] = p.Spec.DeepClone() });
            _there[$"{p.Path}/{p.Name}"] = [];
            return policy;
        }));
    }

    private async Task LabelAsync(string path, JsonObject labels, string[] keys)
    {
        if (_there.TryGetValue(path, out var before) && JsonNode.DeepEquals(before, labels))
            return;
        var all = new JsonObject(keys.Select(k => KeyValuePair.Create(k, labels[k]?.DeepClone())));
        (await _admin.PatchAsync(path, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = all } })).OrThrow();
        _there[path] = labels;
    }

    private async Task<JsonNode> CreateAsync(string collection, JsonObject body) => (await _admin.PostAsync(collection, body)).OrThrow().Body!;

    private async Task<string> AddressAsync(string space, string pod) => (string)(await Poll.UntilAsync($"pod {space}/{pod} to run",
        () => _admin.GetUnrecordedAsync($"/api/v1/namespaces/{space}/pods/{pod}"), a => a.Body!["status"]?["podIP"] is not null && (string?)a.Body["status"]!["phase"] == "Running",
        a => a.Body?["status"]?.ToJsonString() ?? a.ToString(), StartDeadline)).Body!["status"]!["podIP"]!;

    private async Task AddPodAsync(string space, string name, IReadOnlyList<NamedPort> ports)
    {
        var pod = Pod(space, name, ports);
        // A new namespace has its default ServiceAccount a moment later.
        (await Poll.UntilAsync($"pod {space}/{name} to be admitted", () => _admin.PostAsync($"/api/v1/namespaces/{space}/pods", pod.DeepClone()),
            a => a.Message?.Contains("error looking up service account", StringComparison.Ordinal) != true, a => a.ToString())).OrThrow();
    }

    private JsonObject Pod(string space, string name, IReadOnlyList<NamedPort> ports) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["sentinel"] = name } },
        ["spec"] = new JsonObject
        {
            ["automountServiceAccountToken"] = false, ["terminationGracePeriodSeconds"] = 0, ["enableServiceLinks"] = false,
            ["containers"] = new JsonArray(new JsonObject
            {
                ["name"] = "main", ["image"] = _options.FleetImage, ["imagePullPolicy"] = "IfNotPresent",
                ["args"] = new JsonArray("prober", $"--port={Numbers(ports, "TCP")}", $"--udp-port={(Numbers(ports, "UDP") is { Length: > 0 } udp ? udp : "8080")}", $"--control-port={Prober.ControlPort}"),
                ["env"] = new JsonArray(new JsonObject { ["name"] = "POD_NAME", ["value"] = name }, new JsonObject { ["name"] = "POD_NAMESPACE", ["value"] = space }),
                ["ports"] = new JsonArray([.. ports.Where(p => p.Name.Length > 0).Select(p => new JsonObject { ["name"] = p.Name, ["protocol"] = p.Protocol, ["containerPort"] = p.Number })]),
            }),
        },
    };

    private static string Numbers(IEnumerable<NamedPort> ports, string protocol) => string.Join(',', ports.Where(p => p.Protocol == protocol).Select(p => p.Number));
}
