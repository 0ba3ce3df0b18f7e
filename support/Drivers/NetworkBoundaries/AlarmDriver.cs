using System.Net.Http.Headers;
using SecuritySpecs.Cluster;
using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Metrics;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>Who makes GPUs look broken by an exporter's switch for drills, and what Prometheus shows of it.</summary>
public sealed class AlarmDriver(ScenarioPlatform scenario, MetricsDriver metrics)
{
    private const string Healthy = "healthy";
    private static readonly TimeSpan ShownWithin = TimeSpan.FromSeconds(8);
    private readonly HashSet<(MetricsServer Exporter, int Gpu)> _alarms = [];
    private (MetricsServer Exporter, int Gpu)? _raised;
    private int? _held;

    /// <summary>Holds a GPU whose metrics no other scenario of the run falsifies; the same one each time.</summary>
    /// <param name="index">Which GPU; null for one that is free.</param>
    /// <returns>Its index.</returns>
    public async Task<int> HoldGpuAsync(int? index = null)
    {
        if (_held is null)
        {
            var (gpu, giveBack) = await (await scenario.Platform.TelemetryAsync()).HoldGpuAsync(index);
            _held = gpu;
            scenario.CleanUp.Undo(() => EndAsync(giveBack));
        }

        return _held.Value;
    }

    /// <summary>Lets a tenant's client use an exporter's switch.</summary>
    /// <param name="tenant">Whose client.</param>
    /// <param name="exporter">Which exporter.</param>
    /// <param name="alarm">What the GPU is to look like.</param>
    /// <param name="gpu">The GPU's index.</param>
    /// <param name="tokens">A token to show at each try; null for none.</param>
    /// <returns>The answer to each try.</returns>
    public async Task<IReadOnlyList<CallAnswer>> ForgeAsync(Tenant tenant, MetricsServer exporter, string alarm, int gpu, params string?[] tokens)
    {
        Remember(exporter, gpu);
        var answers = await new TenantCall(tenant, await metrics.UrlAsync(exporter, "its pod IP")).SendAsync([.. tokens.Select(t => new JsonObject
        {
            ["path"] = "/scenario", ["body"] = Body(alarm, gpu), ["headers"] = t is null ? [] : new JsonArray($"Authorization: Bearer {t}"),
        })]);
        scenario.Note($"client of tenant \"{tenant.Name}\"", $"POST /scenario {Body(alarm, gpu)} at the {exporter.Phrase}: {string.Join("; ", answers)}");
        return answers;
    }

    /// <summary>Uses an exporter's switch as the platform does: with the token.</summary>
    public async Task SwitchAsync(MetricsServer exporter, string alarm, int gpu)
    {
        Remember(exporter, gpu);
        using var tunnel = scenario.Platform.Admin.Tunnel(exporter.Namespace, await metrics.PodNameAsync(exporter), exporter.Port);
        tunnel.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await scenario.Platform.TelemetryAsync()).Token);
        using var body = new StringContent(Body(alarm, gpu), Encoding.UTF8, "application/json");
        using var answer = await tunnel.PostAsync("scenario", body);
        answer.EnsureSuccessStatusCode();
        scenario.Note("cluster admin", $"POST /scenario {Body(alarm, gpu)} with the token at the {exporter.Phrase} -> {(int)answer.StatusCode}");
    }

    /// <summary>Makes the GPU that looks broken look as it is.</summary>
    public Task ClearAsync() => SwitchAsync(_raised!.Value.Exporter, Healthy, _raised.Value.Gpu);

    // A false alarm that stays would be there for the next run.
    private async Task EndAsync(Action giveBack)
    {
        try
        {
            foreach (var (exporter, gpu) in _alarms.ToList())
                await SwitchAsync(exporter, Healthy, gpu);
        }
        finally
        {
            giveBack();
        }
    }

    /// <summary>Waits until Prometheus shows a field of the GPU so.</summary>
    /// <param name="exporter">As whom Prometheus knows it.</param>
    /// <param name="gpu">The GPU's index.</param>
    /// <param name="field">DCGM's name.</param>
    /// <param name="isRight">What is awaited of its value.</param>
    /// <param name="awaited">The same in words.</param>
    public async Task<double> AwaitShownAsync(MetricsServer exporter, int gpu, string field, Func<double, bool> isRight, string awaited)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"{field}{{exporter=\"{exporter.Name}\",gpu=\"{gpu}\"}}");
        var seen = await Poll.UntilAsync($"Prometheus to show {query} {awaited}", () => Telemetry.Prometheus.QueryAsync(scenario.Platform.Admin, query),
            s => s is [var one] && isRight(one.Value), s => s.Count == 0 ? "nothing" : string.Join(", ", s.Select(x => x.Value)), ShownWithin);
        scenario.Note("Prometheus", $"{query} is {seen[0].Value.ToString(CultureInfo.InvariantCulture)} (GPU {seen[0][Series.Uuid]} on host {seen[0]["Hostname"]})");
        return seen[0].Value;
    }

    private void Remember(MetricsServer exporter, int gpu)
    {
        _raised = (exporter, gpu);
        _alarms.Add((exporter, gpu));
    }

    private static string Body(string alarm, int gpu) => new JsonObject { ["scenario"] = alarm, ["gpu"] = gpu }.ToJsonString();
}
