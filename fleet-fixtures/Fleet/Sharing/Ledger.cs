namespace SecuritySpecs.FleetProgram.Sharing;

/// <summary>A node that has shared GPUs, and what of them is taken.</summary>
/// <param name="name">The node.</param>
/// <param name="gpus">Its shared GPUs.</param>
internal sealed class Ledger(string name, IReadOnlyList<SharedGpu> gpus)
{
    private readonly Dictionary<string, (int Shares, long MemoryMiB, long Cores)> _used = gpus.ToDictionary(g => g.Uuid, _ => (0, 0L, 0L));

    /// <summary>Enters what a pod has, by its annotations. Those that make no sense count for nothing: a tenant may have written them.</summary>
    public void Enter(JsonNode pod)
    {
        var annotations = pod["metadata"]!["annotations"];
        if ((string?)annotations?[Hami.Node] != name || (string?)annotations[Hami.Allocated] is not { } allocated)
            return;
        try
        {
            foreach (var slice in Slice.Decode(allocated).SelectMany(s => s))
                Enter(slice);
        }
        catch (FleetException e)
        {
            Log.Line($"pod {(string?)pod["metadata"]!["namespace"]}/{(string?)pod["metadata"]!["name"]}: {e.Message}");
        }
    }

    /// <summary>Finds slices for all containers of a pod.</summary>
    /// <returns>The slices of each container, or why they do not fit, in HAMi's words.</returns>
    public (IReadOnlyList<IReadOnlyList<Slice>>? Slices, string? Reason) Fit(IEnumerable<ShareRequest?> containers)
    {
        var slices = new List<IReadOnlyList<Slice>>();
        foreach (var request in containers)
        {
            var (found, reason) = request is null ? ([], null) : Fit(request);
            if (found is null)
                return (null, reason);
            foreach (var slice in found)
                Enter(slice);
            slices.Add(found);
        }
        return (slices, null);
    }

    private (IReadOnlyList<Slice>? Slices, string? Reason) Fit(ShareRequest request)
    {
        var found = new List<Slice>();
        var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var gpu in gpus)
        {
            if (Obstacle(gpu, request) is { } obstacle)
                reasons[obstacle] = reasons.GetValueOrDefault(obstacle) + 1;
            else if (found.Count < request.Count)
                found.Add(new Slice(gpu.Uuid, request.MemoryOf(gpu), request.Cores));
        }
        if (found.Count == request.Count)
            return (found, null);
        if (found.Count > 0)
            reasons["AllocatedCardsInsufficientRequest"] = found.Count;
        return (null, string.Join(", ", reasons.Select(r => $"{r.Value}/{gpus.Count} {r.Key}")));
    }

    private string? Obstacle(SharedGpu gpu, ShareRequest request)
    {
        var (shares, memory, cores) = _used[gpu.Uuid];
        return shares >= gpu.Shares ? "CardTimeSlicingExhausted"
            : gpu.MemoryMiB - memory < request.MemoryOf(gpu) ? "CardInsufficientMemory"
            : SharedGpu.AllCores - cores < request.Cores ? "CardInsufficientCore"
            : request.Cores == SharedGpu.AllCores && shares > 0 ? "ExclusiveDeviceAllocateConflict"
            : request.Cores == 0 && cores == SharedGpu.AllCores ? "CardComputeUnitsExhausted"
            : null;
    }

    private void Enter(Slice slice)
    {
        if (_used.TryGetValue(slice.Uuid, out var used))
            _used[slice.Uuid] = (used.Shares + 1, used.MemoryMiB + slice.MemoryMiB, used.Cores + slice.Cores);
    }
}
