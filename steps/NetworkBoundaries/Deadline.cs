namespace SecuritySpecs.Steps.NetworkBoundaries;

/// <summary>By when something must have come true after the keys were written.</summary>
/// <param name="Seconds">So many seconds; null for at once.</param>
public sealed record Deadline(int? Seconds)
{
    /// <summary>Both forms, as a regular expression.</summary>
    public const string Forms = "| within \\d+ seconds";

    /// <summary>The deadline in a step's words.</summary>
    public static Deadline Of(string words) => new(words.Length == 0 ? null : int.Parse(words.Split(' ')[2], CultureInfo.InvariantCulture));
}
