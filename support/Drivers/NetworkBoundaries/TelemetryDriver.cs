using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>An account around the metrics, by controls/telemetry-rbac.yaml.</summary>
/// <param name="Phrase">As features call it.</param>
/// <param name="Account">Its ServiceAccount, in the monitoring namespace.</param>
public sealed record Watcher(string Phrase, string Account)
{
    /// <summary>Every phrase, as a regular expression.</summary>
    public const string Phrases = "account of Prometheus|metrics viewer";

    /// <summary>Both of them.</summary>
    public static readonly IReadOnlyList<Watcher> All = [new("account of Prometheus", "prometheus"), new("metrics viewer", "metrics-viewer")];

    /// <summary>The watcher of a phrase.</summary>
    public static Watcher Of(string phrase) => All.First(w => w.Phrase == phrase);
}

/// <summary>The accounts around the metrics: the platform's, or a scenario's own, to be set up with every mistake.</summary>
public sealed class TelemetryDriver(ScenarioPlatform scenario, MetricsDriver metrics, RightsDriver rights)
{
    /// <summary>The file of fleet-fixtures/controls that has the accounts, without <c>.yaml</c>.</summary>
    public const string Control = "telemetry-rbac";

    private const string ElsewhereWords = " in the exporters' namespace";
    private readonly Dictionary<(Watcher, string), Identity> _loggedIn = [];
    private TelemetrySite? _own;

    /// <summary>Sets the accounts up in namespaces of the scenario's own, or makes them what they should be again.</summary>
    /// <param name="edit">A mistake to make in the file's content first; null for the file as it is.</param>
    public async Task SetUpAsync(ManifestEdit? edit = null)
    {
        _own = await metrics.OwnSiteAsync();
        await scenario.Manifests.ApplyAsync($"controls/{Control}.yaml", new() { ["FLEET"] = _own.Fleet, ["MONITORING"] = _own.Monitoring, ["NAME"] = scenario.Unique("telemetry") }, edit);
    }

    /// <summary>Asks the kubelet of a tenant's node itself, at its own port, as a watcher.</summary>
    /// <param name="watcher">Who.</param>
    /// <param name="whose">The tenant whose node, and whose pod where a command is run.</param>
    /// <param name="path">The path; null for a command in that pod, which prints its secret.</param>
    /// <returns>What the kubelet said.</returns>
    public async Task<ApiAnswer> AskKubeletAsync(Watcher watcher, Tenant whose, string? path)
    {
        var who = await LoginAsync(watcher);
        var (@namespace, account) = ((await SiteAsync()).Monitoring, watcher.Account);
        using var kubelet = await Kubelet.OpenAsync(scenario.Platform, whose.Node, await scenario.Platform.LoginAsync(@namespace, account), who.Who);
        var answer = path is null ? await kubelet.RunAsync(whose) : await kubelet.GetAsync(path);
        scenario.Note(who.Who, $"GET {answer.Path} at the kubelet of {whose.Node} -> {answer.Code} {(answer.Allowed ? "" : answer.Message)}");
        return answer;
    }

    /// <summary>The rights that a watcher holds where Prometheus is and where the exporters are, and those of the default account beside its own.</summary>
    public async Task<(IReadOnlyList<string> Held, IReadOnlyList<string> OfDefault)> RightsAsync(Watcher watcher)
    {
        var (who, site) = (await LoginAsync(watcher), await SiteAsync());
        var (home, there) = (await rights.OwnRightsAsync(who, site.Monitoring), await rights.OwnRightsAsync(who, site.Fleet));
        return ([.. home, .. there.Except(home).Select(r => r + ElsewhereWords)],
            [.. await rights.OfDefaultAccountAsync(site.Monitoring, site.Monitoring), .. await rights.OfDefaultAccountAsync(site.Monitoring, site.Fleet)]);
    }

    /// <summary>The telemetry that is asked about: the scenario's own where it has set up accounts, or the platform's.</summary>
    public async Task<TelemetrySite> SiteAsync() => _own ?? await metrics.SharedSiteAsync();

    /// <summary>A watcher with its token.</summary>
    public async Task<Identity> LoginAsync(Watcher watcher)
    {
        var home = (await SiteAsync()).Monitoring;
        if (!_loggedIn.TryGetValue((watcher, home), out var who))
            _loggedIn[(watcher, home)] = who = await scenario.LoginAsync($"the {watcher.Phrase}", home, watcher.Account);
        return who;
    }
}
