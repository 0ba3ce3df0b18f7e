namespace SecuritySpecs.FleetProgram.Sharing;

/// <summary>A container's part of one GPU.</summary>
/// <param name="Uuid">The physical GPU.</param>
/// <param name="MemoryMiB">Its memory.</param>
/// <param name="Cores">Its computing time in percent; 0 is not limited.</param>
internal sealed record Slice(string Uuid, int MemoryMiB, int Cores)
{
    private const string Vendor = "NVIDIA";

    /// <summary>
    /// The slices of a pod as HAMi writes them into an annotation: <c>UUID,NVIDIA,MEMORY,CORES:</c> for each slice and <c>;</c> after
    /// each container, init containers first. A container without a slice is an empty one.
    /// </summary>
    public static string Encode(IEnumerable<IReadOnlyList<Slice>> containers) =>
        string.Concat(containers.Select(c => string.Concat(c.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Uuid},{Vendor},{s.MemoryMiB},{s.Cores}:"))) + ";"));

    /// <summary>Reads what <see cref="Encode"/> writes.</summary>
    /// <exception cref="FleetException">It is something else.</exception>
    public static List<IReadOnlyList<Slice>> Decode(string annotation)
    {
        var containers = annotation.Split(';');
        // After the last container's ; comes nothing.
        return [.. containers[..^(containers[^1].Length == 0 ? 1 : 0)].Select(c => (IReadOnlyList<Slice>)[.. c.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(One)])];
    }

    private static Slice One(string text) =>
        text.Split(',') is [{ Length: > 0 } uuid, _, var memory, var cores, ..]
        && int.TryParse(memory, NumberStyles.None, CultureInfo.InvariantCulture, out var mib) && int.TryParse(cores, NumberStyles.None, CultureInfo.InvariantCulture, out var percent)
            ? new Slice(uuid, mib, percent)
            : throw new FleetException($"'{text}' is no slice: UUID,{Vendor},MEMORY,CORES is expected");
}
