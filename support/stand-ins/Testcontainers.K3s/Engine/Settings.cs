namespace DotNet.Testcontainers.Engine;

/// <summary>The environment variables of the real package that can be noticed here, read once per process as there.</summary>
internal static class Settings
{
    /// <summary>The address of published ports.</summary>
    public static readonly string? HostOverride = Read("TESTCONTAINERS_HOST_OVERRIDE");

    public static readonly string? DockerHost = Read("DOCKER_HOST");

    /// <summary>Whether the real package would start its reaper; it decides what DisposeAsync does.</summary>
    public static readonly bool ReaperEnabled =
        Read("TESTCONTAINERS_RYUK_DISABLED") is not { } value || !(value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase));

    public static readonly TimeSpan WaitInterval = ReadTime("TESTCONTAINERS_WAIT_STRATEGY_INTERVAL") ?? TimeSpan.FromSeconds(1);

    public static readonly TimeSpan WaitTimeout = ReadTime("TESTCONTAINERS_WAIT_STRATEGY_TIMEOUT") ?? TimeSpan.FromHours(1);

    /// <summary>The labels of everything that this process makes.</summary>
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["org.testcontainers"] = "true",
        ["org.testcontainers.lang"] = "dotnet",
        ["org.testcontainers.session-id"] = Guid.NewGuid().ToString("D"),
    };

    private static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static TimeSpan? ReadTime(string name) =>
        TimeSpan.TryParse(Read(name), System.Globalization.CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero ? time : null;
}
