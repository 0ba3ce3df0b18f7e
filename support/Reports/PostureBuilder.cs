using System.Collections.Concurrent;
using SecuritySpecs.Cluster;
using SecuritySpecs.Evidence;
using SecuritySpecs.Fleet;
using SecuritySpecs.Reports.Phrases;

namespace SecuritySpecs.Reports;

/// <summary>Gathers the results of a run's scenarios, which may end at the same time, and makes the posture of them.</summary>
/// <param name="catalogue">The controls.</param>
/// <param name="features">All scenarios that the features hold.</param>
/// <param name="filtered">Whether the run was asked to leave scenarios out: then a control without any result is no surprise.</param>
/// <param name="selected">Which scenarios were asked for, where that is known by place; null for all.</param>
/// <param name="shown">What each scenario shows if it passes; null where nobody looked.</param>
public sealed class PostureBuilder(
    Catalogue catalogue, FeatureIndex features, bool filtered = false, Func<ScenarioPlace, bool>? selected = null,
    IReadOnlyDictionary<(string Feature, int Line), IReadOnlySet<Shown>>? shown = null)
{
    /// <summary>How the tag of a control begins.</summary>
    public const string ControlTag = "control:";

    /// <summary>What no run of this suite proves; printed in every report.</summary>
    public static readonly IReadOnlyList<string> NonClaims =
    [
        "GPU side channels between tenants that share hardware",
        "firmware of GPUs, boards and switches",
        "confidential computing and attestation",
        "that CUDA enforces a cap on memory or computing time: the GPUs here are simulated",
        "what a job's own program does with its environment, on which HAMi's memory cap rests",
        "GPU memory that the job before has left behind",
        "environment variables baked into images, which admission cannot see",
    ];

    private readonly ConcurrentBag<ScenarioResult> _results = [];

    /// <summary>What is said beside the controls; null for nothing.</summary>
    public Coverage? Coverage { get; init; }

    /// <summary>Adds a scenario that ended.</summary>
    public void Add(ScenarioResult result) => _results.Add(result);

    /// <summary>The posture: ignored scenarios count as skipped although no hook of ours ever saw them.</summary>
    public Posture Build(RunInfo run, ClusterInfo? cluster, FleetInfo? fleet, IReadOnlyList<string> required)
    {
        var ignored = features.All.Where(p => p.Tags.Contains("ignore") && selected?.Invoke(p) != false)
            .Select(p => new ScenarioResult(p.Feature, p.Name, p.Line, p.Tags, ResultStatus.Skipped, 0, "@ignore", []));
        var scenarios = _results.Concat(ignored)
            .OrderBy(s => s.Feature, StringComparer.Ordinal).ThenBy(s => s.Line).ToList();
        var ended = scenarios.Select(s => (s.Feature, s.Line)).ToHashSet();
        var leftOut = features.All.Where(p => !ended.Contains((p.Feature, p.Line))).ToList();
        var capabilities = cluster?.Capabilities.Where(c => c.Present).Select(c => c.Name).ToHashSet() ?? [];
        return new(Posture.CurrentSchema, run, cluster, fleet, [.. Controls(scenarios, leftOut, filtered || run.Interrupted)], scenarios,
            [.. leftOut.Select(p => new LeftOutScenario(p.Feature, p.Name, p.Line))], Totals.Of(scenarios),
            [.. required.Select(r => new RequiredCapability(r, capabilities.Contains(r)))], NonClaims,
            Frameworks: Coverage?.Frameworks, Lesson: Coverage?.Lesson);
    }

    private IEnumerable<ControlResult> Controls(List<ScenarioResult> scenarios, List<ScenarioPlace> leftOut, bool onlySome)
    {
        foreach (var row in catalogue.Rows.OrderBy(r => r.Section, StringComparer.Ordinal))
        {
            var tag = ControlTag + row.Id;
            var ran = scenarios.Where(s => s.Tags.Contains(tag)).ToList();
            var left = leftOut.Count(p => p.Tags.Contains(tag));
            if (ran.Count + left == 0 || (ran.Count == 0 && onlySome))
                continue;
            var outcomes = Totals.Of(ran);
            var status = outcomes.Failed > 0 ? ControlStatus.Failed
                : left > 0 ? ControlStatus.Partial
                : outcomes.NotProvided > 0 ? ControlStatus.NotProvided
                : outcomes.Passed < ran.Count ? ControlStatus.Inconclusive
                : row.Simulated is null ? ControlStatus.Proven : ControlStatus.Simulated;
            yield return new(row.Id, row.Title, row.Section, status, ran.Count + left, outcomes, left,
                row.Frameworks.ToDictionary(f => catalogue.Frameworks[f.Key], f => f.Value), row.Simulated, row.Impact, Proofs(row, ran));
        }
    }

    private List<ControlProof>? Proofs(CatalogueRow row, List<ScenarioResult> ran)
    {
        if (shown is null)
            return null;
        var proofs = ran.Where(s => s.Status == ResultStatus.Passed).SelectMany(s => shown.GetValueOrDefault((s.Feature, s.Line)) ?? new HashSet<Shown>()).CountBy(k => k).ToDictionary();
        return [.. Enum.GetValues<Shown>().Select(k => new ControlProof(k, proofs.GetValueOrDefault(k), row.NotShown.GetValueOrDefault(k)))];
    }
}
