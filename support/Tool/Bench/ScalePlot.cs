namespace SecuritySpecs.Tool.Bench;

/// <summary>A plot of times over sizes, both axes logarithmic, as SVG: one line an analysis, with its last value beside it.</summary>
/// <param name="Title">What grows.</param>
/// <param name="Lines">The lines: name, and milliseconds by size.</param>
internal sealed record ScalePlot(string Title, IReadOnlyList<(string Name, IReadOnlyList<(int Size, double Ms)> Points)> Lines)
{
    private const int Width = 460;
    private const int Height = 320;
    private const int Margin = 56;

    // Told apart by all eyes (Okabe and Ito).
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73"];
    private static readonly double[] Decades = [0.01, 0.1, 1, 10, 100, 1000, 10000, 100000];

    /// <summary>Some plots in one picture, side by side.</summary>
    public static string Svg(IReadOnlyList<ScalePlot> plots) => $"""
        <svg xmlns="http://www.w3.org/2000/svg" width="{plots.Count * Width}" height="{Height}" font-family="sans-serif" font-size="12">
        <rect width="100%" height="100%" fill="white"/>
        {string.Join('\n', plots.Select((p, n) => $"<g transform=\"translate({n * Width} 0)\">\n{p.Body()}\n</g>"))}
        </svg>

        """;

    private string Body()
    {
        var sizes = Lines.SelectMany(l => l.Points.Select(p => (double)p.Size)).Distinct().Order().ToList();
        var times = Lines.SelectMany(l => l.Points.Select(p => p.Ms)).ToList();
        var (least, most) = (Decades.Last(d => d <= times.Min() || d == Decades[0]), Decades.First(d => d >= times.Max() || d == Decades[^1]));
        var parts = new List<string> { Text(Width / 2d, 20, "middle", Title), Text(Width / 2d, Height - 8d, "middle", "milliseconds over size; both axes are logarithmic") };
        foreach (var size in sizes)
            parts.Add(Text(X(size), Height - Margin + 16, "middle", Number(size)));
        foreach (var decade in Decades.Where(d => d >= least && d <= most))
            parts.Add(Invariant($"<path d=\"M{Margin} {Y(decade):0.0}H{Width - Margin}\" stroke=\"#ddd\"/>") + Text(Margin - 6, Y(decade) + 4, "end", Number(decade)));
        foreach (var ((name, points), colour) in Lines.Zip(Colours))
        {
            parts.Add($"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{string.Join(' ', points.Select(p => Invariant($"{X(p.Size):0.0},{Y(p.Ms):0.0}")))}\"/>");
            parts.Add(Text(Width - Margin + 4, Y(points[^1].Ms) + 4, "start", name, colour));
        }

        return string.Join('\n', parts);

        double X(double size) => Margin + ((Width - (2 * Margin)) * Part(size, sizes[0], sizes[^1]));
        double Y(double ms) => Height - Margin - ((Height - (2 * Margin)) * Part(ms, least, most));
    }

    private static double Part(double value, double least, double most) => Math.Log(value / least) / Math.Log(most / least);

    private static string Text(double x, double y, string anchor, string text, string colour = "black") =>
        Invariant($"<text x=\"{x:0.0}\" y=\"{y:0.0}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{text}</text>");

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
