using System.Net.Sockets;

namespace SecuritySpecs.NetworkAgent.Enforce;

/// <summary>A request of the CNI plugin: what it was called with.</summary>
/// <param name="Command">ADD, DEL or CHECK.</param>
/// <param name="Sandbox">CNI_CONTAINERID.</param>
/// <param name="Arguments">CNI_ARGS: KEY=VALUE, separated by semicolons.</param>
/// <param name="Configuration">The network's configuration, with the result of the plugins before.</param>
internal sealed record CniRequest(string Command, string Sandbox, string Arguments, string Configuration)
{
    /// <summary>Three lines and then the configuration.</summary>
    public static CniRequest Parse(string text) =>
        text.Split('\n', 4) is [var command, var sandbox, var arguments, var configuration]
            ? new CniRequest(command, sandbox, arguments, configuration)
            : throw new FenceException("a request is three lines and the configuration");

    public string Argument(string name) =>
        Arguments.Split(';').FirstOrDefault(a => a.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? "";
}

/// <summary>A pod cannot be fenced now; the kubelet is to try again.</summary>
internal sealed class FenceException(string message) : Exception(message);

/// <summary>Answers the CNI plugin on a unix socket, so that no pod has a process before its rules are in force.</summary>
/// <param name="fence">Answers one request: with the text of the plugin's result.</param>
internal sealed class FenceServer(string path, Func<CniRequest, CancellationToken, Task<string>> fence)
{
    public async Task RunAsync(CancellationToken cancel)
    {
        File.Delete(path);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        listener.Listen(64);
        while (true)
            _ = AnswerAsync(await listener.AcceptAsync(cancel), cancel);
    }

    private async Task AnswerAsync(Socket socket, CancellationToken cancel)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var answer = await AnswerAsync(await reader.ReadToEndAsync(cancel), cancel);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), cancel);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            Log.Line($"fence: {e.Message}");
        }
    }

    // The plugin's exit status, and what it is to print.
    private async Task<string> AnswerAsync(string request, CancellationToken cancel)
    {
        try
        {
            return "0" + await fence(CniRequest.Parse(request), cancel);
        }
        catch (Exception e) when (e is FenceException or Watch.ApiException or HttpRequestException or TimeoutException or JsonException)
        {
            Log.Line($"fence: {e.Message}");
            return "1" + Refusal(e.Message);
        }
    }

    private static string Refusal(string message)
    {
        // 100 and above are a plugin's own; 11 says "try again later".
        var text = JsonEncodedText.Encode(message);
        return $$"""{"cniVersion":"0.4.0","code":11,"msg":"network-agent: {{text}}"}""";
    }
}
