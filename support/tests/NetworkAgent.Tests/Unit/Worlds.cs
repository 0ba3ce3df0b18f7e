namespace SecuritySpecs.NetworkAgent.Tests.Unit;

/// <summary>Clusters for the compiler, in few words.</summary>
internal static class Worlds
{
    public const string Node = "here";

    public static Pod Pod(string name, string address, string node = Node, string labels = "", params NamedPort[] ports)
    {
        var parts = name.Split('/');
        return new Pod(parts[0], parts[1], name, node, Labels(labels), HostNetwork: false, Finished: false, [AddressSet.Address(address)!.Value], ports);
    }

    public static NetworkPolicy Policy(string space, string spec)
    {
        using var document = JsonDocument.Parse($$"""{"metadata": {"namespace": "{{space}}", "name": "p"}, "spec": {{spec}} }""");
        return ObjectReader.Policy(document.RootElement);
    }

    public static ClusterView View(IReadOnlyCollection<Pod> pods, params NetworkPolicy[] policies) =>
        new(Node, [.. pods.Select(p => p.Namespace).Distinct().Select(n => new Space(n, Labels($"ns={n}")))], pods, policies);

    /// <summary>Pods of this node, each with labels of its own, and policies that select half of them each and let in by all kinds of peers.</summary>
    public static ClusterView Large(int pods, int policies)
    {
        var all = Enumerable.Range(0, pods).Select(i => Pod($"n{i % 10}/p{i}", $"10.50.{i / 250}.{i % 250 + 1}", labels: $"app={i % 20},half={i % 2}", ports: new NamedPort("web", Protocol.Tcp, (ushort)(8000 + i % 3)))).ToList();
        return View(all, [.. Enumerable.Range(0, policies).Select(i => Policy($"n{i % 10}", $$"""
            {"podSelector": {"matchLabels": {"half": "{{i % 2}}"} }, "policyTypes": ["Ingress", "Egress"],
             "ingress": [{"from": [{"namespaceSelector": {"matchLabels": {"ns": "n{{i % 7}}"} }, "podSelector": {"matchLabels": {"app": "{{i % 20}}"} } }, {"podSelector": {} }], "ports": [{"port": "web"}, {"port": {{9000 + i}} }]}],
             "egress": [{"to": [{"namespaceSelector": {} }], "ports": [{"port": "web"}]}, {"to": [{"ipBlock": {"cidr": "10.{{i}}.0.0/16", "except": ["10.{{i}}.1.0/24"]} }]}]}
            """))]);
    }

    public static Dictionary<string, string> Labels(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=')).ToDictionary(l => l[0], l => l[1]);
}
