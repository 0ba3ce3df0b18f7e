using SecuritySpecs.Drills;
using SecuritySpecs.Reports.Formats;

namespace SecuritySpecs.Reports;

/// <summary>The tags that features may carry, checked against the catalogue and the known capabilities.</summary>
/// <param name="catalogue">The controls.</param>
/// <param name="capabilities">What <c>@needs:</c> may name.</param>
/// <param name="drills">What <c>@drill:</c> may name.</param>
public sealed partial class FeatureTags(Catalogue catalogue, IReadOnlyList<string> capabilities, IReadOnlyList<string> drills)
{
    private const string Allowed = "@control:ID, @needs:CAPABILITY, @gpus:N, @gpus:node, @gpus:fleet, @gpus:shared, @gpus:slice, @drill:NAME, @conformance:TEST, @serial and @ignore";

    /// <summary>Everything that is wrong, as <c>file:line: problem</c>.</summary>
    public IEnumerable<string> Problems(FeatureIndex features)
    {
        foreach (var place in features.All)
        {
            foreach (var problem in place.Tags.Distinct().Select(ProblemOf).OfType<string>())
                yield return $"{place.Where}: {problem}";
            if (!place.Tags.Any(t => t.StartsWith(PostureBuilder.ControlTag, StringComparison.Ordinal)))
                yield return $"{place.Where}: no @control:ID says which control this scenario proves";
        }

        foreach (var row in catalogue.Rows)
        {
            var proven = features.All.Any(p => p.Tags.Contains(PostureBuilder.ControlTag + row.Id));
            if (proven == row.Planned is not null)
                yield return $"features/catalogue.yaml: control \"{row.Id}\" {(proven ? "has scenarios, so it is not 'planned' any more" : "has no scenario; say why under 'planned'")}";
        }
    }

    private string? ProblemOf(string tag) => tag.Split(':', 2) switch
    {
        ["control", var id] => catalogue.Rows.Any(r => r.Id == id) ? null : $"@{tag}: features/catalogue.yaml has no control \"{id}\"",
        ["needs", var name] => capabilities.Contains(name) ? null : $"@{tag}: no such capability; known are {string.Join(", ", capabilities)}",
        ["gpus", var number] => Number().IsMatch(number) ? null : $"@{tag}: expected a number, node, fleet, shared or slice after the colon",
        ["drill", var name] => drills.Contains(name) ? null : $"@{tag}: {Runbook.FileName} has no runbook of that drill",
        ["conformance", var test] => ConformanceReport.Tests.Contains(test) ? null : $"@{tag}: no such test; known are {string.Join(", ", ConformanceReport.Tests)}",
        ["serial"] or ["ignore"] => null,
        _ => $"@{tag}: unknown tag; allowed are {Allowed}",
    };

    [GeneratedRegex("^([1-9][0-9]*|node|fleet|shared|slice)$")]
    private static partial Regex Number();
}
