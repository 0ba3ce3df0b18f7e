using System.Net.Http.Headers;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>A DCGM exporter beside a kubelet of its own.</summary>
internal sealed partial class RunningExporter : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    private RunningExporter(FakePodResources kubelet, FleetProcess process) => (Kubelet, Process) = (kubelet, process);

    public FakePodResources Kubelet { get; }

    public FleetProcess Process { get; }

    public static async Task<RunningExporter> StartAsync(FakePodResources? kubelet = null, params string[] options)
    {
        kubelet ??= await FakePodResources.StartAsync();
        var process = FleetProcess.Start(["dcgm-exporter", "--gpus", "2", "--product", "NVIDIA-A100", "--memory-mib", "81920", "--node", "a100-1", "--port", "0",
            "--pod-resources", kubelet.Socket, .. options]);
        await process.SaysAsync("answering on port");
        var exporter = new RunningExporter(kubelet, process);
        exporter._http.BaseAddress = new Uri($"http://127.0.0.1:{Port().Match(process.Output).Groups[1].Value}");
        return exporter;
    }

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(path);

    public Task<string> TextAsync() => _http.GetStringAsync("/metrics");

    /// <summary>The series of a field: labels as they are written, and values.</summary>
    public async Task<IReadOnlyList<(string Labels, double Value)>> SeriesAsync(string field) =>
        [.. Sample().Matches(await TextAsync()).Where(m => m.Groups[1].Value == field).Select(m => (m.Groups[2].Value, double.Parse(m.Groups[3].Value, CultureInfo.InvariantCulture)))];

    /// <summary>The values of a field by the GPU's index.</summary>
    public async Task<double[]> ValuesAsync(string field) => [.. (await SeriesAsync(field)).Select(s => s.Value)];

    public async Task<string[]> UuidsAsync() => [.. (await SeriesAsync("DCGM_FI_DEV_GPU_UTIL")).Select(s => Uuid().Match(s.Labels).Groups[1].Value)];

    /// <summary>POST /scenario.</summary>
    public async Task<(HttpStatusCode Status, string Body)> SwitchAsync(string body, string? authorization = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/scenario") { Content = new StringContent(body) };
        request.Headers.Authorization = authorization is null ? null : AuthenticationHeaderValue.Parse(authorization);
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Process.DisposeAsync();
        await Kubelet.DisposeAsync();
    }

    [GeneratedRegex(@"answering on port (\d+)")]
    private static partial Regex Port();

    [GeneratedRegex(@"^(\w+)\{(.*)\} (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex("UUID=\"([^\"]+)\"")]
    private static partial Regex Uuid();
}
