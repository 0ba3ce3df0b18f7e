namespace SecuritySpecs.Drivers.Shared;

/// <summary>A Deployment or a Job of a tenant: it is admitted for what it is, and makes its pods later.</summary>
internal static class PodController
{
    /// <summary>The label by which a controller's pods are found; its value is the controller's name.</summary>
    public const string NameLabel = "app.kubernetes.io/name";

    /// <summary>Asks for one, with the tenant's own rights.</summary>
    /// <param name="tenant">Who asks.</param>
    /// <param name="kind"><c>Deployment</c> or <c>Job</c>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="pod">What each of its pods is like.</param>
    /// <param name="pods">How many it shall have at once.</param>
    public static Task<ApiAnswer> TryAddAsync(Tenant tenant, string kind, string name, JsonObject pod, int pods = 1) =>
        TryAddAsync(tenant.Api, tenant.Namespace, kind, name, pod, pods);

    /// <summary>Asks for one in somebody's name.</summary>
    public static Task<ApiAnswer> TryAddAsync(KubeApi api, string @namespace, string kind, string name, JsonObject pod, int pods = 1) =>
        api.PostAsync(Collection(@namespace, kind), Of(kind, name, pod, pods));

    /// <summary>Where Deployments or Jobs of a namespace are.</summary>
    public static string Collection(string @namespace, string kind) => $"/apis/{Group(kind)}/namespaces/{@namespace}/{kind.ToLowerInvariant()}s";

    /// <summary>One as it is asked for.</summary>
    public static JsonObject Of(string kind, string name, JsonObject pod, int pods = 1)
    {
        var job = kind == "Job";
        var labels = pod["metadata"]!["labels"]!.DeepClone().AsObject();
        labels[NameLabel] = name;
        var template = pod["spec"]!.DeepClone();
        template["restartPolicy"] = job ? "Never" : "Always";
        var spec = job ? new JsonObject { ["parallelism"] = pods, ["completions"] = pods }
            : new JsonObject { ["replicas"] = pods, ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { [NameLabel] = name } } };
        spec["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels }, ["spec"] = template };
        return new() { ["apiVersion"] = Group(kind), ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec };
    }

    private static string Group(string kind) => kind == "Job" ? "batch/v1" : "apps/v1";
}
