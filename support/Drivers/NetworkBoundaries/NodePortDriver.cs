using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>Model servers that are open on a port of the nodes, and callers from where this program runs: outside the cluster.</summary>
public sealed class NodePortDriver(ScenarioPlatform scenario)
{
    private const int InARow = 3;
    private const string Outside = "somebody outside the cluster";
    private static readonly TimeSpan OpeningDeadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Opens a tenant's model server on a port of every node, with the tenant's own rights.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="policy"><c>externalTrafficPolicy</c>: Cluster, where every node takes the traffic and may send it on under its own address; Local, where only the model server's node does, and the caller's address stays.</param>
    public static async Task OpenAsync(Tenant tenant, string policy) => (await tenant.Api.PatchAsync($"/api/v1/namespaces/{tenant.Namespace}/services/{TenantRequest.ModelServer}",
        new JsonObject { ["spec"] = new JsonObject { ["type"] = "NodePort", ["externalTrafficPolicy"] = policy } })).OrThrow();

    /// <summary>Calls the node port of a tenant's model server from where this program runs, and keeps as evidence what came of it.</summary>
    public async Task CallAsync(Tenant tenant)
    {
        var url = await UrlAsync(tenant);
        scenario.Note(Outside, $"{url}: {(await TryAsync(url)).Seen}");
    }

    /// <summary>Waits until the node port of a tenant's model server answers a call from where this program runs: a new one takes a moment to be open.</summary>
    /// <exception cref="TimeoutException">It does not: perhaps the nodes cannot be reached from here at all.</exception>
    public async Task AwaitAnswerAsync(Tenant tenant)
    {
        var url = await UrlAsync(tenant);
        var call = await Poll.UntilAsync($"an answer of {url}", () => TryAsync(url), c => c.IsReached, c => c.Seen, OpeningDeadline);
        scenario.Note(Outside, $"{url}: {call.Seen}");
    }

    /// <summary>Waits until the node port of a tenant's model server is not reached from where this program runs, several times in a row.</summary>
    public async Task AwaitSilenceAsync(Tenant tenant)
    {
        var url = await UrlAsync(tenant);
        var streak = 0;
        var call = await Poll.UntilAsync($"{url} not to be reached, {InARow} times in a row", () => TryAsync(url), c => (streak = c.IsReached ? 0 : streak + 1) == InARow, c => c.Seen);
        scenario.Note(Outside, $"{url}, {InARow} times in a row: {call.Seen}");
    }

    private async Task<string> UrlAsync(Tenant tenant)
    {
        var node = (string)(await tenant.Pods.WaitReadyAsync(TenantRequest.ModelServer))["status"]!["hostIP"]!;
        var service = (await scenario.Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{tenant.Namespace}/services/{TenantRequest.ModelServer}")).OrThrow().Body!;
        return $"http://{HostName.InUrl(node)}:{service["spec"]!["ports"]![0]!["nodePort"]}/metrics";
    }

    private static async Task<(bool IsReached, string Seen)> TryAsync(string url)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(new Uri(url));
            return (true, $"HTTP {(int)answer.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return (false, e is HttpRequestException ? e.Message : $"no answer within {Patience.TotalMilliseconds:0} ms");
        }
    }
}
