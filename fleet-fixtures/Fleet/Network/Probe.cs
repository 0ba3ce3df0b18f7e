using System.Net.Sockets;

namespace SecuritySpecs.FleetProgram.Network;

/// <summary>One attempt to reach one target.</summary>
internal sealed class Probe
{
    /// <summary>How many characters of an answer are kept.</summary>
    public const int BodyLength = 200;

    /// <summary>What targets look like, for messages.</summary>
    public const string Forms = "http://HOST[:PORT]/PATH, tcp://HOST:PORT, udp://HOST:PORT, dns://SERVER/NAME, dns+tcp://SERVER/NAME, imds://HOST/PATH or s3://TOKEN@HOST/PATH";

    // A datagram that got lost is sent again: silence must mean that somebody keeps silent.
    private const int Datagrams = 4;
    private const int DnsPort = 53;
    private const int HttpPort = 80;
    private static readonly byte[] Question = "who are you?"u8.ToArray();
    private readonly string _target;
    private readonly Uri _uri;

    private Probe(string target, Uri uri) => (_target, _uri) = (target, uri);

    /// <summary>The probe of a target.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static Probe Of(string target) =>
        Uri.TryCreate(target, UriKind.Absolute, out var uri) && uri.Host.Length > 0 && uri.Scheme switch
        {
            "http" or "imds" => true,
            "s3" => uri.UserInfo.Length > 0,
            "tcp" or "udp" => uri.Port > 0,
            "dns" or "dns+tcp" => uri.AbsolutePath.Length > 1,
            _ => false,
        }
            ? new(target, uri)
            : throw new UsageException($"'{target}' is no target: expected {Forms}");

    /// <summary>
    /// Tries all at the same moment. Silent is who has not answered when nobody has for the time of <paramref name="timeout"/>: that
    /// costs one timeout, however many are silent, and where many answer on a busy machine, the last of them has its time, too.
    /// </summary>
    /// <param name="probes">What to try.</param>
    /// <param name="timeout">How long nobody may have answered.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="yardstick">
    /// What answers whatever stands in the network, such as the own loopback. Where that takes long, the machine is slow and not the
    /// network silent: no silence counts before it has answered, nor one that is shorter than that took.
    /// </param>
    /// <returns>A report for each, in order, the yardstick's last.</returns>
    public static async Task<ProbeReport[]> AllAsync(IEnumerable<Probe> probes, TimeSpan timeout, CancellationToken stop, Probe? yardstick = null)
    {
        // Of this batch alone: a connection that is kept would outlive the policy that is asked about.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var needed = yardstick is null ? timeout.TotalMilliseconds : double.PositiveInfinity;
        var all = probes.Select(async probe =>
        {
            var report = await probe.RunAsync(http, timeout, silence.Token);
            Heard();
            return report;
        }).ToList();
        if (yardstick is not null)
        {
            // Begun after the others, so that it has to wait for what they have to wait for.
            all.Add(yardstick.RunAsync(http, timeout, stop));
            needed = Math.Max(timeout.TotalMilliseconds, (await all[^1]).LatencyMs);
        }

        Heard();
        var reports = await Task.WhenAll(all);
        stop.ThrowIfCancellationRequested();
        return reports;

        void Heard()
        {
            if (double.IsFinite(needed))
                silence.CancelAfter(TimeSpan.FromMilliseconds(needed));
        }
    }

    private async Task<ProbeReport> RunAsync(HttpClient http, TimeSpan timeout, CancellationToken limit)
    {
        var clock = Stopwatch.StartNew();
        var seen = await TryAsync(http, timeout, limit);
        return new(_target, seen.Result, seen.Status, Math.Round(clock.Elapsed.TotalMilliseconds, 1), seen.Body, seen.ServedBy);
    }

    private async Task<Seen> TryAsync(HttpClient http, TimeSpan timeout, CancellationToken limit)
    {
        try
        {
            return _uri.Scheme switch
            {
                "tcp" => await ConnectAsync(limit),
                "udp" => await AskAsync(timeout, limit),
                "dns" => Heard(await ExchangeAsync(DnsPort, DnsQuestion(), timeout, limit)),
                "dns+tcp" => Heard(await ExchangeByTcpAsync(DnsQuestion(), limit)),
                "imds" => await GetWithTokenAsync(http, limit),
                "s3" => await GetAsync(http, new Uri($"http://{_uri.Host}:{(_uri.Port > 0 ? _uri.Port : HttpPort)}{_uri.PathAndQuery}"), (CloudApi.TokenHeader, _uri.UserInfo), limit),
                _ => await GetAsync(http, _uri, null, limit),
            };
        }
        catch (OperationCanceledException)
        {
            return new("timeout");
        }
        catch (Exception e) when (e is SocketException or HttpRequestException or IOException or FormatException)
        {
            return new(Explain(e));
        }
    }

    private async Task<Seen> ConnectAsync(CancellationToken limit)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_uri.DnsSafeHost, _uri.Port, limit);
        return new("open");
    }

    private static async Task<Seen> GetAsync(HttpClient http, Uri uri, (string Header, string Token)? shown, CancellationToken limit)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (shown is { } credential)
            request.Headers.Add(credential.Header, credential.Token);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
        var servedBy = response.Headers.TryGetValues(Whoami.Header, out var names) ? string.Join(", ", names) : null;
        return new("open", (int)response.StatusCode, await StartAsync(response.Content, limit), servedBy);
    }

    // What a cloud's metadata service asks of a caller today: first a token, by a method that a tricked proxy would not use.
    private async Task<Seen> GetWithTokenAsync(HttpClient http, CancellationToken limit)
    {
        var server = new Uri($"http://{_uri.Authority}");
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(server, MetadataService.TokenPath));
        request.Headers.Add(MetadataService.LifetimeHeader, "60");
        using var response = await http.SendAsync(request, limit);
        var token = await response.Content.ReadAsStringAsync(limit);
        return response.IsSuccessStatusCode
            ? await GetAsync(http, new Uri(server, _uri.PathAndQuery), (MetadataService.TokenHeader, token), limit)
            : new("open", (int)response.StatusCode, token[..Math.Min(BodyLength, token.Length)]);
    }

    private async Task<Seen> AskAsync(TimeSpan timeout, CancellationToken limit)
    {
        var text = Encoding.UTF8.GetString(await ExchangeAsync(_uri.Port, Question, timeout, limit));
        return new("open", null, text[..Math.Min(BodyLength, text.Length)]);
    }

    // A connected socket is told when nobody listens, by ICMP.
    private async Task<byte[]> ExchangeAsync(int port, byte[] question, TimeSpan timeout, CancellationToken limit)
    {
        using var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(_uri.DnsSafeHost, _uri.Port > 0 ? _uri.Port : port, limit);
        var answer = new byte[1500];
        var received = socket.ReceiveAsync(answer, SocketFlags.None, limit).AsTask();
        for (var sent = 0; sent < Datagrams && !received.IsCompleted; sent++)
        {
            await socket.SendAsync(question, SocketFlags.None, limit);
            await Task.WhenAny(received, Task.Delay(timeout / Datagrams, limit));
        }

        return answer[..await received];
    }

    private async Task<byte[]> ExchangeByTcpAsync(byte[] question, CancellationToken limit)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_uri.DnsSafeHost, _uri.Port > 0 ? _uri.Port : DnsPort, limit);
        var stream = client.GetStream();
        await stream.WriteAsync(DnsMessage.Framed(question), limit);
        return await DnsMessage.UnframedAsync(stream, limit) ?? throw new IOException("cut off before an answer");
    }

    private byte[] DnsQuestion() => DnsMessage.Question(0, _uri.AbsolutePath.Trim('/'), DnsMessage.Type.A);

    private static Seen Heard(byte[] answer) => DnsMessage.Read(answer, 0) is { } heard
        ? new("open", null, heard.ToString())
        : throw new IOException("that was no answer to the question");

    private static async Task<string> StartAsync(HttpContent content, CancellationToken limit)
    {
        await using var body = await content.ReadAsStreamAsync(limit);
        using var reader = new StreamReader(body, Encoding.UTF8);
        var start = new char[BodyLength];
        return new string(start, 0, await reader.ReadBlockAsync(start, limit));
    }

    private static string Explain(Exception e) => (e as SocketException ?? e.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "refused",
        SocketError.TimedOut => "timeout",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.HostDown => "unreachable",
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery => "unresolved",
        _ => "closed",
    };

    private sealed record Seen(string Result, int? Status = null, string? Body = null, string? ServedBy = null);
}
