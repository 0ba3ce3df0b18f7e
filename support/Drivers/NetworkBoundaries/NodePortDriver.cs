using System.Net.Sockets;
using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>Workloads that are open on a port of the nodes, and callers from where this program runs: outside the cluster.</summary>
public sealed class NodePortDriver(ScenarioPlatform scenario)
{
    private const int InARow = 3;
    private const string TwinService = "open-twin";
    private const string Outside = "somebody outside the cluster";
    private static readonly TimeSpan OpeningDeadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Opens a tenant's workload on a port of every node, with the tenant's own rights.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="policy"><c>externalTrafficPolicy</c>: Cluster, where every node takes the traffic and may send it on under its own address; Local, where only the model server's node does, and the caller's address stays.</param>
    public static async Task OpenAsync(Tenant tenant, Workload workload, string policy) => (await tenant.Api.PatchAsync($"/api/v1/namespaces/{tenant.Namespace}/services/{workload.Name}",
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

    /// <summary>
    /// Waits until the node port of a tenant's model server is not reached from where this program runs, several times in a row: each
    /// time the same caller reaches, at the same moment, a port of the same node that leads to a pod without such a policy.
    /// </summary>
    public async Task AwaitSilenceAsync(Tenant tenant)
    {
        await OpenTwinAsync(tenant);
        var (url, twin) = (await UrlAsync(tenant), await UrlAsync(tenant, TwinService, ""));
        var streak = 0;
        var seen = await Poll.UntilAsync($"{url} not to be reached while {twin} is, {InARow} times in a row", async () =>
        {
            var calls = await Task.WhenAll(TryAsync(url), TryAsync(twin));
            return (Subject: calls[0], Twin: calls[1]);
        }, c => (streak = c.Subject.IsShut && c.Twin.IsReached ? streak + 1 : 0) == InARow, c => $"{c.Subject.Seen}; {twin}: {c.Twin.Seen}");
        scenario.Note(Outside, $"{url}, {InARow} times in a row: {seen.Subject.Seen}; at the same moment {twin}: {seen.Twin.Seen}");
    }

    // The gateway, by a Service of its own: the policies of the model server let everybody in to it.
    private static async Task OpenTwinAsync(Tenant tenant)
    {
        var answer = await tenant.Api.PostAsync($"/api/v1/namespaces/{tenant.Namespace}/services", new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Service", ["metadata"] = new JsonObject { ["name"] = TwinService },
            ["spec"] = new JsonObject
            {
                ["type"] = "NodePort", ["externalTrafficPolicy"] = "Local", ["selector"] = new JsonObject { ["app.kubernetes.io/name"] = "gateway" },
                ["ports"] = new JsonArray(new JsonObject { ["port"] = TenantRequest.ServerPort }),
            },
        });
        if (answer.Reason != "AlreadyExists")
            answer.OrThrow();
    }

    private async Task<string> UrlAsync(Tenant tenant, string name = TenantRequest.ModelServer, string path = "metrics")
    {
        var node = (string)(await tenant.Pods.WaitReadyAsync(TenantRequest.ModelServer))["status"]!["hostIP"]!;
        var service = (await scenario.Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{tenant.Namespace}/services/{name}")).OrThrow().Body!;
        return $"http://{HostName.InUrl(node)}:{service["spec"]!["ports"]![0]!["nodePort"]}/{path}";
    }

    private static async Task<Call> TryAsync(string url)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(new Uri(url));
            return new(true, false, $"HTTP {(int)answer.StatusCode}");
        }
        catch (OperationCanceledException)
        {
            return new(false, true, $"no answer within {Patience.TotalMilliseconds:0} ms");
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.TimedOut
            or SocketError.HostUnreachable or SocketError.NetworkUnreachable } refused)
        {
            return new(false, true, refused.SocketErrorCode.ToString());
        }
        catch (HttpRequestException e)
        {
            return new(false, false, $"could not find out: {e.Message}");
        }
    }

    /// <summary>What came of a call.</summary>
    /// <param name="IsReached">It was answered.</param>
    /// <param name="IsShut">It was not, in a way in which a network denies.</param>
    /// <param name="Seen">In words.</param>
    private sealed record Call(bool IsReached, bool IsShut, string Seen);
}
