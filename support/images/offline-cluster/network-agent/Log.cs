namespace SecuritySpecs.NetworkAgent;

/// <summary>Lines for whoever looks for the cause.</summary>
internal static class Log
{
    public static void Line(string message) => Console.Error.WriteLine($"{DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)} {message}");
}
