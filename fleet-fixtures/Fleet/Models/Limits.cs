namespace SecuritySpecs.FleetProgram.Models;

/// <summary>A limit says something that cannot be understood; nobody is served until it can.</summary>
internal sealed class LimitException(string message) : Exception(message);

/// <summary>What one key may do: a folder with one file a limit, called like it. A limit without a file does not exist.</summary>
/// <param name="RequestsPerMinute">How fast a used-up allowance comes back; null for no limit.</param>
/// <param name="Burst">How many requests may come at once: the allowance of a key that has rested.</param>
/// <param name="MaxTokens">The most tokens of one answer; null for what the model can.</param>
/// <param name="MaxBodyBytes">The longest request body; null for what the server can.</param>
/// <param name="ByForwardedFor">Count by what the client says of its address instead of by its key: a mistake, to be shown.</param>
internal sealed record Limits(int? RequestsPerMinute, int Burst, int? MaxTokens, int? MaxBodyBytes, bool ByForwardedFor)
{
    /// <summary>No limits.</summary>
    public static readonly Limits None = new(null, 1, null, null, false);

    private const string CountedBy = "counted-by";

    /// <summary>Reads a folder as a mounted ConfigMap makes it. Read for each request: a change counts at once.</summary>
    /// <exception cref="LimitException">A file does not say what it should.</exception>
    public static Limits Read(string? folder) => folder is null ? None : new(
        Number(folder, "requests-per-minute"), Number(folder, "burst") ?? 1, Number(folder, "max-tokens"), Number(folder, "max-body-bytes"),
        Text(folder, CountedBy) switch
        {
            null or "key" => false,
            "x-forwarded-for" => true,
            _ => throw new LimitException($"the limit {CountedBy} is neither key nor x-forwarded-for"),
        });

    private static int? Number(string folder, string name) => Text(folder, name) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => number,
        _ => throw new LimitException($"the limit {name} is no whole number from 1 to {int.MaxValue}"),
    };

    private static string? Text(string folder, string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, name)).Trim();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LimitException($"the limit {name} cannot be read");
        }
    }
}
