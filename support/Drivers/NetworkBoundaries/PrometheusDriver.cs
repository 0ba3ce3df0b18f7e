using SecuritySpecs.Cluster;
using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Fleet;
using SecuritySpecs.Metrics;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>What Prometheus gives to whoever reaches it, and what it does for him where a flag was set that should not be.</summary>
public sealed class PrometheusDriver(ScenarioPlatform scenario, MetricsDriver metrics, TelemetryDriver telemetry) : IDisposable
{
    private const string Own = "prometheus";
    private readonly List<HttpClient> _tunnels = [];
    private TelemetrySite? _site;
    private int _restartsBefore;

    /// <summary>Runs a Prometheus in a namespace of the scenario's own.</summary>
    /// <param name="edit">A mistake to make in its manifest; null for none.</param>
    public async Task RunAsync(ManifestEdit? edit = null)
    {
        await telemetry.SetUpAsync();
        _site = await metrics.OwnSiteAsync();
        var manifest = Telemetry.LoadPrometheus(scenario.Platform.Options, _site.Monitoring, Own, _site.Fleet);
        edit?.ApplyTo(manifest);
        await SharedParts.ApplyAsync(scenario.Admin, "security-specs/workloads/prometheus.yaml", manifest);
        await SharedParts.AwaitDeploymentAsync(scenario.Platform.Admin, _site.Monitoring, Own);
    }

    /// <summary>Reads a path of the platform's Prometheus from a tenant's client.</summary>
    public async Task<string> ReadAsync(Tenant tenant, string path) => await new TenantCall(tenant, await metrics.UrlAsync(MetricsServer.Prometheus, "its pod IP")).GetAsync(path);

    /// <summary>Does to Prometheus what it should refuse, as anybody who reaches its port could.</summary>
    /// <param name="attack">One of <see cref="PrometheusAttack.All"/>.</param>
    /// <param name="own">To the scenario's own Prometheus, or to the platform's.</param>
    /// <returns>What it answered; nothing where it ended before its answer was out.</returns>
    /// <exception cref="TimeoutException">There was nothing that the attack could take away.</exception>
    public async Task<CallAnswer> TryAsync(PrometheusAttack attack, bool own)
    {
        var client = await ConnectAsync(own);
        _restartsBefore = own && attack.MayCutItsAnswer ? await RestartsAsync() : 0;
        if (attack.TakesSeries)
            await AwaitSeriesAsync(client, write: own);
        try
        {
            using var answer = await attack.SendAsync(client);
            var seen = new CallAnswer((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
            scenario.Note("whoever reaches Prometheus", $"{attack.Phrase}: {answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.PathAndQuery} -> {seen}");
            return seen;
        }
        catch (HttpRequestException e) when (attack.MayCutItsAnswer)
        {
            var seen = new CallAnswer(null, e.Message);
            scenario.Note("whoever reaches Prometheus", $"{attack.Phrase} -> {seen}");
            return seen;
        }
    }

    /// <summary>Makes sure that a refused attack has done nothing to the platform's Prometheus: what it would write is not there, what it would take is.</summary>
    /// <exception cref="InvalidOperationException">It has.</exception>
    public async Task EnsureUnharmedAsync(PrometheusAttack attack)
    {
        if (attack.Phrase is not (PrometheusAttack.WriteSeries or PrometheusAttack.Forget))
            return;
        var series = await SeriesAsync(await ConnectAsync(own: false), attack.Phrase == PrometheusAttack.WriteSeries ? PrometheusAttack.ForgedSelector : PrometheusAttack.Metric);
        scenario.Note("the platform's Prometheus", $"after the refusal: {Told(series)}");
        if (series.Count > 0 != attack.TakesSeries)
            throw new InvalidOperationException($"Prometheus refused to {attack.Phrase}, and yet it shows: {Told(series)}");
    }

    /// <summary>Waits until the attack has done to the scenario's own Prometheus what it is for.</summary>
    public async Task AwaitEffectAsync(PrometheusAttack attack)
    {
        var seen = await Poll.UntilAsync($"Prometheus to be so: {attack.Effect}", () => ObserveAsync(attack), s => s.Done, s => s.Seen, TimeSpan.FromSeconds(10));
        scenario.Note("Prometheus", $"{attack.Effect}: {seen.Seen}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tunnel in _tunnels)
            tunnel.Dispose();
    }

    private async Task<(bool Done, string Seen)> ObserveAsync(PrometheusAttack attack)
    {
        if (attack.Phrase == PrometheusAttack.End)
        {
            var restarts = await RestartsAsync() - _restartsBefore;
            return (restarts > 0, $"the kubelet has started it again {restarts} times");
        }

        var series = await SeriesAsync(await ConnectAsync(own: true), PrometheusAttack.ForgedSelector);
        return ((series.Count > 0) == (attack.Phrase == PrometheusAttack.WriteSeries), Told(series));
    }

    // The scenario's own has measured nothing, so that a series is written first; the platform's has what its exporters show.
    private async Task AwaitSeriesAsync(HttpClient client, bool write)
    {
        if (write)
        {
            using var written = await PrometheusAttack.WriteAsync(client);
            if (!written.IsSuccessStatusCode)
                throw new InvalidOperationException($"Prometheus took no series to be forgotten: {(int)written.StatusCode} {await written.Content.ReadAsStringAsync()}");
        }

        var selector = write ? PrometheusAttack.ForgedSelector : PrometheusAttack.Metric;
        var seen = await Poll.UntilAsync($"a series that could be forgotten: {selector}", () => SeriesAsync(client, selector), s => s.Count > 0, Told, TimeSpan.FromSeconds(20));
        scenario.Note("Prometheus", $"before: {Told(seen)}");
    }

    private static async Task<IReadOnlyList<Series>> SeriesAsync(HttpClient client, string selector) =>
        Series.OfQuery(JsonNode.Parse(await client.GetStringAsync($"api/v1/query?query={Uri.EscapeDataString(selector)}"))!);

    private static string Told(IReadOnlyList<Series> series) =>
        $"{PrometheusAttack.Metric}: {(series.Count == 0 ? "no series" : string.Join(", ", series.Take(5).Select(s => $"{s.Value} for {s[Series.Uuid]}")))}";

    private async Task<int> RestartsAsync()
    {
        var pods = (await scenario.Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{_site!.Monitoring}/pods")).OrThrow().Items;
        return pods.SelectMany(p => p!["status"]!["containerStatuses"]?.AsArray() ?? []).Where(c => (string?)c!["name"] == "prometheus").Sum(c => (int)c!["restartCount"]!);
    }

    private async Task<HttpClient> ConnectAsync(bool own)
    {
        var server = own ? new MetricsServer("Prometheus", _site!.Monitoring, Own, Telemetry.PrometheusPort) : MetricsServer.Prometheus;
        var tunnel = scenario.Platform.Admin.Tunnel(server.Namespace, await metrics.PodNameAsync(server), server.Port);
        _tunnels.Add(tunnel);
        return tunnel;
    }
}

/// <summary>Something that Prometheus does for nobody unless a flag says so.</summary>
/// <param name="Phrase">As features say it, after "to".</param>
/// <param name="Refusal">A part of what Prometheus answers where the flag is off. (Releases differ in the status of some.)</param>
/// <param name="Send">Sends it.</param>
/// <param name="Effect">What it has done where it worked; null where the answer is all that can be seen from outside.</param>
public sealed record PrometheusAttack(string Phrase, string Refusal, Func<HttpClient, Task<HttpResponseMessage>> Send, string? Effect = null)
{
    /// <summary>The phrase of stopping it.</summary>
    public const string End = "stop it";

    /// <summary>The phrase of writing to it.</summary>
    public const string WriteSeries = "write a series that nobody measured";

    /// <summary>The phrase of deleting what it holds.</summary>
    public const string Forget = "delete its data";

    /// <summary>What is forged, and what is to be forgotten.</summary>
    public const string Metric = "DCGM_FI_DEV_XID_ERRORS";

    /// <summary>The forged series alone.</summary>
    public const string ForgedSelector = Metric + "{" + Series.Uuid + "=\"" + ForgedGpu + "\"}";

    private const string ForgedGpu = "GPU-00000000-0000-0000-0000-000000000000";

    /// <summary>Every phrase, as a regular expression.</summary>
    public const string Phrases = End + "|" + WriteSeries + "|" + Forget + "|copy all of its series|make it reload its configuration";

    /// <summary>Every attack that features may name.</summary>
    public static readonly IReadOnlyList<PrometheusAttack> All =
    [
        new(End, "Lifecycle API is not enabled", c => PostAsync(c, "-/quit"), "it has ended"),
        new("make it reload its configuration", "Lifecycle API is not enabled", c => PostAsync(c, "-/reload")),
        new(WriteSeries, "remote write receiver needs to be enabled", WriteAsync, "it shows an XID error of a GPU that does not exist"),
        new(Forget, "admin APIs disabled", c => PostAsync(c, $"api/v1/admin/tsdb/delete_series?match[]={Metric}"), "it shows no XID error any more"),
        new("copy all of its series", "admin APIs disabled", c => PostAsync(c, "api/v1/admin/tsdb/snapshot")),
    ];

    /// <summary>Whether Prometheus may be gone before its answer is out. What the attack is for is then the only proof of it.</summary>
    public bool MayCutItsAnswer => Phrase == End;

    /// <summary>Whether it takes away series, which must be there before.</summary>
    public bool TakesSeries => Phrase == Forget;

    /// <summary>Sends it.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpClient client) => Send(client);

    /// <summary>The attack of a phrase.</summary>
    public static PrometheusAttack Of(string phrase) => All.First(a => a.Phrase == phrase);

    /// <summary>Whether an answer is the refusal of a Prometheus whose flag is off.</summary>
    public bool IsRefusal(CallAnswer answer) => answer.Status is >= 400 && answer.Body.Contains(Refusal, StringComparison.Ordinal);

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string path) => await client.PostAsync(path, null);

    /// <summary>Writes a series that nobody measured.</summary>
    internal static async Task<HttpResponseMessage> WriteAsync(HttpClient client)
    {
        var series = new Dictionary<string, string> { ["__name__"] = Metric, [Series.Uuid] = ForgedGpu, ["Hostname"] = "nowhere" };
        using var body = new ByteArrayContent(RemoteWrite.Body(series, 79, DateTimeOffset.UtcNow));
        body.Headers.ContentType = new("application/x-protobuf");
        body.Headers.ContentEncoding.Add("snappy");
        body.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
        return await client.PostAsync("api/v1/write", body);
    }
}
