using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.TenantIsolation;

/// <summary>PriorityClasses of the platform, how many pods of them a tenant may have, and who pre-empts whom.</summary>
public sealed class PriorityDriver(ScenarioPlatform scenario, QuotaCount count, PodFactory factory)
{
    private const string Class = "controls/priority-class.yaml";
    private const string Quota = "controls/priority-quota.yaml";
    private const string ContestedPool = "a100";
    private readonly Dictionary<string, string> _classes = [];

    // Whose scheduling is judged and not its running: a node that exists in the API only will do.
    private string ContestedNode => scenario.Platform.Fleet.ApiOnlyNodesOf(ContestedPool)[0];

    private Placement OnContestedNode => Placement.OnApiOnly(ContestedNode, scenario.Platform.Fleet.ApiOnlyTaint);

    // The name that a class of the feature has on the cluster: unique for those of the scenario, as it is for Kubernetes' own.
    private string NameOf(string @class) => _classes.GetValueOrDefault(@class, @class);

    /// <summary>Makes a PriorityClass of the platform, and waits until admission knows it.</summary>
    public async Task AddClassAsync(string @class)
    {
        var name = _classes[@class] = scenario.Unique(@class);
        await scenario.Manifests.ApplyAsync(Class, new() { ["NAME"] = name });
        await Poll.UntilAsync($"PriorityClass {name} to be known to admission", () => TryAsync(scenario.Tenants.Any, name, 0, Placement.Nowhere, dryRun: true),
            p => p.Answer.Message?.Contains($"no PriorityClass with name {name}", StringComparison.Ordinal) != true, p => p.Answer.Verdict);
    }

    /// <summary>Sets how many pods of a class a tenant may have, and waits until that is in force.</summary>
    public async Task LimitAsync(Tenant tenant, string @class, int pods)
    {
        await scenario.Manifests.ApplyAsync(Quota, Values(tenant, @class, pods));
        await AwaitInForceAsync(tenant, "priority-quota", NameOf(@class), pods);
        await count.AwaitAsync(tenant, "priority-quota", "pods", await PodsOfAsync(tenant, NameOf(@class)));
        await AwaitInForceAsync(tenant, "system-priority-quota", "system-node-critical", 0);
    }

    /// <summary>Takes the limits away, and waits until no pod is refused by them.</summary>
    public async Task UnlimitAsync(Tenant tenant, string @class)
    {
        await scenario.Manifests.RemoveAsync(Quota, Values(tenant, @class, 0));
        foreach (var name in (string[])[NameOf(@class), "system-node-critical"])
            await Poll.UntilAsync($"a pod of tenant \"{tenant.Name}\" with PriorityClass {name} to be admitted, now that its quotas are gone",
                () => TryAsync(tenant, name, 0, Placement.Nowhere, dryRun: true), p => p.Answer.Allowed, p => p.Answer.Verdict);
    }

    /// <summary>Asks for a pod of a class that no node may run; refusal is a verdict.</summary>
    public Task<SubmittedPod> SubmitAsync(Tenant tenant, string @class, int gpus) => TryAsync(tenant, NameOf(@class), gpus, Placement.Nowhere);

    /// <summary>Asks for all GPUs of the contested node.</summary>
    /// <param name="tenant">Who asks.</param>
    /// <param name="class">The pod's PriorityClass; null for none.</param>
    public async Task<SubmittedPod> ContestAsync(Tenant tenant, string? @class) =>
        await TryAsync(tenant, @class is null ? null : NameOf(@class), await scenario.Platform.Fleet.AllocatableAsync(ContestedNode), OnContestedNode);

    /// <summary>Waits until a pod is gone or about to be, and the scheduler has said that it pre-empted it for another.</summary>
    public async Task AwaitPreemptedAsync(SubmittedPod victim, SubmittedPod by)
    {
        await Poll.UntilAsync($"pod {victim.Name} of tenant \"{victim.Tenant.Name}\" to be removed", () => scenario.Platform.Admin.GetUnrecordedAsync(victim.Path),
            a => a.Code == 404 || a.OrThrow().Body!["metadata"]!["deletionTimestamp"] is not null, a => (string?)a.Body!["status"]?["phase"] ?? a.ToString());
        var events = await Poll.UntilAsync("the scheduler's event", () => scenario.Platform.Admin.GetUnrecordedAsync(
                $"/api/v1/namespaces/{victim.Tenant.Namespace}/events?fieldSelector=reason=Preempted,involvedObject.name={victim.Name}"),
            a => a.OrThrow().Items.Any(e => Names((string)e!["message"]!, by)), a => string.Join("; ", a.Items.Select(e => (string?)e!["message"])));
        scenario.Note("scheduler", (string)events.Items[0]!["message"]!);
        await scenario.NoteFleetAsync();
    }

    // Until 1.22 or so by namespace and name; then by UID, which tells the victim nothing about the other tenant.
    private static bool Names(string message, SubmittedPod by) =>
        message.Contains($"{by.Tenant.Namespace}/{by.Name}", StringComparison.Ordinal)
        || message.Contains((string)by.Answer.Body!["metadata"]!["uid"]!, StringComparison.Ordinal);

    private async Task<int> PodsOfAsync(Tenant tenant, string @class) => (await scenario.Platform.Admin.GetUnrecordedAsync(tenant.Pods.Collection)).OrThrow().Items
        .Count(p => (string?)p!["spec"]!["priorityClassName"] == @class);

    private Task<(bool InForce, string Seen)> AwaitInForceAsync(Tenant tenant, string quota, string @class, int pods) => scenario.Manifests.AwaitInForceAsync(Quota,
        $"{quota} to allow tenant \"{tenant.Name}\" {pods} pods of PriorityClass {@class}{(pods == 0 ? ", and a pod of it to be refused with 403" : "")}", () => SentinelAsync(tenant, quota, @class, pods), s => s.InForce, s => s.Seen);

    // In force with this very number: its status says so, and where it allows nothing, admission refuses by it.
    private async Task<(bool InForce, string Seen)> SentinelAsync(Tenant tenant, string quota, string @class, int pods)
    {
        var status = (await scenario.Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{tenant.Namespace}/resourcequotas/{quota}")).OrThrow().Body!["status"];
        if ((string?)status?["hard"]?["pods"] != pods.ToString(CultureInfo.InvariantCulture) || status["used"]?["pods"] is null)
            return (false, $"status {status?.ToJsonString() ?? "not set"}");
        var answer = (await TryAsync(tenant, @class, 0, Placement.Nowhere, dryRun: true)).Answer;
        var refused = answer.Message?.Contains($"exceeded quota: {quota}, ", StringComparison.Ordinal) == true;
        return (pods == 0 ? refused : refused || answer.Allowed, answer.Verdict);
    }

    private Task<SubmittedPod> TryAsync(Tenant tenant, string? @class, int gpus, Placement where, bool dryRun = false) =>
        factory.SubmitAsync(tenant, "priority", PodFactory.GpuPod, where, PodDriver.Gpus(gpus, @class), dryRun);

    private Dictionary<string, string> Values(Tenant tenant, string @class, int pods) =>
        new() { ["NAMESPACE"] = tenant.Namespace, ["CLASS"] = NameOf(@class), ["PODS"] = pods.ToString(CultureInfo.InvariantCulture) };
}
