namespace SecuritySpecs.Tool;

/// <summary><c>specs test</c>: the tests of support/, one project after another, then the features.</summary>
internal static class TestCommand
{
    public static async Task<int> RunAsync(CancellationToken cancel)
    {
        await using var run = await Run.PrepareAsync(cancel);
        var (code, tests) = (0, new List<UnitTests>());
        var folders = Directory.EnumerateDirectories(Path.Combine(run.Options.Root, "support", "tests")).Order(StringComparer.Ordinal);
        foreach (var project in folders.SelectMany(f => Directory.EnumerateFiles(f, "*.csproj")))
        {
            var name = Path.GetFileNameWithoutExtension(project);
            Console.WriteLine($"\n== {name}");
            code = Math.Max(code, await run.TestAsync(name, Run.Assembly(run.Options.Root, Path.GetDirectoryName(project)!, name), WriteIfAny, "minimal"));
            if (!File.Exists(run.Result($"{name}.trx")))
                throw new EnvironmentException($"{name} gave no results; its output above says why");
            tests.Add(UnitTests.Read(run.Result($"{name}.trx")));
        }

        Console.WriteLine("\n== scenarios");
        code = Math.Max(code, await run.TestScenariosAsync(selection: null));
        var skipped = tests.SelectMany(t => t.Skipped).ToList();
        if (skipped.Count > 0)
            Console.WriteLine("\nSkipped:");
        foreach (var (test, reason) in skipped)
            Console.WriteLine($"  {test}: {reason.ReplaceLineEndings(" ")}");
        return await run.SummariseAsync(code, tests);
    }

    private static void WriteIfAny(string line)
    {
        if (line.Length > 0)
            Console.WriteLine(line);
    }
}
