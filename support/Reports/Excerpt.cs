namespace SecuritySpecs.Reports;

/// <summary>The beginning and the end of a long message: the first says what was expected, the last what was seen.</summary>
public static class Excerpt
{
    /// <summary>Shortens a message.</summary>
    /// <param name="message">The message, of any number of lines.</param>
    /// <param name="head">How many lines of its beginning stay.</param>
    /// <param name="tail">How many lines of its end stay.</param>
    /// <param name="whole">Where all of it is; null where nowhere else.</param>
    /// <returns>Its lines without empty ones. A line of its own tells how many are left out.</returns>
    public static IReadOnlyList<string> Of(string message, int head, int tail, string? whole = null)
    {
        var lines = message.Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0).ToList();
        // To leave out one line in favour of another that says so saves nothing.
        return lines.Count <= head + tail + 1
            ? lines
            : [.. lines.Take(head), $"[{lines.Count - head - tail} lines left out{(whole is null ? "" : $"; all of it is in {whole}")}]", .. lines.TakeLast(tail)];
    }
}
