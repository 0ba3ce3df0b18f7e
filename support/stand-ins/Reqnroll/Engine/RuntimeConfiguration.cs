using System.Text.Json;

namespace Reqnroll.Engine;

/// <summary>What becomes of a scenario with undefined or pending steps.</summary>
internal enum MissingOrPendingStepsOutcome
{
    /// <summary>The same as Inconclusive with NUnit.</summary>
    Pending,
    Inconclusive,
    Ignore,
    Error,
}

/// <summary>The part of <c>reqnroll.json</c>, beside the test assembly, that steers a run.</summary>
internal sealed record RuntimeConfiguration(MissingOrPendingStepsOutcome MissingOrPendingSteps)
{
    /// <exception cref="ReqnrollException">The file is not JSON or has an unknown outcome.</exception>
    public static RuntimeConfiguration Load()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "reqnroll.json");
        if (!File.Exists(path)) return new RuntimeConfiguration(MissingOrPendingStepsOutcome.Pending);
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return json.RootElement.TryGetProperty("runtime", out var runtime) && runtime.TryGetProperty("missingOrPendingStepsOutcome", out var outcome)
                ? new RuntimeConfiguration(Enum.Parse<MissingOrPendingStepsOutcome>(outcome.GetString()!, ignoreCase: true))
                : new RuntimeConfiguration(MissingOrPendingStepsOutcome.Pending);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new ReqnrollException($"{path}: {e.Message}", e);
        }
    }
}
