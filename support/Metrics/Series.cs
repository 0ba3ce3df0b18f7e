namespace SecuritySpecs.Metrics;

/// <summary>One series at one moment.</summary>
/// <param name="Labels">Its labels; <c>__name__</c> is its name.</param>
/// <param name="Value">Its value.</param>
public sealed partial record Series(IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>DCGM's label for a GPU, on every series of an exporter.</summary>
    public const string Uuid = "UUID";

    /// <summary>A label's value; null where it has none.</summary>
    public string? this[string label] => Labels.GetValueOrDefault(label);

    /// <summary>The series of an answer of <c>/api/v1/query</c>.</summary>
    public static IReadOnlyList<Series> OfQuery(JsonNode answer) => [.. answer["data"]!["result"]!.AsArray().Select(r => new Series(
        r!["metric"]!.AsObject().ToDictionary(l => l.Key, l => (string)l.Value!), double.Parse((string)r["value"]![1]!, CultureInfo.InvariantCulture)))];

    /// <summary>The series in Prometheus' text format; a last line that is cut off is left out.</summary>
    public static IReadOnlyList<Series> OfText(string text) => [.. Sample().Matches(text).Select(m => new Series(
        Label().Matches(m.Groups[2].Value).Select(l => KeyValuePair.Create(l.Groups[1].Value, Regex.Unescape(l.Groups[2].Value))).Append(new("__name__", m.Groups[1].Value)).ToDictionary(),
        double.Parse(m.Groups[3].Value, CultureInfo.InvariantCulture)))];

    [GeneratedRegex(@"^([\w:]+)(?:\{(.*)\})? ([0-9.eE+-]+)(?: \d+)?\n", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex(@"(\w+)=""((?:[^""\\]|\\.)*)""")]
    private static partial Regex Label();
}
