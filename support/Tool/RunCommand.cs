namespace SecuritySpecs.Tool;

/// <summary><c>specs run</c>: the features.</summary>
internal static class RunCommand
{
    public static async Task<int> RunAsync(Selection? selection, CancellationToken cancel)
    {
        await using var run = await Run.PrepareAsync(cancel);
        return await run.SummariseAsync(await run.TestScenariosAsync(selection), []);
    }
}
