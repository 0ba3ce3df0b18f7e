namespace SecuritySpecs.Network;

/// <summary>What a cluster's network policies are about, as the API server holds it at one moment.</summary>
/// <param name="Namespaces">The labels of every namespace.</param>
/// <param name="Policies">Every NetworkPolicy.</param>
/// <param name="Pods">The pods that have an address of their own, as <c>NAMESPACE/NAME</c>; those on their node's network have none.</param>
public sealed record PolicySnapshot(
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Namespaces, IReadOnlyList<JsonNode> Policies, IReadOnlyDictionary<string, NetworkPeer> Pods)
{
    /// <summary>Reads it.</summary>
    /// <param name="admin">Who may read all of it.</param>
    /// <param name="podsOf">The namespaces whose pods are of interest.</param>
    public static async Task<PolicySnapshot> ReadAsync(KubeApi admin, params IEnumerable<string> podsOf)
    {
        var namespaces = (await admin.GetUnrecordedAsync("/api/v1/namespaces")).OrThrow().Items;
        var policies = (await admin.GetUnrecordedAsync("/apis/networking.k8s.io/v1/networkpolicies")).OrThrow().Items;
        var pods = await Task.WhenAll(podsOf.Select(async n => (await admin.GetUnrecordedAsync($"/api/v1/namespaces/{n}/pods")).OrThrow().Items));
        return new(
            namespaces.ToDictionary(n => Name(n!), n => (IReadOnlyDictionary<string, string>)Labels(n!)), [.. policies.Select(p => p!)],
            pods.SelectMany(p => p).Where(p => p!["status"]?["podIP"] is not null && (bool?)p["spec"]!["hostNetwork"] != true).Select(p => NetworkPeer.OfPod(p!)).ToDictionary(p => $"{p.Namespace}/{p.Name}"));
    }

    /// <summary>What these policies say.</summary>
    public PolicyOracle Oracle => new(Namespaces, Policies);

    private static string Name(JsonNode @object) => (string)@object["metadata"]!["name"]!;

    private static Dictionary<string, string> Labels(JsonNode @object) =>
        (@object["metadata"]!["labels"]?.AsObject() ?? []).ToDictionary(l => l.Key, l => (string)l.Value!);
}
