namespace SecuritySpecs.Tool.Bench.Audits;

/// <summary>
/// <c>specs bench audit</c>: what an audit of a large cluster takes, beside its budget. The cluster is made up, and its API server
/// runs in this process; the audit is the real command, in a process of its own.
/// </summary>
internal static partial class AuditBench
{
    private const string Name = "bench-audit";
    private const int MostTold = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Measures, and prints.</summary>
    /// <returns>1 where a figure is above its budget, or where the audit found something other than what is wrong there; else 0.</returns>
    /// <exception cref="EnvironmentException">The audit broke.</exception>
    /// <exception cref="BadInputException">A file is wrong.</exception>
    public static async Task<int> RunAsync(CancellationToken cancel)
    {
        var options = RunOptions.FromEnvironment();
        var budget = AuditBudget.Read(options.Root);
        await using var results = ResultsFolder.Open(options);
        InnerRun.RemoveFolders(results.Location, Name);
        var cluster = new AuditedCluster(options.Root, budget.Size);
        using var api = new AuditedApi(cluster);
        var folder = InnerRun.Folder(results.Location, Name);
        var (run, cpu, memory) = await MeasureAsync(api, folder, cancel);
        var found = Found(folder);
        var (missed, invented) = (cluster.Planted.Except(found).ToList(), found.Except(cluster.Planted).ToList());
        List<(string What, double Figure, double? Most)> figures =
        [
            ("seconds", run.Seconds, budget.Seconds), ("CPU seconds", cpu, null), ("memory, MiB", memory >> 20, budget.Memory),
            ("objects in the largest answer", api.LargestPage, budget.Page), ("requests", api.Requests, null),
        ];
        var (size, objects) = (budget.Size, cluster.Lists.Values.Sum(l => l.Count));
        Print($"an audit of {size.Nodes} nodes, {size.Tenants} tenants and {size.Pods} pods, {objects} objects in all: {found.Count} findings");
        foreach (var (what, figure, most) in figures)
            Print($"  {what,-30} {figure,8:0.0}{(most is null ? "" : $"   at most {most}")}");
        List<string> wrong =
        [
            .. figures.Where(f => f.Figure > f.Most).Select(f => FormattableString.Invariant($"{f.What}: {f.Figure:0.0} is above the budget of {f.Most}")),
            .. api.Writes.Select(w => $"the audit does not only read: {w}"),
            .. missed.Take(MostTold).Select(f => $"not found: {f}"), .. invented.Take(MostTold).Select(f => $"found, and not there: {f}"),
        ];
        foreach (var sentence in wrong)
            Console.WriteLine(sentence);
        return wrong.Count > 0 ? 1 : 0;
    }

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));

    private static async Task<(InnerRun Run, double Cpu, long Memory)> MeasureAsync(AuditedApi api, string folder, CancellationToken cancel)
    {
        var kubeconfig = Path.Combine(folder, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, Kubeconfig(api), cancel);
        var (process, memory, before) = (0, 0L, MeasuredRun.Ticks("self", ofChildren: true));
        var running = InnerRun.RunAsync(InnerRun.OfThisBuild("audit", ["--cluster", kubeconfig]), folder, cancel, id => process = id);
        // The kernel keeps the peak of a process for as long as it lives.
        while (await Task.WhenAny(running, Task.Delay(Pause, CancellationToken.None)) != running)
            memory = Math.Max(memory, BenchCommand.Number(Peak(), $"/proc/{process}/status") << 10);
        var run = await running;
        if (run.ExitCode is not (0 or 1))
        {
            throw new EnvironmentException($"the audit ended with exit code {run.ExitCode}: no figures (its output: {folder}/console.log)\n"
                + string.Join('\n', run.Output.TakeLast(5)));
        }

        return (run, MeasuredRun.Ticks("self", ofChildren: true) - before, memory);
    }

    private static List<string> Found(string folder)
    {
        var result = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "audit.json")))!;
        return [.. result["findings"]!.AsArray().Select(f => $"{f!["control"]}: {f["target"]}: {f["problem"]}")];
    }

    private static string Kubeconfig(AuditedApi api) => $$$"""
        apiVersion: v1
        kind: Config
        current-context: made-up
        contexts: [{name: made-up, context: {cluster: made-up, user: nobody}}]
        clusters: [{name: made-up, cluster: {server: "{{{api.Url}}}"}}]
        users: [{name: nobody, user: {token: nothing}}]
        """;

    [GeneratedRegex(@"^VmHWM:\s+(\d+)", RegexOptions.Multiline)]
    private static partial Regex Peak();
}
