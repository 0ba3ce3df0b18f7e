using SecuritySpecs.Kube;

namespace SecuritySpecs.Tenants;

/// <summary>Which tenants' clients reach which tenant's server, and by what they know of it.</summary>
public sealed class ReachDriver(ScenarioPlatform scenario)
{
    /// <summary>The pod that "runs a client" makes.</summary>
    public const string Client = "client";

    // A policy takes hold pod by pod: it is in force once the same picture of all clients is seen so many times in a row.
    private const int InARow = 3;
    private const int ProbeMs = 300;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>Waits until a server is reached by exactly some of the clients, all of them tried at the same moment.</summary>
    /// <param name="server">Whose server.</param>
    /// <param name="reaching">Tenants whose clients must reach it.</param>
    /// <param name="others">Tenants whose clients must not, be it by a refusal or by silence.</param>
    public async Task AwaitAsync(Tenant server, Tenant[] reaching, Tenant[] others)
    {
        var target = PodDriver.UrlOf(await server.Pods.WaitReadyAsync(TenantRequest.Server), TenantRequest.ServerPort);
        Tenant[] clients = [.. reaching, .. others];
        // What is open once is open; what is shut may only be so for a moment.
        var wanted = others.Length == 0 ? 1 : InARow;
        var streak = 0;
        var seen = await Poll.UntilAsync($"{Names(reaching)} alone to reach {target}, {wanted} times in a row", async () =>
        {
            var round = await Task.WhenAll(clients.Select(c => c.Pods.ProbeAsync(Client, target, ProbeMs)));
            streak = round.Take(reaching.Length).All(IsOpen) && round.Skip(reaching.Length).All(IsShut) ? streak + 1 : 0;
            return round;
        }, _ => streak == wanted, round => Describe(clients, round), Deadline);
        scenario.Note($"server of tenant \"{server.Name}\"", $"{target}, {wanted} times in a row: {Describe(clients, seen)}");
    }

    /// <summary>Waits until a tenant's Service answers to its name, asked by another tenant's client: a new one takes a moment to be known everywhere.</summary>
    public Task<ProbeOutcome> AwaitByNameAsync(Tenant client, Tenant server) => Poll.UntilAsync($"the service of tenant \"{server.Name}\" to answer to its name",
        () => ProbeByNameAsync(client, server), IsOpen, p => p.Result, Deadline);

    /// <summary>Tries a tenant's Service by its name, from another tenant's client.</summary>
    public async Task<ProbeOutcome> ProbeByNameAsync(Tenant client, Tenant server)
    {
        var target = $"http://{TenantRequest.Service}.{server.Namespace}.svc:{TenantRequest.ServerPort}/";
        var probe = await client.Pods.ProbeAsync(Client, target);
        scenario.Note($"client of tenant \"{client.Name}\"", $"{target} is {probe.Result}");
        return probe;
    }

    /// <summary>What the environment of a tenant's client says of some tenant's Service: the variables with its address.</summary>
    public async Task<IReadOnlyList<string>> ToldOfAsync(Tenant client, Tenant server)
    {
        var address = await ServiceAddressAsync(server);
        var environment = (await client.Api.ExecAsync(client.Namespace, Client, "main", "env")).Stdout;
        return [.. environment.Split('\n').Where(v => v.EndsWith("=" + address, StringComparison.Ordinal))];
    }

    private async Task<string> ServiceAddressAsync(Tenant tenant) =>
        (string)(await scenario.Platform.Admin.PeekAsync($"/api/v1/namespaces/{tenant.Namespace}/services/{TenantRequest.Service}")).OrThrow().Body!["spec"]!["clusterIP"]!;

    private static bool IsOpen(ProbeOutcome probe) => probe.Result == "open";

    private static bool IsShut(ProbeOutcome probe) => probe.Result is "timeout" or "refused" or "unreachable";

    private static string Names(IEnumerable<Tenant> tenants) => string.Join(" and ", tenants.Select(t => $"the client of tenant \"{t.Name}\""));

    private static string Describe(Tenant[] clients, ProbeOutcome[] round) => string.Join(", ", clients.Zip(round, (c, p) => $"{c.Name}: {p.Result}"));
}
