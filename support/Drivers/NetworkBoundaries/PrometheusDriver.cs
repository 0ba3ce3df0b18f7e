using SecuritySpecs.Cluster;
using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Fleet;
using SecuritySpecs.Metrics;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>What Prometheus gives to whoever reaches it, and what it does for him where a flag was set that should not be.</summary>
public sealed class PrometheusDriver(ScenarioPlatform scenario, MetricsDriver metrics, TelemetryDriver telemetry) : IDisposable
{
    private const string Own = "prometheus";
    private const string Forged = "DCGM_FI_DEV_XID_ERRORS";
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
    public async Task<CallAnswer> TryAsync(PrometheusAttack attack, bool own)
    {
        var client = await ConnectAsync(own);
        _restartsBefore = own && attack.MayCutItsAnswer ? await RestartsAsync() : 0;
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

        var client = await ConnectAsync(own: true);
        var answer = JsonNode.Parse(await client.GetStringAsync($"api/v1/query?query={Forged}"))!;
        var series = Series.OfQuery(answer);
        return ((series.Count > 0) == (attack.Phrase == PrometheusAttack.WriteSeries), $"{Forged}: {(series.Count == 0 ? "no series" : string.Join(", ", series.Select(s => $"{s.Value} for {s[Series.Uuid]}")))}");
    }

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

    /// <summary>Every phrase, as a regular expression.</summary>
    public const string Phrases = End + "|" + WriteSeries + "|delete its data|copy all of its series|make it reload its configuration";

    /// <summary>Every attack that features may name.</summary>
    public static readonly IReadOnlyList<PrometheusAttack> All =
    [
        new(End, "Lifecycle API is not enabled", c => PostAsync(c, "-/quit"), "it has ended"),
        new("make it reload its configuration", "Lifecycle API is not enabled", c => PostAsync(c, "-/reload")),
        new(WriteSeries, "remote write receiver needs to be enabled", WriteAsync, "it shows an XID error of a GPU that does not exist"),
        new("delete its data", "admin APIs disabled", ForgetAsync, "it shows no XID error any more"),
        new("copy all of its series", "admin APIs disabled", c => PostAsync(c, "api/v1/admin/tsdb/snapshot")),
    ];

    /// <summary>Whether Prometheus may be gone before its answer is out. What the attack is for is then the only proof of it.</summary>
    public bool MayCutItsAnswer => Phrase == End;

    /// <summary>Sends it.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpClient client) => Send(client);

    /// <summary>The attack of a phrase.</summary>
    public static PrometheusAttack Of(string phrase) => All.First(a => a.Phrase == phrase);

    /// <summary>Whether an answer is the refusal of a Prometheus whose flag is off.</summary>
    public bool IsRefusal(CallAnswer answer) => answer.Status is >= 400 && answer.Body.Contains(Refusal, StringComparison.Ordinal);

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string path) => await client.PostAsync(path, null);

    private static async Task<HttpResponseMessage> WriteAsync(HttpClient client)
    {
        var series = new Dictionary<string, string> { ["__name__"] = "DCGM_FI_DEV_XID_ERRORS", [Series.Uuid] = "GPU-00000000-0000-0000-0000-000000000000", ["Hostname"] = "nowhere" };
        using var body = new ByteArrayContent(RemoteWrite.Body(series, 79, DateTimeOffset.UtcNow));
        body.Headers.ContentType = new("application/x-protobuf");
        body.Headers.ContentEncoding.Add("snappy");
        body.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
        return await client.PostAsync("api/v1/write", body);
    }

    // Something has to be there first; what is refused is the deletion.
    private static async Task<HttpResponseMessage> ForgetAsync(HttpClient client)
    {
        (await WriteAsync(client)).Dispose();
        return await PostAsync(client, "api/v1/admin/tsdb/delete_series?match[]=DCGM_FI_DEV_XID_ERRORS");
    }
}
