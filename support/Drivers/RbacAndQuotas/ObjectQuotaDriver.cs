using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Refusals;

namespace SecuritySpecs.Drivers.RbacAndQuotas;

/// <summary>Quotas on how many objects a tenant may have.</summary>
public sealed class ObjectQuotaDriver(ScenarioPlatform scenario)
{
    private const string File = "controls/object-quota.yaml";
    private const string Name = "object-quota";
    private readonly CountedObject _sentinel = CountedObject.Of("Services with a load balancer"); // of which the quota allows none
    private int _count;

    /// <summary>Sets a tenant's quota, and waits until it is in force: it has counted what is there, and refuses.</summary>
    /// <remarks>A new quota counts what its controller has seen by then. What was made a moment ago may be missing, and stays so: then it is set anew.</remarks>
    public Task SetAsync(Tenant tenant) => scenario.Manifests.AwaitInForceAsync(File, $"the object quota of tenant \"{tenant.Name}\" to count what is there", async () =>
    {
        await scenario.Manifests.ApplyAsync(File, Values(tenant));
        await scenario.Manifests.AwaitInForceAsync(File, $"a Service with a load balancer of tenant \"{tenant.Name}\" to be refused with 403 by the object quota, which allows none",
            () => TryMakeAsync(tenant, _sentinel, dryRun: true), a => Refused(a, _sentinel), a => a.Verdict);
        var missing = await MissingAsync(tenant);
        if (missing is not null)
            await RemoveAsync(tenant);
        return missing;
    }, missing => missing is null, missing => missing!);

    /// <summary>Removes a tenant's quota, and waits until it refuses nothing.</summary>
    public async Task RemoveAsync(Tenant tenant)
    {
        await scenario.Manifests.RemoveAsync(File, Values(tenant));
        await Poll.UntilAsync($"a Service with a load balancer of tenant \"{tenant.Name}\" to be allowed, now that the object quota is gone",
            () => TryMakeAsync(tenant, _sentinel, dryRun: true), a => a.Allowed, a => a.Verdict);
    }

    /// <summary>Makes one object as the tenant; refusal is a verdict.</summary>
    public Task<ApiAnswer> MakeAsync(Tenant tenant, CountedObject kind) => TryMakeAsync(tenant, kind, dryRun: false);

    /// <summary>Makes objects as the tenant until one is refused.</summary>
    /// <returns>The refusal.</returns>
    /// <exception cref="InvalidOperationException">None of them was, and there are more than any quota of ours allows.</exception>
    public async Task<ApiAnswer> MakeUntilRefusedAsync(Tenant tenant, CountedObject kind)
    {
        for (var made = 0; made < 30; made++)
        {
            if (await MakeAsync(tenant, kind) is { Allowed: false } refusal)
                return refusal;
        }

        throw new InvalidOperationException($"Tenant \"{tenant.Name}\" made 30 {kind.Phrase}, and nothing refused.");
    }

    /// <summary>What the quota allows of a kind, by the control's own file.</summary>
    /// <exception cref="InvalidOperationException">It allows any number.</exception>
    public int Allowed(Tenant tenant, string counted) => (string?)scenario.Load(File, Values(tenant)).Objects[0]["spec"]?["hard"]?[counted] is { } most
        ? int.Parse(most, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"{scenario.Files.NameOf(File)} sets no limit for {counted}.");

    /// <summary>How many objects of a kind the tenant has.</summary>
    public async Task<int> CountAsync(Tenant tenant, CountedObject kind) => (await scenario.Admin.GetAsync(kind.PathIn(tenant))).OrThrow().Items.Count;

    /// <summary>Removes the latest object that the tenant made of a kind, and waits until the quota has counted that.</summary>
    public async Task RemoveOneAsync(Tenant tenant, CountedObject kind)
    {
        var before = await UsedAsync(tenant, kind.Counted);
        var name = (string)(await tenant.Api.GetAsync(kind.PathIn(tenant))).OrThrow().Items.Select(o => o!["metadata"]!["name"]!).Last(n => ((string)n!).StartsWith("many-", StringComparison.Ordinal))!;
        (await tenant.Api.DeleteAsync($"{kind.PathIn(tenant)}/{name}", new JsonObject { ["gracePeriodSeconds"] = 0, ["propagationPolicy"] = "Background" })).OrThrow();
        await AwaitFreeAsync(tenant, kind, before - 1);
    }

    /// <summary>Lets all pods of a tenant come to their end, as their kubelet would report it, and waits until the quota has counted that.</summary>
    public async Task FinishPodsAsync(Tenant tenant)
    {
        foreach (var pod in (await scenario.Platform.Admin.GetUnrecordedAsync(tenant.Pods.Collection)).OrThrow().Items)
        {
            (await scenario.Admin.PatchAsync($"{tenant.Pods.Collection}/{(string)pod!["metadata"]!["name"]!}/status",
                new JsonObject { ["status"] = new JsonObject { ["phase"] = "Succeeded" } })).OrThrow();
        }

        await AwaitFreeAsync(tenant, CountedObject.Of("pods"), 0);
    }

    /// <summary>Whether the quota, by its name and by the count that is full, refused an object.</summary>
    public static bool Refused(ApiAnswer answer, CountedObject kind, string? counted = null) => PodRefusal.Of("the object quota").Is(answer)
        && Regex.IsMatch(answer.Message!, $"requested: ([^ ]+,)?{Regex.Escape(counted ?? kind.Counted)}=1,"); // one object may be counted as several

    // Services are of one kind in three counts.
    private async Task<string?> MissingAsync(Tenant tenant)
    {
        foreach (var kind in CountedObject.All.Where(k => !k.Counted.StartsWith("services.", StringComparison.Ordinal)))
        {
            var there = (await scenario.Platform.Admin.GetUnrecordedAsync(kind.PathIn(tenant))).OrThrow().Items.Count;
            if (await UsedAsync(tenant, kind.Counted) is var used && used < there)
                return $"{used} of {there} {kind.Phrase}";
        }

        return null;
    }

    private async Task<int> UsedAsync(Tenant tenant, string counted) => int.Parse(
        (string?)(await scenario.Platform.Admin.GetUnrecordedAsync(Path(tenant))).OrThrow().Body!["status"]?["used"]?[counted] ?? "-1", CultureInfo.InvariantCulture);

    // The quota's status says so first, admission goes by it a moment later.
    private async Task AwaitFreeAsync(Tenant tenant, CountedObject kind, int used)
    {
        await Poll.UntilAsync($"the object quota of tenant \"{tenant.Name}\" to count {used} {kind.Counted}", () => UsedAsync(tenant, kind.Counted), n => n == used, n => n.ToString(CultureInfo.InvariantCulture));
        await Poll.UntilAsync($"tenant \"{tenant.Name}\" to be allowed {kind.Phrase} again", () => TryMakeAsync(tenant, kind, dryRun: true), a => a.Allowed, a => a.Verdict);
    }

    private async Task<ApiAnswer> TryMakeAsync(Tenant tenant, CountedObject kind, bool dryRun)
    {
        var body = kind.Body();
        body["metadata"] = new JsonObject { ["name"] = $"many-{Interlocked.Increment(ref _count):00}" };
        // A quota that is new says 'status unknown' until it has counted what is there.
        return await Poll.UntilAsync($"the object quota of tenant \"{tenant.Name}\" to have counted what is there", () => tenant.Api.PostAsync(kind.PathIn(tenant) + (dryRun ? "?dryRun=All" : ""), body.DeepClone()),
            a => a.Message?.Contains("status unknown for quota", StringComparison.Ordinal) != true, a => a.Verdict);
    }

    private static string Path(Tenant tenant) => $"/api/v1/namespaces/{tenant.Namespace}/resourcequotas/{Name}";

    private static Dictionary<string, string> Values(Tenant tenant) => new() { ["NAMESPACE"] = tenant.Namespace };
}
