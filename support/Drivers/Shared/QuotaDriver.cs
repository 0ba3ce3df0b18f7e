using SecuritySpecs.Drivers.Shared.Refusals;
using SecuritySpecs.Fleet;

namespace SecuritySpecs.Drivers.Shared;

/// <summary>GPU quotas of a scenario's tenants.</summary>
public sealed class QuotaDriver(ScenarioPlatform scenario, QuotaCount count, PodFactory factory)
{
    /// <summary>The quota's name in controls/gpu-quota.yaml.</summary>
    public const string Name = "gpu-quota";

    private const string File = "controls/gpu-quota.yaml";

    /// <summary>What a quota on GPUs counts: of an extended resource only the <c>requests.</c> form.</summary>
    public const string Counted = GpuQuotas.Counted;
    private readonly Dictionary<string, int> _hard = [];

    /// <summary>Where a tenant's quota is.</summary>
    public static string Path(Tenant tenant) => $"/api/v1/namespaces/{tenant.Namespace}/resourcequotas/{Name}";

    /// <summary>A patch that sets how many GPUs the quota allows.</summary>
    public static JsonObject Hard(int gpus) => new() { ["spec"] = new JsonObject { ["hard"] = new JsonObject { [Counted] = gpus.ToString(CultureInfo.InvariantCulture) } } };

    /// <summary>A whole quota that allows so many GPUs, to put in place of the platform's.</summary>
    public static JsonObject Replacement(int gpus)
    {
        var quota = Hard(gpus);
        quota["apiVersion"] = "v1";
        quota["kind"] = "ResourceQuota";
        quota["metadata"] = new JsonObject { ["name"] = Name };
        return quota;
    }

    /// <summary>Whether the quota, by its name, refused a pod.</summary>
    public static bool Refused(ApiAnswer answer) => PodRefusal.Of("the GPU quota").Is(answer);

    /// <summary>Sets a tenant's quota and waits until it is in force.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="gpus">How many GPUs its pods may hold.</param>
    /// <param name="mistake">A mistake to make in the file's content first, upon which it counts nothing; null for the file as it is.</param>
    public Task SetAsync(Tenant tenant, int gpus, ManifestEdit? mistake) => mistake is null ? SetAsync(tenant, gpus) : SetByMistakeAsync(tenant, gpus, mistake);

    // In force: a sentinel that asks for one GPU too many is refused.
    private async Task SetAsync(Tenant tenant, int gpus)
    {
        await scenario.Manifests.ApplyAsync(File, Values(tenant, gpus));
        _hard[tenant.Name] = gpus;
        await scenario.Manifests.AwaitInForceAsync(File, Awaited(tenant, gpus), () => SentinelAsync(tenant, gpus + 1), a => RefusedBy(gpus, a), a => a.Verdict);
        var used = await tenant.Pods.GpusAskedForAsync();
        await count.AwaitAsync(tenant, Name, Counted, used);
        await AwaitJudgedByAsync(tenant, used);
    }

    // It refuses nobody: it is in force once the API server has taken it up.
    private async Task SetByMistakeAsync(Tenant tenant, int gpus, ManifestEdit edit)
    {
        await scenario.Manifests.ApplyAsync(File, Values(tenant, gpus), edit);
        _hard[tenant.Name] = gpus;
        await Poll.UntilAsync($"the API server to take up the quota of tenant \"{tenant.Name}\", which counts nothing", () => scenario.Platform.Admin.GetUnrecordedAsync(Path(tenant)),
            a => a.OrThrow().Body!["status"]?["hard"] is JsonObject hard && JsonNode.DeepEquals(hard, a.Body!["spec"]!["hard"]), a => a.Body!["status"]?.ToJsonString() ?? "no status");
    }

    /// <summary>Sets a quota that counts only the GPUs of pods of one PriorityClass, and waits until it is in force.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="gpus">How many GPUs such pods may hold.</param>
    /// <param name="class">The class's name on the cluster.</param>
    public async Task SetForClassAsync(Tenant tenant, int gpus, string @class)
    {
        await scenario.Manifests.ApplyAsync(File, Values(tenant, gpus), ManifestEdit.Of($"with the scope of PriorityClass \"{@class}\""));
        await Poll.UntilAsync($"{Awaited(tenant, gpus)} for PriorityClass {@class}", () => SentinelAsync(tenant, gpus + 1, @class), a => RefusedBy(gpus, a), a => a.Verdict);
    }

    /// <summary>Removes a tenant's quota and waits until the sentinel is admitted.</summary>
    public async Task RemoveAsync(Tenant tenant)
    {
        var gpus = _hard[tenant.Name];
        await scenario.Manifests.RemoveAsync(File, Values(tenant, gpus));
        await Poll.UntilAsync($"{Pod(tenant, gpus + 1)} to be admitted, now that the quota is gone", () => SentinelAsync(tenant, gpus + 1), a => a.Allowed, a => a.Verdict);
    }

    /// <summary>Keeps as evidence how many GPUs the pods of each tenant ask for that has had a quota, beside what its quota allows now.</summary>
    public async Task NoteAllAsync()
    {
        foreach (var tenant in _hard.Keys.Select(name => scenario[name]))
        {
            var answer = await scenario.Platform.Admin.GetUnrecordedAsync(Path(tenant));
            var hard = answer.Code == 404 ? null : (string?)answer.OrThrow().Body!["spec"]!["hard"]?[Counted];
            var asked = await tenant.Pods.GpusAskedForAsync();
            scenario.Note(Actor(tenant), hard is null ? $"counts no GPUs; its pods ask for {Gpus(asked)}" : $"allows {Gpus(int.Parse(hard, CultureInfo.InvariantCulture))}; its pods ask for {asked}",
                bar: new(asked, hard is null ? null : int.Parse(hard, CultureInfo.InvariantCulture), "GPUs"));
        }
    }

    /// <summary>Waits until the quota counts so many GPUs.</summary>
    public async Task AwaitUsedAsync(Tenant tenant, int gpus)
    {
        await Poll.UntilAsync($"the quota of tenant \"{tenant.Name}\" to count {Gpus(gpus)}", () => scenario.Platform.Admin.GetUnrecordedAsync(Path(tenant)),
            a => (string?)a.OrThrow().Body!["status"]?["used"]?[Counted] == gpus.ToString(CultureInfo.InvariantCulture),
            a => a.Body!["status"]?.ToJsonString() ?? "no status");
        await AwaitJudgedByAsync(tenant, gpus);
        scenario.Note(Actor(tenant), $"counts {Gpus(gpus)}", bar: new(gpus, _hard[tenant.Name], "GPUs"));
    }

    // Admission has its own copy of the quota, which may be older than what the API shows: it tells it in a refusal. Where a
    // LimitRange is asked first, it refuses the sentinel, and the copy stays unknown.
    private Task<ApiAnswer> AwaitJudgedByAsync(Tenant tenant, int used) => Poll.UntilAsync(
        $"a refusal by the quota of tenant \"{tenant.Name}\" to say that it counts {Gpus(used)}", () => SentinelAsync(tenant, _hard[tenant.Name] + 1),
        a => a.Message?.Contains("maximum nvidia.com/gpu usage per", StringComparison.Ordinal) == true
            || (Refused(a) && a.Message!.Contains($"used: {Counted}={used}, limited: ", StringComparison.Ordinal)), a => a.Verdict);

    // In force with this very number: it is the last that the refusal names.
    private static bool RefusedBy(int gpus, ApiAnswer answer) => Refused(answer) && answer.Message!.EndsWith($"limited: {Counted}={gpus}", StringComparison.Ordinal);

    private static string Actor(Tenant tenant) => $"quota of tenant \"{tenant.Name}\"";

    private static string Awaited(Tenant tenant, int gpus) => $"{Pod(tenant, gpus + 1)} to be refused with 403 by its quota of {Gpus(gpus)}";

    private static string Gpus(int count) => count == 1 ? "1 GPU" : $"{count} GPUs";

    private static string Pod(Tenant tenant, int gpus) => $"a pod with {Gpus(gpus)} of tenant \"{tenant.Name}\"";

    private static Dictionary<string, string> Values(Tenant tenant, int gpus) =>
        new() { ["NAMESPACE"] = tenant.Namespace, ["GPUS"] = gpus.ToString(CultureInfo.InvariantCulture) };

    // A dry run: judged by admission like any other pod, kept by nobody.
    private Task<ApiAnswer> SentinelAsync(Tenant tenant, int gpus, string? @class = null) =>
        factory.TrySentinelAsync(tenant, PodFactory.GpuPod, Placement.Nowhere, PodDriver.Gpus(gpus, @class));
}
