namespace SecuritySpecs.FleetProgram.Metrics;

/// <summary>Prometheus' text format, version 0.0.4.</summary>
internal static class Exposition
{
    /// <summary>Its media type.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>All fields of all GPUs.</summary>
    /// <param name="gpus">Each GPU's labels, in order, and what it measures.</param>
    public static string Of(IReadOnlyList<(IReadOnlyList<(string Name, string Value)> Labels, GpuReading Reading)> gpus)
    {
        var text = new StringBuilder();
        foreach (var field in DcgmFields.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {field.Name} {field.Help}\n# TYPE {field.Name} {field.Type}\n");
            foreach (var (labels, reading) in gpus)
            {
                text.Append(field.Name).Append('{').AppendJoin(',', labels.Select(l => $"{l.Name}=\"{Escape(l.Value)}\"")).Append("} ")
                    .Append(field.Value(reading).ToString(CultureInfo.InvariantCulture)).Append('\n');
            }
        }
        return text.ToString();
    }

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
