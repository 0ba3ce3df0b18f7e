namespace SecuritySpecs.Cluster.Images;

/// <summary>One step of preparing, told in plain words: that it begins, every 15 s how far it is, and how long it took.</summary>
internal static class Step
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    /// <summary>Does one.</summary>
    /// <param name="tell">Takes the lines.</param>
    /// <param name="what">For example <c>Pulling rancher/k3s:v1.30.11-k3s1</c>.</param>
    /// <param name="work">The work; it says how far it is.</param>
    public static async Task RunAsync(Action<string> tell, string what, Func<Action<string>, Task> work)
    {
        var clock = Stopwatch.StartNew();
        var last = "";
        tell($"{what} ...");
        var done = work(line => last = line);
        while (await Task.WhenAny(done, Task.Delay(Pause)) != done)
            tell($"  {clock.Elapsed.TotalSeconds:0} s  {(last.Length > 100 ? last[..100] : last)}");
        await done;
        if (clock.Elapsed.TotalSeconds >= 2)
            tell($"  done in {clock.Elapsed.TotalSeconds:0} s");
    }
}
