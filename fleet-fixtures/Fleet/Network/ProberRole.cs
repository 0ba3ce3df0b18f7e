using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace SecuritySpecs.FleetProgram.Network;

/// <summary><c>fleet prober</c>: what other pods try to reach, and what tries to reach them. It answers everyone, on purpose, and obeys its own pod.</summary>
internal sealed class ProberRole : Role
{
    private const int DefaultPort = 8080;
    private const int MostTimeoutMs = 60000;

    public override string Name => "prober";

    public override string Summary => "says which pod it is by HTTP and UDP, and tries what it is told to: both ends of network checks";

    public override IReadOnlyCollection<string> Options => ["--port", "--udp-port", "--dns-port", "--control-port"];

    public override string Help =>
        $$"""
        Usage: fleet prober [--port PORT[,PORT...]] [--udp-port PORT[,PORT...]] [--dns-port PORT] [--control-port PORT]

        Answers GET / on all interfaces, and any UDP datagram, with {"pod":...,"namespace":...,"node":...}, taken from the
        environment variables POD_NAME, POD_NAMESPACE and NODE_NAME. Runs until SIGTERM.

          --port PORTS         for HTTP, each 1 to 65535 (default {{DefaultPort}})
          --udp-port PORTS     for UDP (default none)
          --dns-port PORT      for questions about names, by UDP and TCP (default none): every name has the address {{NameServer.Answer}}
          --control-port PORT  on 127.0.0.1 only (default none), where whoever is inside the pod may POST /probe
                               {"targets":[...],"timeoutMs":N}: all targets are tried at the same moment, until nobody
                               has answered for N ms, and the answer is a list of what `fleet probe` prints, in the same
                               order; last comes the control port itself, and before it has answered nobody is silent
        """;

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        arguments.NoWords();
        var ports = arguments.Numbers("--port", 1, 65535, DefaultPort);
        var udpPorts = arguments.Numbers("--udp-port", 1, 65535);
        var names = arguments.Text("--dns-port") is null ? null : new NameServer(IPAddress.Any, arguments.Number("--dns-port", 1, 65535));
        var control = arguments.Text("--control-port") is null ? (int?)null : arguments.Number("--control-port", 1, 65535);
        var me = JsonSerializer.SerializeToUtf8Bytes(Whoami.Mine, Json.Shapes.Whoami);

        await using var app = Server(ports, control, me);
        var sockets = udpPorts.Select(Bound).ToList();
        await app.StartAsync(stop);
        var echoes = sockets.Select(s => EchoAsync(s, me, stop)).Append(names?.RunAsync(stop) ?? Task.CompletedTask).ToList();
        Log.Line($"answering on port {string.Join(", ", ports)}{(udpPorts.Count > 0 ? $" and UDP port {string.Join(", ", udpPorts)}" : "")}");
        await HttpServers.ServeAsync(stop, app);
        await Task.WhenAll(echoes);
        return 0;
    }

    private static WebApplication Server(IReadOnlyList<int> ports, int? control, byte[] me)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            foreach (var port in ports)
                kestrel.ListenAnyIP(port);
            if (control is { } local)
                kestrel.Listen(IPAddress.Loopback, local);
        });
        var app = builder.Build();
        app.Run(context => context.Connection.LocalPort == control && context.Request.Path == "/probe" ? ProbeAsync(context) : AnswerAsync(context, me));
        return app;
    }

    private static async Task AnswerAsync(HttpContext context, byte[] answer)
    {
        if (context.Request.Path != "/" || !HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = context.Request.Path == "/" ? StatusCodes.Status405MethodNotAllowed : StatusCodes.Status404NotFound;
            return;
        }
        await WriteAsync(context, answer);
    }

    private static async Task ProbeAsync(HttpContext context)
    {
        try
        {
            var batch = await JsonSerializer.DeserializeAsync(context.Request.Body, Json.Shapes.ProbeBatch, context.RequestAborted);
            if (batch is not { Targets: not null, TimeoutMs: > 0 and <= MostTimeoutMs })
                throw new UsageException($"targets, a list, and timeoutMs from 1 to {MostTimeoutMs} are expected");
            var loopback = Probe.Of(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{context.Connection.LocalPort}/"));
            var reports = await Probe.AllAsync(batch.Targets.Select(Probe.Of).ToList(), TimeSpan.FromMilliseconds(batch.TimeoutMs), context.RequestAborted, loopback);
            await WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(reports, Json.Shapes.ProbeReportArray));
        }
        catch (Exception e) when (e is JsonException or UsageException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(e.Message, context.RequestAborted);
        }
    }

    private static async Task WriteAsync(HttpContext context, byte[] json)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }

    private static Socket Bound(int port)
    {
        var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port));
        return socket;
    }

    private static async Task EchoAsync(Socket socket, byte[] answer, CancellationToken stop)
    {
        using (socket)
        {
            var question = new byte[1500];
            var from = new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    var asked = await socket.ReceiveFromAsync(question, SocketFlags.None, from, stop);
                    await socket.SendToAsync(answer, SocketFlags.None, asked.RemoteEndPoint, stop);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
                catch (SocketException)
                {
                    // Who asked has gone, or may not be answered: the next one may.
                }
            }
        }
    }
}
