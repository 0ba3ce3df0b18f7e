using SecuritySpecs.Fleet;

namespace SecuritySpecs.Cluster;

/// <summary>
/// Whether what every verdict stands on is still there: an API server that knows the administrator, kubelets that answer, the fleet's
/// GPUs, a clock that runs evenly. Where some of it went in the middle of a run, a red is no control's fault and a green proves nothing.
/// </summary>
/// <param name="admin">The administrator.</param>
/// <param name="fleet">The fleet as deployed.</param>
/// <param name="server">The container of the API server; null where somebody else runs it.</param>
/// <param name="clock">The machine's, which somebody may set; null for the real one.</param>
internal sealed class PlatformHealth(KubeApi admin, GpuFleet fleet, string? server = null, TimeProvider? clock = null)
{
    // A clock that is set by the network moves by less.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(10);
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly DateTimeOffset _began = (clock ?? TimeProvider.System).GetUtcNow();
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private Task<string?> _look = Task.FromResult<string?>(null);
    private Stopwatch? _looked;

    /// <summary>How long something may be away: a kubelet may restart, and a device plugin may register anew.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a kubelet may take to answer.</summary>
    public TimeSpan KubeletPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the last look found something gone.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Looks while scenarios are at work. Many that fail at once share one look.</summary>
    /// <returns>What is gone, in a sentence; null where nothing is. It stays gone: a run is not mended in the middle.</returns>
    public Task<string?> ProblemAsync()
    {
        lock (_lock)
        {
            if (_look is { IsCompletedSuccessfully: true, Result: null } && !(_looked?.Elapsed < Patience))
            {
                _looked = Stopwatch.StartNew();
                _look = LookAsync([ClockAsync, ServerAsync, EngineAsync, KubeletsAsync, PluginsAsync]);
            }

            return _look;
        }
    }

    /// <summary>Looks when no scenario is at work any more: then each GPU has to be offered, too.</summary>
    /// <returns>What is gone, in a sentence; null where nothing is.</returns>
    public async Task<string?> ProblemAtTheEndAsync() => await LookAsync([ClockAsync, ServerAsync, EngineAsync, KubeletsAsync, PluginsAsync, GpusAsync]);

    private async Task<string?> LookAsync(IReadOnlyList<Func<Task<string?>>> looks)
    {
        foreach (var look in looks)
        {
            var waited = Stopwatch.StartNew();
            string? problem;
            while ((problem = await AnswerAsync(look)) is not null && waited.Elapsed < Patience)
                await Task.Delay(TimeSpan.FromMilliseconds(500));
            IsBroken = problem is not null;
            if (IsBroken)
                return problem;
        }

        return null;
    }

    private static async Task<string?> AnswerAsync(Func<Task<string?>> look)
    {
        try
        {
            return await look();
        }
        catch (HttpRequestException e)
        {
            return $"The API server no longer answers. {e.Message}";
        }
        catch (KubeApiException e)
        {
            return $"The administrator may no longer read what is to be judged. {e.Message}";
        }
    }

    private Task<string?> ClockAsync()
    {
        var moved = _clock.GetUtcNow() - _began - _elapsed.Elapsed;
        return Task.FromResult(moved.Duration() <= ClockTolerance ? null : string.Create(CultureInfo.InvariantCulture,
            $"The clock of this machine moved by {moved.TotalSeconds:+0;-0} s while {_elapsed.Elapsed.TotalSeconds:0} s passed: leases, tokens and measured times are not to be trusted. Did somebody set it, or did the machine sleep?"));
    }

    private async Task<string?> ServerAsync()
    {
        var answer = await admin.GetUnrecordedAsync("/api/v1/nodes");
        if (answer.Code == 401)
            return $"The API server no longer accepts the administrator's login: its token or certificate has expired, or was withdrawn. {answer}";
        answer.OrThrow();
        return null;
    }

    // The cluster may go on without its engine; what runs a command in its container, or removes it, cannot.
    private async Task<string?> EngineAsync()
    {
        try
        {
            return server is null || await ContainerEngine.IsRunningAsync(server) ? null : $"The container engine no longer runs the cluster's container {server}.";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return $"The container engine no longer answers. {e.Message}";
        }
    }

    // What is below 500 comes from the kubelet, or from an API server that keeps even administrators from it.
    private async Task<string?> KubeletsAsync()
    {
        foreach (var node in fleet.Info.RealNodes)
        {
            try
            {
                var answer = await admin.GetUnrecordedAsync($"/api/v1/nodes/{node}/proxy/healthz").WaitAsync(KubeletPatience);
                if (answer.Code >= 500)
                    return $"The kubelet of node {node} is not well, so pods neither start nor end there: {answer}";
            }
            catch (TimeoutException)
            {
                return $"The kubelet of node {node} does not answer within {KubeletPatience.TotalSeconds:0} s, so pods neither start nor end there.";
            }
        }

        return null;
    }

    private async Task<string?> PluginsAsync() => !fleet.IsOurs || await fleet.HasPluginsAsync() ? null
        : $"The device plugin no longer runs on every real node, so no pod gets a GPU: look at the DaemonSets of namespace {GpuFleet.Namespace}.";

    // Scenarios make a GPU unhealthy: only when none is at work each has to be offered.
    private async Task<string?> GpusAsync()
    {
        if (!fleet.IsOurs)
            return null;
        var offered = await fleet.OurGpusAsync();
        return offered.Values.Sum() == fleet.Gpus ? null
            : $"The fleet no longer offers its {fleet.Gpus} GPUs ({string.Join(", ", offered.Select(n => $"{n.Key}: {n.Value}"))}): look at the device plugin's pods in {GpuFleet.Namespace}.";
    }
}
