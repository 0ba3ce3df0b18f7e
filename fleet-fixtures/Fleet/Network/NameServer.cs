using System.Net.Sockets;

namespace SecuritySpecs.FleetProgram.Network;

/// <summary>
/// A resolver that knows every name: it answers all questions for an address with the same one. Whoever can ask it can also tell it
/// things, in the names that are asked for: that is what a tunnel through DNS is.
/// </summary>
internal sealed class NameServer
{
    /// <summary>The address that every name has, of a range that is for documentation (RFC 5737).</summary>
    public static readonly IPAddress Answer = IPAddress.Parse("192.0.2.53");

    private readonly Socket _datagrams;
    private readonly Socket _connections;

    /// <summary>Takes its place for UDP and TCP.</summary>
    /// <exception cref="SocketException">It may not, or somebody else has it.</exception>
    public NameServer(IPAddress address, int port)
    {
        _datagrams = Bound(address, port, SocketType.Dgram, ProtocolType.Udp);
        _connections = Bound(address, port, SocketType.Stream, ProtocolType.Tcp);
        _connections.Listen();
    }

    /// <summary>Answers everyone until told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using (_datagrams)
        using (_connections)
            await Task.WhenAll(AnswerDatagramsAsync(stop), AnswerConnectionsAsync(stop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AnswerDatagramsAsync(CancellationToken stop)
    {
        var question = new byte[1500];
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var asked = await _datagrams.ReceiveFromAsync(question, SocketFlags.None, _datagrams.LocalEndPoint!, stop);
                if (DnsMessage.Reply(question[..asked.ReceivedBytes], Answer) is { } reply)
                    await _datagrams.SendToAsync(reply, SocketFlags.None, asked.RemoteEndPoint, stop);
            }
            catch (SocketException)
            {
                // Who asked has gone, or may not be answered: the next one may.
            }
        }
    }

    private async Task AnswerConnectionsAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            _ = AnswerAsync(await _connections.AcceptAsync(stop), stop);
    }

    private static async Task AnswerAsync(Socket client, CancellationToken stop)
    {
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            while (await DnsMessage.UnframedAsync(stream, stop) is { } question && DnsMessage.Reply(question, Answer) is { } reply)
                await stream.WriteAsync(DnsMessage.Framed(reply), stop);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // Who asked has gone.
        }
    }

    private static Socket Bound(IPAddress address, int port, SocketType type, ProtocolType protocol)
    {
        var socket = new Socket(address.AddressFamily, type, protocol);
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }
}
