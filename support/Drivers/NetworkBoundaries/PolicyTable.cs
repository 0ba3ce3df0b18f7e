using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Network;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>A row of a table of connections: which pod lets whom in, or is let out to whom.</summary>
/// <param name="End"><c>in</c> or <c>out</c>.</param>
/// <param name="Pod">Whose policies: <c>every pod</c>, the name of an app, or <c>every pod but</c> some apps.</param>
/// <param name="Peer">The other end: <c>APP in NAMESPACE</c>, <c>the internet</c>, or <c>everybody</c>.</param>
/// <param name="Ports">For example <c>TCP 8080, UDP 53</c>, or <c>all</c>.</param>
public sealed record PolicyRow(string End, string Pod, string Peer, string Ports);

/// <summary>
/// What network policies say, each end alone, of every app in every kind of namespace, of addresses outside and of many ports: all
/// that a table does not name must be denied. The policies and the labels of the namespace are those that the API server holds; the
/// other namespaces and all pods are thought of. Nothing is sent: whether the network does what the policies say is shown elsewhere.
/// </summary>
public sealed class PolicyTable(ScenarioPlatform scenario)
{
    private const int MostTold = 12;
    private const string AnyPod = "every pod";
    private const string Everybody = "everybody";
    private const string Internet = "the internet";
    private const string Here = "this namespace";
    private const string AppLabel = "app.kubernetes.io/name";

    // An app that nobody names is among them.
    private static readonly string[] Apps = ["server", "client", "gateway", "model-server", "console", "prometheus", "dcgm-exporter", "kube-dns", "other"];

    private static readonly int[] Ports = [53, 54, 80, 81, 443, 444, 5000, 5001, 8000, 8001, 8080, 8081, 8082, 8083, 8265, 8266, 8888, 8889, 9090, 9091, 9400, 9401];
    private static readonly string[] Protocols = ["TCP", "UDP"];

    // Both ends of each range that is not the internet, and their neighbours that are.
    private static readonly (string Address, bool IsInternet)[] Addresses =
    [
        ("1.1.1.1", true), ("9.255.255.255", true), ("10.0.0.1", false), ("10.255.255.254", false), ("11.0.0.1", true),
        ("172.15.0.1", true), ("172.16.0.1", false), ("172.31.255.254", false), ("172.32.0.1", true), ("192.167.0.1", true), ("192.168.0.1", false), ("192.168.255.254", false),
        ("100.63.0.1", true), ("100.64.0.1", false), ("100.127.255.254", false), ("100.128.0.1", true), ("169.254.0.1", false), ("169.254.169.254", false), ("169.254.255.254", false),
        ("168.63.129.15", true), ("168.63.129.16", false), ("168.63.129.17", true), ("192.0.0.1", false), ("192.0.0.192", false), ("192.0.1.1", true), ("203.0.113.7", true), ("223.255.255.1", true),
    ];

    /// <summary>The connections that a namespace's policies judge otherwise than a table says.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="owner">The tenant whose namespaces the table calls the tenant's.</param>
    /// <param name="rows">The table.</param>
    /// <returns>In words; empty where the table is right.</returns>
    public async Task<IReadOnlyList<string>> WrongAsync(string @namespace, string owner, IReadOnlyList<PolicyRow> rows)
    {
        var own = (await scenario.Admin.GetAsync($"/api/v1/namespaces/{@namespace}")).OrThrow().Body!["metadata"]!["labels"]!.AsObject().ToDictionary(l => l.Key, l => (string)l.Value!);
        var policies = (await scenario.Admin.GetAsync($"/apis/networking.k8s.io/v1/namespaces/{@namespace}/networkpolicies")).OrThrow().Items.Select(p => p!).ToList();
        var kinds = Kinds(owner);
        var spaces = kinds.Select(k => (k.Name, k.Labels)).Append((Name: @namespace, Labels: own)).ToDictionary(k => k.Name, k => (IReadOnlyDictionary<string, string>)k.Labels);
        var oracle = new PolicyOracle(spaces, policies);
        var pods = spaces.Keys.SelectMany((space, s) => Apps.Select((app, a) => Pod(space, app, (s * Apps.Length) + a))).ToList();
        var peers = pods.Concat(pods.Where(p => p.Namespace == @namespace).Select(Twin)).Concat(Addresses.Select(a => NetworkPeer.Outside(a.Address))).ToList();
        var wrong = new List<string>();
        foreach (var pod in pods.Where(p => p.Namespace == @namespace))
        {
            foreach (var (peer, protocol, port) in peers.Where(p => p != pod).SelectMany(p => Protocols.SelectMany(t => Ports.Select(n => (p, t, n)))))
            {
                Compare("in", oracle.LetsIn(peer, pod, protocol, port), pod, peer, protocol, port);
                Compare("out", oracle.LetsOut(pod, peer, protocol, port), pod, peer, protocol, port);
            }
        }

        scenario.Note("the network policies", $"{policies.Count} policies of {@namespace}: {wrong.Count} of {2 * Apps.Length * (peers.Count - 1) * Protocols.Length * Ports.Length} connections are judged otherwise than the table says");
        return wrong.Count <= MostTold ? wrong : [.. wrong.Take(MostTold), $"and {wrong.Count - MostTold} more"];

        void Compare(string end, bool isAllowed, NetworkPeer pod, NetworkPeer peer, string protocol, int port)
        {
            var isWanted = rows.Any(r => r.End == end && IsPod(r.Pod, pod) && IsPort(r.Ports, protocol, port) && IsPeer(r.Peer, peer));
            if (isAllowed == isWanted)
                return;
            var connection = end == "in" ? $"{Told(pod)} {protocol} {port} from {Told(peer)}" : $"{Told(pod)} to {Told(peer)} {protocol} {port}";
            wrong.Add($"{end}: {connection} should {(isWanted ? "" : "not ")}be allowed");
        }

        bool IsPeer(string words, NetworkPeer peer)
        {
            if (words == Everybody)
                return true;
            if (words == Internet || !peer.IsPod)
                return words == Internet && !peer.IsPod && Addresses.First(a => a.Address == peer.Address.ToString()).IsInternet;
            var (app, place) = words.Split(" in ", 2) is [var a, var p] ? (a, p) : throw new ArgumentException($"\"{words}\" is no peer: APP in NAMESPACE, {Internet} or {Everybody} is expected.");
            return IsPod(app, peer) && (peer.Namespace == @namespace ? place == Here || Is(kinds, place, own) : place != Here && Is(kinds, place, spaces[peer.Namespace]));
        }
    }

    // The kinds of namespaces that there are beside this one. Each is known by its labels.
    private static (string Name, Dictionary<string, string> Labels)[] Kinds(string owner) =>
    [
        ("a namespace of the tenant", new() { [Tenant.Label] = owner }),
        ("a serving namespace of the tenant", new() { [Tenant.Label] = owner, ["security.specs/serves"] = "models" }),
        ("a namespace of another tenant", new() { [Tenant.Label] = "another" }),
        ("a serving namespace of another tenant", new() { [Tenant.Label] = "another", ["security.specs/serves"] = "models" }),
        ("kube-system", new() { ["kubernetes.io/metadata.name"] = "kube-system" }),
        ("the monitoring namespace", new() { ["security.specs/platform"] = "monitoring" }),
        ("a namespace of nobody", []),
    ];

    // A namespace that has what a kind has is one of that kind: every serving namespace is a namespace of the tenant, too.
    private static bool Is((string Name, Dictionary<string, string> Labels)[] kinds, string place, IReadOnlyDictionary<string, string> labels) =>
        (kinds.FirstOrDefault(k => k.Name == place).Labels ?? throw new ArgumentException($"\"{place}\" is no kind of namespace; there are {Here}, {string.Join(", ", kinds.Select(k => k.Name))}."))
            .All(l => labels.TryGetValue(l.Key, out var value) && value == l.Value);

    private static bool IsPod(string words, NetworkPeer pod) => words == AnyPod
        || (words.StartsWith(AnyPod + " but ", StringComparison.Ordinal) ? !words[(AnyPod.Length + 5)..].Split(" and ").Contains(AppOf(pod)) : words == AppOf(pod));

    private static bool IsPort(string words, string protocol, int port) =>
        words == "all" || words.Split(", ").Contains(string.Create(CultureInfo.InvariantCulture, $"{protocol} {port}"));

    private static NetworkPeer Pod(string space, string app, int number) => new(IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.42.{number / 200}.{1 + (number % 200)}")), space, app,
        app == "kube-dns" ? new Dictionary<string, string> { ["k8s-app"] = app } : new Dictionary<string, string> { [AppLabel] = app }, []);

    // A second one of the same app: a pod is never kept from itself.
    private static NetworkPeer Twin(NetworkPeer pod) => pod with { Name = pod.Name + "-2", Address = IPAddress.Parse("10.43.0." + pod.Address.GetAddressBytes()[3]) };

    private static string AppOf(NetworkPeer pod) => pod.Labels.Values.First();

    private static string Told(NetworkPeer peer) => peer.IsPod ? $"{AppOf(peer)} in {peer.Namespace}" : peer.Address.ToString();
}
