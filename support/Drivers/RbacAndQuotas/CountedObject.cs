using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.RbacAndQuotas;

/// <summary>A kind of object that a tenant can make many of.</summary>
/// <param name="Phrase">As features say it.</param>
/// <param name="Counted">What controls/object-quota.yaml counts it as.</param>
/// <param name="Collection">Where it lives in a namespace: <c>/api/v1</c> or <c>/apis/GROUP/VERSION</c>, and the resource.</param>
/// <param name="Body">What it says beyond its name. Nothing of it runs.</param>
public sealed record CountedObject(string Phrase, string Counted, (string Api, string Resource) Collection, Func<JsonObject> Body)
{
    /// <summary>Every phrase, as a regular expression.</summary>
    public const string Phrases = "pods|Deployments|Jobs|ConfigMaps|Secrets|PersistentVolumeClaims|Services|Services with a node port|Services with a load balancer";

    private const string Core = "/api/v1";

    /// <summary>Every kind that features may name.</summary>
    public static readonly IReadOnlyList<CountedObject> All =
    [
        new("pods", "pods", (Core, "pods"), () => new() { ["spec"] = PodSpec() }),
        new("Deployments", "count/deployments.apps", ("/apis/apps/v1", "deployments"), () => new()
        {
            ["spec"] = new JsonObject { ["replicas"] = 0, ["selector"] = new JsonObject { ["matchLabels"] = Labels() }, ["template"] = Template("Always") },
        }),
        new("Jobs", "count/jobs.batch", ("/apis/batch/v1", "jobs"), () => new() { ["spec"] = new JsonObject { ["parallelism"] = 0, ["template"] = Template("Never") } }),
        new("ConfigMaps", "count/configmaps", (Core, "configmaps"), () => []),
        new("Secrets", "count/secrets", (Core, "secrets"), () => []),
        new("PersistentVolumeClaims", "persistentvolumeclaims", (Core, "persistentvolumeclaims"), () => new()
        {
            // Of a class that nobody serves: it waits for ever.
            ["spec"] = new JsonObject
            {
                ["storageClassName"] = "none", ["accessModes"] = new JsonArray("ReadWriteOnce"),
                ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = "1Mi" } },
            },
        }),
        new("Services", "services", (Core, "services"), () => Service("ClusterIP")),
        new("Services with a node port", "services.nodeports", (Core, "services"), () => Service("NodePort")),
        new("Services with a load balancer", "services.loadbalancers", (Core, "services"), () => Service("LoadBalancer")),
    ];

    /// <summary>The kind of a phrase.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static CountedObject Of(string phrase) => All.FirstOrDefault(o => o.Phrase == phrase)
        ?? throw new ArgumentException($"Tenants make no \"{phrase}\"; they make: {string.Join("; ", All.Select(o => o.Phrase))}.");

    /// <summary>Where a tenant's are.</summary>
    public string PathIn(Tenant tenant) => $"{Collection.Api}/namespaces/{tenant.Namespace}/{Collection.Resource}";

    private static JsonObject Labels() => new() { ["app.kubernetes.io/name"] = "many" };

    private static JsonObject Template(string restart)
    {
        var spec = PodSpec();
        spec["restartPolicy"] = restart;
        return new() { ["metadata"] = new JsonObject { ["labels"] = Labels() }, ["spec"] = spec };
    }

    // For no node.
    private static JsonObject PodSpec() => new()
    {
        ["automountServiceAccountToken"] = false, ["nodeSelector"] = new JsonObject { ["security.specs/parked"] = "true" },
        ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = "parked" }),
    };

    private static JsonObject Service(string type) =>
        new() { ["spec"] = new JsonObject { ["type"] = type, ["selector"] = Labels(), ["ports"] = new JsonArray(new JsonObject { ["port"] = 80 }) } };
}
