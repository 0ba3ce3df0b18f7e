using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace SecuritySpecs.FleetProgram.Network;

/// <summary><c>fleet outside-world</c>: plays what pods find beyond their cluster, for machines where there is nothing.</summary>
internal sealed class OutsideWorldRole : Role
{
    // In the form in which pods say who they are.
    private const string Site = """{"pod":"web-site","namespace":"outside","node":""}""";
    private static readonly IPAddress s_site = IPAddress.Parse("198.51.100.10");
    private static readonly IPAddress s_cloud = IPAddress.Parse("198.51.100.20");
    private static readonly IPAddress s_resolver = IPAddress.Parse("198.51.100.53");
    private static readonly IPAddress s_metadata = IPAddress.Parse("169.254.169.254");
    private static readonly IPAddress s_nobody = IPAddress.Parse("203.0.113.254");
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    public override string Name => "outside-world";

    public override string Summary => "play what is beyond the cluster: a web site, a resolver, a cloud with a metadata service and a bucket";

    public override IReadOnlyCollection<string> Options => [];

    public override string Help =>
        $"""
        Usage: fleet outside-world

        Makes a network beyond the node (this process must be in the node's network, with CAP_NET_ADMIN, CAP_SYS_ADMIN and
        CAP_NET_BIND_SERVICE) and answers there, until SIGTERM; the network goes with the process.

          http://{s_site}/       a web site
          {s_resolver}:53             a resolver that knows every name (UDP and TCP)
          http://{s_metadata}/     a cloud's metadata service with the fake credentials of a node, with and without token
          http://{s_cloud}/       its bucket (GET /models/OBJECT), which these credentials open, and its administrator's way
                                      to revoke one of them: DELETE /sessions/ACCESS-KEY-ID

        Ends with an error where a metadata service answers already: it is not ours to stand in its way.
        """;

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        arguments.NoWords();
        // Of a range for documentation as well: where even that can be connected to, something between answers for everyone.
        if (await AnswersAsync(s_metadata, stop) && !await AnswersAsync(s_nobody, stop))
            throw new FleetException($"a metadata service answers at {s_metadata} already: it is the cloud's, or another run's");
        var (web, names) = OutsideNetwork.Open([s_site, s_resolver, s_cloud, s_metadata], () => (Listening(), new NameServer(s_resolver, 53)));
        await using var app = Server(web);
        await app.StartAsync(stop);
        Log.Line($"answering at {s_site}, {s_resolver}, {s_cloud} and {s_metadata}");
        await names.RunAsync(stop);
        return 0;
    }

    private static async Task<bool> AnswersAsync(IPAddress address, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(s_patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address, 80, limit.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private static Socket Listening()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 80));
        return socket;
    }

    private static WebApplication Server(Socket socket)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        // Opened in the other network, and there it stays.
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenHandle((ulong)socket.Handle));
        var app = builder.Build();
        var sessions = new CloudSessions();
        var (metadata, cloud) = (new MetadataService(sessions), new CloudApi(sessions));
        app.Run(context => s_metadata.Equals(context.Connection.LocalIpAddress) ? metadata.AnswerAsync(context)
            : s_cloud.Equals(context.Connection.LocalIpAddress) ? cloud.AnswerAsync(context) : context.Response.WriteAsync(Site));
        return app;
    }
}
