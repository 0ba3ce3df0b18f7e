using System.Net.Sockets;
using SecuritySpecs.Fleet;

namespace SecuritySpecs.Cluster.Canaries;

/// <summary>
/// Finds out which ports of the nodes are reached from where this program runs. "Not reached" is an answer only where a connection
/// is refused or silent while the API server, which can reach the same port, answers.
/// </summary>
internal sealed class PortCanary(KubeApi admin, RunOptions options, GpuFleet fleet)
{
    private const string Server = "server";
    private const int Port = 8080;
    private static readonly TimeSpan Connecting = TimeSpan.FromSeconds(1);

    /// <summary>How long a port may be silent while its twin answers.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    public async Task<CapabilityInfo> KubeletAsync()
    {
        if (fleet.Info.RealNodes is not [var node, ..])
            return new(CapabilityDetector.KubeletPort, false, "there is no GPU node whose kubelet could be asked");
        var status = (await admin.GetUnrecordedAsync($"/api/v1/nodes/{node}")).OrThrow().Body!["status"]!;
        var address = (string)status["addresses"]!.AsArray().First(a => (string?)a!["type"] == "InternalIP")!["address"]!;
        return await JudgeAsync(CapabilityDetector.KubeletPort, address, (int)status["daemonEndpoints"]!["kubeletEndpoint"]!["Port"]!, $"/api/v1/nodes/{node}/proxy/healthz");
    }

    public async Task<CapabilityInfo> NodePortAsync()
    {
        await using var space = await ScratchNamespace.CreateAsync(admin, options.RunId, "canary-node-port");
        var pods = new PodDriver(admin, options.Manifests, space.Name, "default");
        await pods.AddAsync(Server, "workloads/server.yaml", fleet.NodeUnderTestOrAny);
        var services = $"/api/v1/namespaces/{space.Name}/services";
        var service = (await admin.PostAsync(services, new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Service", ["metadata"] = new JsonObject { ["name"] = Server },
            ["spec"] = new JsonObject
            {
                ["type"] = "NodePort", ["selector"] = new JsonObject { ["app.kubernetes.io/name"] = Server }, ["ports"] = new JsonArray(new JsonObject { ["port"] = Port }),
            },
        })).OrThrow().Body!;
        var pod = await pods.WaitReadyAsync(Server);
        return await JudgeAsync(CapabilityDetector.NodePort, (string)pod["status"]!["hostIP"]!, (int)service["spec"]!["ports"]![0]!["nodePort"]!, $"{services}/{Server}:{Port}/proxy/");
    }

    /// <summary>Whether a connection from here comes about before patience ends; only then, and only where the twin answers, it does not.</summary>
    /// <param name="capability">What is asked.</param>
    /// <param name="address">The node's.</param>
    /// <param name="port">The port.</param>
    /// <param name="twin">The same through the API server.</param>
    internal async Task<CapabilityInfo> JudgeAsync(string capability, string address, int port, string twin)
    {
        var place = $"{address}:{port}";
        var clock = Stopwatch.StartNew();
        var last = await Poll.UntilAsync($"a connection to {place}", async () =>
            (Failure: await ConnectAsync(address, port), Twin: await admin.GetUnrecordedAsync(twin)),
            seen => seen.Failure is null || (seen.Twin.Allowed && clock.Elapsed > Patience),
            seen => $"{seen.Failure}; through the API server: {seen.Twin}", 4 * Patience);
        return new(capability, last.Failure is null, last.Failure is null
            ? $"this program connected to {place}"
            : $"this program could not connect to {place} ({last.Failure}) while the API server reached it");
    }

    // Null: connected.
    private static async Task<string?> ConnectAsync(string address, int port)
    {
        using var deadline = new CancellationTokenSource(Connecting);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Parse(address), port, deadline.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            return $"silent for {Connecting.TotalSeconds:0} s";
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.TimedOut)
        {
            return e.SocketErrorCode.ToString();
        }
    }
}
