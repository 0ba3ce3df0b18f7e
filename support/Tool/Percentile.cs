namespace SecuritySpecs.Tool;

/// <summary>The nearest-rank percentile, which is one of the values.</summary>
internal static class Percentile
{
    // 0.9 times 10 is a little more than 9.
    private const double Rounding = 1e-9;

    /// <summary>The least of the values that so large a part of all does not exceed; not a number where there are none.</summary>
    public static double Of(IEnumerable<double> values, double part)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[Math.Max(0, (int)Math.Ceiling((part * sorted.Count) - Rounding) - 1)];
    }
}
