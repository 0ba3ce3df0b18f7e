namespace SecuritySpecs.NetworkAgent.Tests.Cluster;

/// <summary>Who reaches whom at one port: all pods at first, and then what a test says. A pod is not asked about itself.</summary>
/// <param name="pods">Pods as NAMESPACE/NAME.</param>
/// <param name="port">80 or 81.</param>
/// <param name="protocol">tcp or udp.</param>
internal sealed class TruthTable(IReadOnlyList<string> pods, int port, string protocol)
{
    private readonly HashSet<(string From, string To)> closed = [];

    public string Target => $"{protocol}:{port}";

    public int Port => port;

    public string Protocol => protocol;

    /// <summary>Closes the way from pods to pods; <c>x/*</c> is a namespace, <c>*</c> everybody.</summary>
    public TruthTable Deny(string from, string to) => Change(from, to, pair => closed.Add(pair));

    /// <summary>Opens the way again.</summary>
    public TruthTable Allow(string from, string to) => Change(from, to, pair => closed.Remove(pair));

    public bool IsOpen(string from, string to) => !closed.Contains((from, to));

    /// <summary>Where an observation differs; empty where nowhere.</summary>
    public string Difference(IReadOnlyDictionary<(string From, string To), string> seen)
    {
        var wrong = (from a in pods from b in pods where a != b && (seen.GetValueOrDefault((a, b)) == "open") != IsOpen(a, b) select $"{a} to {b} is {seen.GetValueOrDefault((a, b), "unknown")}").ToList();
        return wrong.Count == 0 ? "" : $"{Target}: {string.Join(", ", wrong)}; expected:\n{this}";
    }

    public override string ToString() =>
        $"{"from",-6}{string.Concat(pods.Select(p => $"{p,-5}"))}\n"
        + string.Concat(pods.Select(from => $"{from,-6}{string.Concat(pods.Select(to => $"{(from == to ? "-" : IsOpen(from, to) ? "open" : "."),-5}"))}\n"));

    private TruthTable Change(string from, string to, Action<(string, string)> change)
    {
        foreach (var a in pods.Where(p => Matches(from, p)))
            foreach (var b in pods.Where(p => Matches(to, p) && p != a))
                change((a, b));
        return this;
    }

    private static bool Matches(string pattern, string pod) =>
        pattern == "*" || pattern == pod || (pattern.EndsWith("/*", StringComparison.Ordinal) && pod.StartsWith(pattern[..^1], StringComparison.Ordinal));
}
