using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Pods;

namespace SecuritySpecs.Drivers.RbacAndQuotas;

/// <summary>Jobs that wait in a queue of Kueue, and the change by which what waits would start.</summary>
public sealed partial class QueueDriver(ScenarioPlatform scenario)
{
    /// <summary>Everything that admission is shown, as a regular expression.</summary>
    public const string Forms = "a Job that (?:has a GPU and (?:waits in a queue|names no queue|does not wait in its queue)|asks for no GPU)|the start of its (?:pod|Job)(?: by Kueue)?";

    private const string Kueue = "system:serviceaccount:kueue-system:kueue-controller-manager";
    private const string Job = "Job";
    private const string Waiting = "has a GPU and waits in a queue";

    /// <summary>Asks for a Job that waits.</summary>
    public static async Task<SubmittedTemplate> SubmitAsync(Tenant tenant) =>
        new(tenant, Job, Job.ToLowerInvariant(), await tenant.Api.PostAsync(PodController.Collection(tenant.Namespace, Job), JobThat(tenant, Waiting)));

    /// <summary>Lets the Job of a tenant start, by Kueue's account.</summary>
    public async Task StartAsync(Tenant tenant) => (await StartAsync(ByKueue, tenant, isPod: false, dryRun: false)).OrThrow();

    /// <summary>Has admission judge a Job, or the start of what waits; nobody keeps it. Null for another phrase.</summary>
    public Task<ApiAnswer>? TryAsync(Tenant tenant, string phrase)
    {
        if (Parts().Match(phrase) is not { Success: true } match)
            return null;
        return match.Groups["how"] is { Success: true, Value: var how }
            ? tenant.Api.PostAsync($"{PodController.Collection(tenant.Namespace, Job)}?dryRun=All", JobThat(tenant, how))
            : StartAsync(match.Groups["kueue"].Success ? ByKueue : tenant.Api, tenant, match.Groups["what"].Value == "pod", dryRun: true);
    }

    // The cluster admin takes the name, and keeps the rights: what is judged is the name.
    private KubeApi ByKueue => scenario.Admin.As(Kueue, "system:masters");

    // What holds a pod back and names its queue is said of the Job as a whole, and not of its pods.
    private static JsonObject JobThat(Tenant tenant, string how)
    {
        var trait = PodTrait.Of(how);
        var pod = tenant.Pods.Load(Job.ToLowerInvariant(), trait.Workload, Placement.Nowhere);
        trait.Change(pod);
        var isHeld = pod["spec"]!.AsObject().Remove("schedulingGates");
        pod["metadata"]!["labels"]!.AsObject().Remove(PodTrait.QueueLabel, out var queue);
        var job = PodController.Of(Job, Job.ToLowerInvariant(), pod);
        job["spec"]!["suspend"] = isHeld;
        if (queue is not null)
            job["metadata"]!["labels"] = new JsonObject { [PodTrait.QueueLabel] = queue };
        return job;
    }

    private static async Task<ApiAnswer> StartAsync(KubeApi api, Tenant tenant, bool isPod, bool dryRun)
    {
        var collection = isPod ? tenant.Pods.Collection : PodController.Collection(tenant.Namespace, Job);
        var waiting = (await tenant.Api.GetUnrecordedAsync(collection)).OrThrow().Items.Single()!;
        return await api.PatchAsync($"{collection}/{(string)waiting["metadata"]!["name"]!}{(dryRun ? "?dryRun=All" : "")}",
            new JsonObject { ["spec"] = isPod ? new JsonObject { ["schedulingGates"] = null } : new JsonObject { ["suspend"] = false } });
    }

    [GeneratedRegex("^(?:a Job that (?<how>.+)|the start of its (?<what>pod|Job)(?<kueue> by Kueue)?)$")]
    private static partial Regex Parts();
}
