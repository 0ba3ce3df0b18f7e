namespace SecuritySpecs.Drivers.Shared;

/// <summary>The labels and annotations by which the platform says what a namespace is.</summary>
public sealed class NamespaceMarks(ScenarioPlatform scenario)
{
    private static readonly string[] Prefixes = ["security.specs/", "pod-security.kubernetes.io/", "scheduler.alpha.kubernetes.io/"];
    private static readonly string[] OfRuns = [RunLabels.Run, RunLabels.Scenario, RunLabels.Shared];

    /// <summary>Reads them, each as <c>KEY: VALUE</c>. Of a list of tolerations each has its own: key, operator, value and effect, as far as they are there.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(string @namespace)
    {
        var metadata = (await scenario.Admin.GetAsync($"/api/v1/namespaces/{@namespace}")).OrThrow().Body!["metadata"]!;
        return [.. new[] { metadata["labels"], metadata["annotations"] }.OfType<JsonObject>().SelectMany(m => m)
            .Where(m => Prefixes.Any(p => m.Key.StartsWith(p, StringComparison.Ordinal)) && !OfRuns.Contains(m.Key)).SelectMany(m => Values((string)m.Value!).Select(v => $"{m.Key}: {v}"))];
    }

    private static IEnumerable<string> Values(string value) => !value.StartsWith('[') ? [value]
        : JsonNode.Parse(value)!.AsArray().Select(t => string.Join(' ', t!.AsObject().Select(f => f.Value))).DefaultIfEmpty("an empty list");
}
