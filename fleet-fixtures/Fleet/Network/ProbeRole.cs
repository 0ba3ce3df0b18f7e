namespace SecuritySpecs.FleetProgram.Network;

/// <summary><c>fleet probe</c>: tries to reach one target, once, and says what happened.</summary>
internal sealed class ProbeRole : Role
{
    private const int DefaultTimeoutMs = 2000;

    public override string Name => "probe";

    public override string Summary => "try to reach an address once and print what happened as JSON";

    public override IReadOnlyCollection<string> Options => ["--timeout-ms"];

    public override string Help =>
        $"""
        Usage: fleet probe TARGET [--timeout-ms N]

        TARGET is {Probe.Forms}.
        Prints one line of JSON: target, result (open, refused, timeout, unreachable, unresolved, closed), status,
        latencyMs, body (the first {Probe.BodyLength} characters), servedBy (of the header {Whoami.Header}). The exit code is 0 whatever the result. Redirects are not followed.

          --timeout-ms N  for the whole probe, 1 to 60000 (default {DefaultTimeoutMs})
        """;

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var timeout = TimeSpan.FromMilliseconds(arguments.Number("--timeout-ms", 1, 60000, DefaultTimeoutMs));
        if (arguments.Words.Count != 1)
            throw new UsageException($"one target is expected: {Probe.Forms}");
        var reports = await Probe.AllAsync([Probe.Of(arguments.Words[0])], timeout, stop);
        Console.WriteLine(JsonSerializer.Serialize(reports[0], Json.Shapes.ProbeReport));
        return 0;
    }
}
