namespace SecuritySpecs.FleetProgram.Sharing;

/// <summary>A GPU that is handed out in slices, as it is registered on its node.</summary>
/// <param name="Uuid">Its UUID.</param>
/// <param name="Index">Its place in the node, from 0.</param>
/// <param name="Shares">How many containers may hold a slice of it at once (HAMi's deviceSplitCount).</param>
/// <param name="MemoryMiB">Its memory.</param>
/// <param name="Product">As nvidia-smi names it.</param>
internal sealed record SharedGpu(string Uuid, int Index, int Shares, int MemoryMiB, string Product)
{
    /// <summary>The computing time of a GPU, in percent.</summary>
    public const int AllCores = 100;

    /// <summary>The node annotation that HAMi's plugin writes: a list, although this plugin has one.</summary>
    public string Encode() => new JsonArray(new JsonObject
    {
        ["id"] = Uuid, ["index"] = Index, ["count"] = Shares, ["devmem"] = MemoryMiB, ["devcore"] = AllCores, ["type"] = Product, ["mode"] = "hami-core", ["health"] = true,
    }).ToJsonString();

    /// <summary>The healthy GPUs that a node annotation lists. As in Go, a field that is not there is zero.</summary>
    public static IReadOnlyList<SharedGpu> Decode(string annotation) =>
        [.. JsonNode.Parse(annotation)!.AsArray().Where(g => (bool?)g!["health"] == true)
            .Select(g => new SharedGpu((string)g!["id"]!, Number(g["index"]), Number(g["count"]), Number(g["devmem"]), (string?)g["type"] ?? ""))];

    private static int Number(JsonNode? node) => (int?)node ?? 0;
}
