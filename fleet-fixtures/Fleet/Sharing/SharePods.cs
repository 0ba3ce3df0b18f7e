namespace SecuritySpecs.FleetProgram.Sharing;

/// <summary>What one container asks of shared GPUs.</summary>
/// <param name="Count">How many GPUs.</param>
/// <param name="MemoryMiB">Memory of each; 0 where <paramref name="MemoryPercent"/> says it.</param>
/// <param name="MemoryPercent">Memory of each in percent.</param>
/// <param name="Cores">Computing time of each in percent.</param>
internal sealed record ShareRequest(int Count, int MemoryMiB, int MemoryPercent, int Cores)
{
    /// <summary>The memory that it takes of a GPU.</summary>
    public int MemoryOf(SharedGpu gpu) => MemoryMiB > 0 ? MemoryMiB : (int)((long)gpu.MemoryMiB * MemoryPercent / 100);
}

/// <summary>Reads pods as HAMi does.</summary>
internal static class SharePods
{
    /// <summary>All containers of a pod in HAMi's order: init containers first.</summary>
    public static IReadOnlyList<JsonObject> Containers(JsonNode pod) =>
        [.. (pod["spec"]!["initContainers"]?.AsArray() ?? []).Concat(pod["spec"]!["containers"]!.AsArray()).Select(c => c!.AsObject())];

    /// <summary>A quantity among a container's limits, or else among its requests; null where it is in neither or no whole number.</summary>
    public static int? Quantity(JsonObject container, string resource) =>
        Number((container["resources"]?["limits"]?[resource] ?? container["resources"]?["requests"]?[resource])?.ToString() ?? "");

    // As Kubernetes writes whole numbers: the API server makes 3k of 3000.
    private static int? Number(string quantity)
    {
        var digits = quantity.TrimEnd('k', 'M', 'G', 'K', 'i');
        var unit = quantity[digits.Length..] switch { "" => 1L, "k" => 1000L, "M" => 1_000_000L, "G" => 1_000_000_000L, "Ki" => 1L << 10, "Mi" => 1L << 20, "Gi" => 1L << 30, _ => 0L };
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && unit > 0 && number * unit <= int.MaxValue ? (int)(number * unit) : null;
    }

    /// <summary>What a container asks for; null where it asks for no share. Who names no memory asks for all of it.</summary>
    public static ShareRequest? Request(JsonObject container, string resource)
    {
        if (Quantity(container, resource) is not ({ } count and > 0))
            return null;
        var memory = Quantity(container, Hami.Memory) ?? 0;
        var percent = Quantity(container, Hami.MemoryPercentage) is { } given and > 0 ? Math.Min(given, 100) : 100;
        return new ShareRequest(count, memory, percent, Math.Min(Quantity(container, Hami.Cores) ?? 0, SharedGpu.AllCores));
    }
}
