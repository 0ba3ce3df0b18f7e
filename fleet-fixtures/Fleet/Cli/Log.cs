namespace SecuritySpecs.FleetProgram.Cli;

/// <summary>The log of a role that stays: one line an event, with its time in UTC.</summary>
internal static class Log
{
    public static void Line(string text) =>
        Console.Out.WriteLine($"{DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)} {text}");
}
