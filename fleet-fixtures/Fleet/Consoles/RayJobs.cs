using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace SecuritySpecs.FleetProgram.Consoles;

/// <summary>Ray's jobs: whoever may submit one runs a shell command in the container, and may read what it printed.</summary>
internal sealed class RayJobs
{
    private const string Jobs = "/api/jobs/";
    private const string Logs = "/logs";
    private const int MostPrinted = 16_384;
    private readonly ConcurrentDictionary<string, Job> _jobs = new();

    /// <summary>The answer to a request, as JSON; null where there is none.</summary>
    public async Task<string?> AnswerAsync(HttpRequest request) => (request.Method, request.Path.Value) switch
    {
        ("GET", "/api/version") => """{"version":"4","ray_version":"2.9.0"}""",
        ("POST", Jobs) => await SubmitAsync(request),
        ("GET", { } path) when path.StartsWith(Jobs, StringComparison.Ordinal) => Tell(path[Jobs.Length..]),
        _ => null,
    };

    private async Task<string?> SubmitAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        if (Entrypoint(await reader.ReadToEndAsync(request.HttpContext.RequestAborted)) is not { } entrypoint)
            return null;
        var id = $"raysubmit_{Guid.NewGuid():N}";
        _jobs[id] = Job.Start(entrypoint);
        Log.Line($"job {id} submitted by {request.HttpContext.Connection.RemoteIpAddress}");
        return new JsonObject { ["job_id"] = id, ["submission_id"] = id }.ToJsonString();
    }

    private string? Tell(string path)
    {
        var ofLogs = path.EndsWith(Logs, StringComparison.Ordinal);
        if (!_jobs.TryGetValue(ofLogs ? path[..^Logs.Length] : path, out var job))
            return null;
        return (ofLogs ? new JsonObject { ["logs"] = job.Printed } : new JsonObject { ["status"] = job.Status }).ToJsonString();
    }

    private static string? Entrypoint(string body)
    {
        try
        {
            return (string?)(JsonNode.Parse(body) as JsonObject)?["entrypoint"];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // what is no job is not submitted
        }
    }

    /// <summary>A shell command that runs or has run.</summary>
    private sealed class Job(Task<(string Printed, int ExitCode)> run)
    {
        public string Status => !run.IsCompleted ? "RUNNING" : run is { IsCompletedSuccessfully: true, Result.ExitCode: 0 } ? "SUCCEEDED" : "FAILED";

        public string Printed => run.IsCompletedSuccessfully ? run.Result.Printed : "";

        public static Job Start(string entrypoint) => new(RunAsync(entrypoint));

        private static async Task<(string Printed, int ExitCode)> RunAsync(string entrypoint)
        {
            using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", "exec 2>&1\n" + entrypoint]) { RedirectStandardOutput = true })!;
            var start = new char[MostPrinted];
            var length = await shell.StandardOutput.ReadBlockAsync(start);
            await shell.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            await shell.WaitForExitAsync();
            return (new string(start, 0, length), shell.ExitCode);
        }
    }
}
