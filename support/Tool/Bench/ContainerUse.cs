namespace SecuritySpecs.Tool.Bench;

/// <summary>What a run's containers use, as the kernel counts it.</summary>
/// <param name="Memory">In bytes, without the file cache that the kernel would give back; as <c>docker stats</c>.</param>
/// <param name="Cpu">Processor time so far.</param>
/// <param name="Pods">The ids of the pods that are there.</param>
internal sealed partial record ContainerUse(long Memory, TimeSpan Cpu, IReadOnlyList<string> Pods)
{
    // With cgroup v1 memory and time are counted in two places.
    private static readonly string[] Memories = ["/sys/fs/cgroup/memory/docker/{0}", "/sys/fs/cgroup/memory/system.slice/docker-{0}.scope", .. Unified];
    private static readonly string[] Times = ["/sys/fs/cgroup/cpuacct/docker/{0}", "/sys/fs/cgroup/cpuacct/system.slice/docker-{0}.scope", .. Unified];

    // As cgroups name them.
    private const int LongestWay = 4;

    private static string[] Unified => ["/sys/fs/cgroup/docker/{0}", "/sys/fs/cgroup/system.slice/docker-{0}.scope"];

    /// <summary>Of a run now; null where it has no container yet, or no more.</summary>
    public static async Task<ContainerUse?> OfRunAsync(string? run)
    {
        var containers = run is null ? [] : (await ContainerEngine.ContainersAsync(RunLabels.Run)).Where(c => c.Value == run).ToList();
        var (memories, times) = (Folders(Memories), Folders(Times));
        return memories.Count == 0 ? null : new(memories.Sum(MemoryOf), TimeSpan.FromSeconds(times.Sum(CpuOf)), [.. memories.SelectMany(PodsIn)]);

        List<string> Folders(string[] forms) => [.. containers.Select(c => forms.Select(f => string.Format(CultureInfo.InvariantCulture, f, c.Id)).FirstOrDefault(Directory.Exists)).OfType<string>()];
    }

    private static long MemoryOf(string folder) => BenchCommand.Number(Whole(), $"{folder}/memory.usage_in_bytes") + BenchCommand.Number(Whole(), $"{folder}/memory.current")
        - BenchCommand.Number(Inactive(), $"{folder}/memory.stat");

    private static double CpuOf(string folder) => (BenchCommand.Number(Whole(), $"{folder}/cpuacct.usage") / 1e9) + (BenchCommand.Number(Microseconds(), $"{folder}/cpu.stat") / 1e6);

    private static IEnumerable<string> PodsIn(string folder) =>
        Directory.EnumerateDirectories(folder, "*pod*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = LongestWay, IgnoreInaccessible = true })
            .Select(f => Pod().Match(Path.GetFileName(f))).Where(m => m.Success).Select(m => m.Groups[1].Value);

    [GeneratedRegex(@"^(\d+)")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^usage_usec (\d+)", RegexOptions.Multiline)]
    private static partial Regex Microseconds();

    // The last such line: cgroup v1 has one with child groups behind the group's own.
    [GeneratedRegex(@"^(?:total_)?inactive_file (\d+)", RegexOptions.Multiline | RegexOptions.RightToLeft)]
    private static partial Regex Inactive();

    [GeneratedRegex("pod([0-9a-f]{8}[-_][-_0-9a-f]{27})")]
    private static partial Regex Pod();
}
