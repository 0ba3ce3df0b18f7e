using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.TenantIsolation;

/// <summary>Pods that want to be away from another tenant's pods, or beside them, and what that does to these.</summary>
public sealed class AffinityDriver(ScenarioPlatform scenario, PodFactory factory, GpuPodDriver gpuPods)
{
    /// <summary>Every such wish, as a regular expression: what follows is the tenant that it is about.</summary>
    public const string Phrases = "shuts out|shuts out by a label|would rather be away from|must be beside|would rather be beside";

    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";

    // The same value on every node: "away" is then nowhere in the cluster.
    private const string WholeCluster = "kubernetes.io/os";

    /// <summary>Asks for such a pod, without a GPU, anywhere on the fleet; refusal is a verdict.</summary>
    public Task<SubmittedPod> SubmitAsync(Tenant tenant, string affinity, Tenant other) =>
        factory.SubmitAsync(tenant, "affinity", PodFactory.PlainPod, gpuPods.WholeFleet, Change(affinity, other));

    /// <summary>Has admission judge such a pod, which nobody keeps.</summary>
    public async Task<ApiAnswer> TryAsync(Tenant tenant, string affinity, Tenant other) =>
        (await factory.SubmitAsync(tenant, "affinity", PodFactory.PlainPod, Placement.Nowhere, Change(affinity, other), dryRun: true)).Answer;

    /// <summary>How many nodes the scheduler found closed to a pod by the anti-affinity of other pods.</summary>
    public async Task<(int Nodes, string Message)> ClosedNodesAsync(SubmittedPod pod)
    {
        var message = await pod.Tenant.Pods.WaitUnschedulableAsync(pod.Name);
        scenario.Note("scheduler", message);
        var closed = Regex.Match(message, "([0-9]+) node\\(s\\) didn't satisfy existing pods anti-affinity rules");
        return (closed.Success ? int.Parse(closed.Groups[1].Value, CultureInfo.InvariantCulture) : 0, message);
    }

    /// <summary>The tenants of this scenario with a pod whose affinity names namespaces; sorted.</summary>
    public Task<IReadOnlyList<string>> TenantsAsync() => scenario.Tenants.WithAsync("pods", NamesNamespaces);

    private static bool NamesNamespaces(JsonNode pod) =>
        (from kind in (string[])["podAffinity", "podAntiAffinity"]
         from strength in (string[])[Required, Preferred]
         from term in pod["spec"]!["affinity"]?[kind]?[strength]?.AsArray() ?? []
         select term["podAffinityTerm"] ?? term).Any(t => t["namespaces"] is JsonArray { Count: > 0 } || t["namespaceSelector"] is not null);

    private Action<JsonObject> Change(string affinity, Tenant other) => affinity switch
    {
        "shuts out" => Write("podAntiAffinity", Required, Term(other)),
        "shuts out by a label" => Write("podAntiAffinity", Required, ByLabel(other)),
        "would rather be away from" => Write("podAntiAffinity", Preferred, Weighted(Term(other))),
        "must be beside" => Write("podAffinity", Required, Term(other)),
        "would rather be beside" => Write("podAffinity", Preferred, Weighted(Term(other))),
        _ => throw new ArgumentException($"No affinity is called \"{affinity}\"; there are: {Phrases}."),
    };

    private static Action<JsonObject> Write(string kind, string strength, JsonObject term) => pod =>
        pod["spec"]!["affinity"] = new JsonObject { [kind] = new JsonObject { [strength] = new JsonArray(term) } };

    private static JsonObject Term(Tenant other) =>
        new() { ["labelSelector"] = new JsonObject(), ["namespaces"] = new JsonArray(other.Namespace), ["topologyKey"] = WholeCluster };

    private JsonObject ByLabel(Tenant other)
    {
        var term = Term(other);
        term.Remove("namespaces");
        // The scenario's own tenants only: an empty selector would shut out everybody.
        term["namespaceSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { [Tenant.Label] = other.Owner, [RunLabels.Scenario] = scenario.Id } };
        return term;
    }

    private static JsonObject Weighted(JsonObject term) => new() { ["weight"] = 100, ["podAffinityTerm"] = term };
}
