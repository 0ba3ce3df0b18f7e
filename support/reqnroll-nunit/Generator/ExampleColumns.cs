using Reqnroll.Tracing;

namespace ReqnrollNUnit.Generator;

/// <summary>The columns of an outline and the C# parameters that stand for them.</summary>
internal sealed class ExampleColumns
{
    public static readonly ExampleColumns None = new([]);

    public ExampleColumns(IEnumerable<string> names)
    {
        Names = [.. names];
        foreach (var name in Names)
        {
            var plain = name.ToIdentifierCamelCase() is { Length: > 0 } letters ? $"@{letters}" : "_"; // @: a column may be a "namespace"
            var identifier = plain;
            for (var suffix = 1; Identifiers.Contains(identifier); suffix++)
                identifier = plain + suffix;
            Identifiers.Add(identifier);
        }
    }

    public List<string> Names { get; }

    public List<string> Identifiers { get; } = [];

    /// <summary>A C# expression of the text with its &lt;columns&gt; filled in.</summary>
    public string Fill(string text) => Names.Zip(Identifiers).Aggregate(
        FeatureCode.Text(text), (e, c) => e.Replace($"<{FeatureCode.Text(c.First)[1..^1]}>", $"\" + {c.Second} + \"", StringComparison.Ordinal));
}
