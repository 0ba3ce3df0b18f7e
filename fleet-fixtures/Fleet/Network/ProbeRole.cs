using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SecuritySpecs.FleetProgram.Cli;

namespace SecuritySpecs.FleetProgram.Network;

/// <summary><c>fleet probe</c>: tries to reach one target, once, and says what happened.</summary>
internal sealed class ProbeRole : Role
{
    private const int DefaultTimeoutMs = 2000;
    private const int BodyLength = 200;

    public override string Name => "probe";

    public override string Summary => "try to reach an address once and print what happened as JSON";

    public override IReadOnlyCollection<string> Options => ["--timeout-ms"];

    public override string Help =>
        $"""
        Usage: fleet probe http://HOST[:PORT]/PATH|tcp://HOST:PORT [--timeout-ms N]

        Prints one line of JSON: target, result (open, refused, timeout, unreachable, unresolved, closed), status,
        latencyMs, body (the first {BodyLength} characters). The exit code is 0 whatever the result. Redirects are not followed.

          --timeout-ms N  for the whole probe, 1 to 60000 (default {DefaultTimeoutMs})
        """;

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var timeout = TimeSpan.FromMilliseconds(arguments.Number("--timeout-ms", 1, 60000, DefaultTimeoutMs));
        var report = await ProbeAsync(Target(arguments), arguments.Words[0], timeout, stop);
        Console.WriteLine(JsonSerializer.Serialize(report, Json.Shapes.ProbeReport));
        return 0;
    }

    private static Uri Target(Arguments arguments)
    {
        if (arguments.Words.Count != 1)
            throw new UsageException("one target is expected: http://HOST[:PORT]/PATH or tcp://HOST:PORT");
        return Uri.TryCreate(arguments.Words[0], UriKind.Absolute, out var uri)
            && uri.Host.Length > 0 && (uri.Scheme == "http" || (uri.Scheme == "tcp" && uri.Port > 0))
            ? uri
            : throw new UsageException($"'{arguments.Words[0]}' is no target: expected http://HOST[:PORT]/PATH or tcp://HOST:PORT");
    }

    private static async Task<ProbeReport> ProbeAsync(Uri uri, string target, TimeSpan timeout, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(timeout);
        var (result, status, body) = await TryAsync(uri, limit.Token);
        stop.ThrowIfCancellationRequested();
        return new ProbeReport(target, result, status, Math.Round(clock.Elapsed.TotalMilliseconds, 1), body);
    }

    private static async Task<(string Result, int? Status, string? Body)> TryAsync(Uri uri, CancellationToken limit)
    {
        try
        {
            return uri.Scheme == "tcp" ? await ConnectAsync(uri, limit) : await GetAsync(uri, limit);
        }
        catch (OperationCanceledException)
        {
            return ("timeout", null, null);
        }
        catch (Exception e) when (e is SocketException or HttpRequestException or IOException)
        {
            return (Explain(e), null, null);
        }
    }

    private static async Task<(string, int?, string?)> ConnectAsync(Uri uri, CancellationToken limit)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(uri.DnsSafeHost, uri.Port, limit);
        return ("open", null, null);
    }

    private static async Task<(string, int?, string?)> GetAsync(Uri uri, CancellationToken limit)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
        using var response = await http.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, limit);
        return ("open", (int)response.StatusCode, await StartAsync(response.Content, limit));
    }

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
}
