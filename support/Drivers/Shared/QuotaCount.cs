namespace SecuritySpecs.Drivers.Shared;

/// <summary>
/// Sees to it that a quota counts what is there. When its limits change, its controller counts anew from what it has seen by
/// then: pods made a moment ago may be missing, and are until the next pod of the namespace goes (seen on Kubernetes 1.20).
/// </summary>
public sealed class QuotaCount(ScenarioPlatform scenario, PodFactory factory)
{
    private const string Nudge = "counted-and-gone";

    /// <summary>Waits until a quota's status has the number that is right, and lets a pod of no weight come and go as long as it has not.</summary>
    /// <param name="tenant">Whose quota.</param>
    /// <param name="quota">Its name.</param>
    /// <param name="counted">The key of its status.</param>
    /// <param name="actual">What is there.</param>
    public async Task AwaitAsync(Tenant tenant, string quota, string counted, int actual)
    {
        var path = $"/api/v1/namespaces/{tenant.Namespace}/resourcequotas/{quota}";
        await Poll.UntilAsync($"{quota} of tenant \"{tenant.Name}\" to count {actual} {counted}", async () =>
        {
            var used = await UsedAsync(path, counted);
            if (used is not null && used != actual)
                await NudgeAsync(tenant);
            return used;
        }, used => used == actual, used => used?.ToString(CultureInfo.InvariantCulture) ?? "nothing yet");
    }

    private async Task<int?> UsedAsync(string path, string counted) =>
        (string?)(await scenario.Platform.Admin.GetUnrecordedAsync(path)).OrThrow().Body!["status"]?["used"]?[counted] is { } used ? int.Parse(used, CultureInfo.InvariantCulture) : null;

    private async Task NudgeAsync(Tenant tenant)
    {
        var pods = factory.AsAdmin(tenant);
        await pods.TryAddAsync(Nudge, PodFactory.PlainPod, Placement.Nowhere);
        var gone = await scenario.Platform.Admin.DeleteAsync($"{pods.Collection}/{Nudge}", new JsonObject { ["gracePeriodSeconds"] = 0 });
        if (gone.Code != 404) // a quota may have refused it
            gone.OrThrow();
    }
}
