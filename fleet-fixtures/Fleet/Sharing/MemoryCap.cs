namespace SecuritySpecs.FleetProgram.Sharing;

/// <summary>How HAMi-core finds the cap of the process that it is loaded into.</summary>
internal static class MemoryCap
{
    private const string Fallback = "CUDA_DEVICE_MEMORY_LIMIT";

    /// <summary>The cap in MiB; null where HAMi-core is not loaded, or where no variable names one.</summary>
    /// <param name="preload">What the dynamic loader reads.</param>
    /// <param name="variable">Looks up a variable of the process.</param>
    public static int? Find(string preload, Func<string, string?> variable)
    {
        if (!File.Exists(preload) || !File.ReadAllText(preload).Contains(Path.GetFileName(Hami.Library), StringComparison.Ordinal))
            return null;
        return Parse(variable(Hami.MemoryLimitVariable)) ?? Parse(variable(Fallback));
    }

    /// <summary>MiB of <c>3g</c>, <c>3000m</c>, <c>3000k</c> or bytes; null for what HAMi-core takes as no cap: zero and what is no number.</summary>
    public static int? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        var unit = char.ToLowerInvariant(text[^1]) switch { 'g' => 1L << 30, 'm' => 1L << 20, 'k' => 1L << 10, _ => 1L };
        var digits = unit == 1 ? text : text[..^1];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= long.MaxValue / unit
            ? (int)Math.Min(number * unit >> 20, int.MaxValue)
            : null;
    }
}
