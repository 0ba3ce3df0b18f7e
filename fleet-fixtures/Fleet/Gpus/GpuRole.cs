namespace SecuritySpecs.FleetProgram.Gpus;

/// <summary><c>fleet gpu</c>: shows the node's GPUs and makes one break or heal.</summary>
internal sealed class GpuRole : Role
{
    public override string Name => "gpu";

    public override string Summary => "list the GPUs of this node's device plugin, or switch the health of one";

    public override IReadOnlyCollection<string> Options => [GpuState.Option];

    public override string Help =>
        $"""
        Usage: fleet gpu list [{GpuState.Option} DIR]
               fleet gpu health UUID healthy|unhealthy [{GpuState.Option} DIR]

        Runs in the container of the device plugin, which notices a change at once and tells the kubelet. The node's
        allocatable count follows with the kubelet's next node status. Containers that have the GPU keep it.

        Prints JSON: list an array of GPUs by index, health the GPU as it is now: index, uuid, health.

          {GpuState.Option} DIR  where the plugin keeps its state (default {GpuState.DefaultDirectory})
        """;

    public override Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var state = new GpuState(arguments.Text(GpuState.Option) ?? GpuState.DefaultDirectory);
        Console.WriteLine(arguments.Words switch
        {
            ["list"] => JsonSerializer.Serialize(state.List(), Json.Shapes.IReadOnlyListGpuStatus),
            ["health", var uuid, "healthy"] => Mark(state, uuid, healthy: true),
            ["health", var uuid, "unhealthy"] => Mark(state, uuid, healthy: false),
            ["health", ..] => throw new UsageException("expected: health UUID healthy|unhealthy"),
            [var other, ..] => throw new UsageException($"unknown command '{string.Join(' ', arguments.Words)}'; {(other == "list" ? "list takes no argument" : "known: list health")}"),
            [] => throw new UsageException("say list or health"),
        });
        return Task.FromResult(0);
    }

    private static string Mark(GpuState state, string uuid, bool healthy) =>
        JsonSerializer.Serialize(state.Mark(uuid, healthy), Json.Shapes.GpuStatus);
}
