using System.Net.Sockets;

namespace SecuritySpecs.NetworkAgent.Cni;

/// <summary>Answers the CNI plugin on a unix socket, so that no pod has a process before its rules are in force.</summary>
/// <param name="network">Answers one request: with the text of the plugin's result.</param>
internal sealed class CniServer(string path, Func<CniRequest, CancellationToken, Task<string>> network)
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
            Log.Line($"cni: {e.Message}");
        }
    }

    // The plugin's exit status, and what it is to print.
    private async Task<string> AnswerAsync(string request, CancellationToken cancel)
    {
        try
        {
            return "0" + await network(CniRequest.Parse(request), cancel);
        }
        catch (Exception e) when (e is CniException or Watch.ApiException or HttpRequestException or TimeoutException or JsonException)
        {
            Log.Line($"cni: {e.Message}");
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
