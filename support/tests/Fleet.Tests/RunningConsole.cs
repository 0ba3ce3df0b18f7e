namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>A console, or a gateway before one, on a free port.</summary>
internal sealed partial class RunningConsole : IAsyncDisposable
{
    private readonly FleetProcess _process;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    private RunningConsole(FleetProcess process) => _process = process;

    public Uri Address => _http.BaseAddress!;

    public static async Task<RunningConsole> StartAsync(params string[] arguments)
    {
        var console = new RunningConsole(FleetProcess.Start(new Dictionary<string, string> { ["POD_NAMESPACE"] = "blue", ["POD_NAME"] = "console" }, arguments));
        await console._process.SaysAsync("answering on port");
        console._http.BaseAddress = new Uri($"http://127.0.0.1:{Port().Match(console._process.Output).Groups[1].Value}");
        return console;
    }

    public async Task<(int Status, string Text, string? ServedBy)> SendAsync(string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body) };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.TryGetValues("x-served-by", out var by) ? by.Single() : null);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
    }

    [GeneratedRegex(@"answering on port ([0-9]+)")]
    private static partial Regex Port();
}
