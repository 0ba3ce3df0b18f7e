using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.NetworkBoundaries.Models;

/// <summary>
/// Keys of model servers that are replaced while server and clients run. A change is in force once the kubelet has brought it
/// into the pods: here at once, for the pods are touched as well (<see cref="ModelServerDriver.TouchAsync"/>).
/// </summary>
public sealed class ModelRotation(ScenarioPlatform scenario, ModelKeys keys, ModelServerDriver servers, ModelCallDriver calls)
{
    private const string NextId = "gateway-next";
    private const int CallsWithNewKey = 10;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    // The calls end by themselves once enough of them had the new key; this is for a key that never comes.
    private static readonly TimeSpan LongestSeries = TimeSpan.FromSeconds(50);
    private readonly Stopwatch _sinceWritten = new();
    private readonly Dictionary<string, CallOutcome> _meanwhile = [];
    private (Tenant Tenant, string Pod)[] _touched = [];

    /// <summary>Replaces the key of a tenant's gateway at server and client.</summary>
    public async Task ReplaceAsync(Tenant tenant)
    {
        await keys.GiveAsync(tenant);
        await TouchAsync(tenant, ModelServerDriver.Server, ModelKeys.Gateway);
    }

    /// <summary>Replaces the key of a tenant's gateway at the server; the gateway goes on with the old one.</summary>
    public async Task ReplaceAtServerAsync(Tenant tenant)
    {
        await keys.ReplaceAtServerAsync(tenant);
        await TouchAsync(tenant, ModelServerDriver.Server);
    }

    /// <summary>Takes the key of a tenant's gateway away from the server.</summary>
    public async Task ShutOutAsync(Tenant tenant)
    {
        await ModelKeys.ShutOutAsync(tenant, ModelKeys.Gateway);
        await TouchAsync(tenant, ModelServerDriver.Server);
    }

    /// <summary>Lets the key of another tenant's gateway in at a tenant's server.</summary>
    public async Task LetInAsync(Tenant tenant, Tenant other)
    {
        await ModelKeys.LetInAsync(tenant, other.Name, keys.Of(other));
        await TouchAsync(tenant, ModelServerDriver.Server);
    }

    /// <summary>Takes the key of another tenant's gateway away again.</summary>
    public async Task ShutOutAsync(Tenant tenant, Tenant other)
    {
        await ModelKeys.ShutOutAsync(tenant, other.Name);
        await TouchAsync(tenant, ModelServerDriver.Server);
    }

    /// <summary>
    /// Lets a new key of a tenant's gateway in beside the old one, and hands it to the gateway, which calls all the while: one call
    /// after another in one series, begun before the change and ended by calls with the new key.
    /// </summary>
    public async Task MoveAsync(Tenant tenant)
    {
        var client = new ModelClient(tenant, ModelKeys.Gateway, tenant);
        var step = ModelCall.WithItsKey.Step();
        (step["forMs"], step["pauseMs"], step["untilNewKey"]) = ((int)LongestSeries.TotalMilliseconds, 50, CallsWithNewKey);
        var calling = calls.CallAsync(client, step);
        await servers.AwaitAnsweredAsync(tenant, ModelKeys.Gateway);
        var key = keys.New(tenant);
        await ModelKeys.LetInAsync(tenant, NextId, key);
        await servers.AwaitKeyAsync(tenant, ModelServerDriver.Server, NextId);
        await ModelKeys.HandAsync(tenant, ModelKeys.Gateway, key);
        await servers.AwaitKeyAsync(tenant, ModelKeys.Gateway, "key");
        _meanwhile[tenant.Name] = (await calling)[0];
        scenario.Note($"{client}", $"calls meanwhile: {_meanwhile[tenant.Name]}; by key: {string.Join("; ", _meanwhile[tenant.Name].ByKey.Select(CallOutcome.Told))}");
    }

    /// <summary>What a tenant's gateway was answered while it moved to a new key.</summary>
    public CallOutcome Meanwhile(Tenant tenant) => _meanwhile[tenant.Name];

    /// <summary>Waits until a gateway is answered with a status.</summary>
    /// <returns>How long that was after the keys were written.</returns>
    public async Task<TimeSpan> UntilAsync(Tenant client, Tenant server, int status)
    {
        var gateway = new ModelClient(client, ModelKeys.Gateway, server);
        await Poll.UntilAsync($"the {gateway} to be answered {status}", async () =>
        {
            var outcome = await calls.CallUntilAsync(gateway, status, Round);
            // The kubelet may have looked at the pod before it heard of the Secret: it is to look again.
            if (outcome.Status != status)
                await Task.WhenAll(_touched.Select(t => servers.TouchAsync(t.Tenant, t.Pod)));
            return outcome;
        }, o => o.Status == status, o => o.ToString());
        scenario.Note($"{gateway}", $"is answered {status} {_sinceWritten.ElapsedMilliseconds} ms after the keys were written");
        return _sinceWritten.Elapsed;
    }

    /// <summary>Waits until the directory of keys in a tenant's model server holds its gateway's latest key.</summary>
    public async Task AwaitInFolderAsync(Tenant tenant)
    {
        await servers.AwaitKeyAsync(tenant, ModelServerDriver.Server, ModelKeys.Gateway);
        scenario.Note($"tenant \"{tenant.Name}\"", $"the new key is in the directory {_sinceWritten.ElapsedMilliseconds} ms after it was written");
    }

    private async Task TouchAsync(Tenant tenant, params string[] pods)
    {
        _sinceWritten.Restart();
        _touched = [.. pods.Select(p => (tenant, p))];
        await Task.WhenAll(pods.Select(p => servers.TouchAsync(tenant, p)));
    }
}
