using SecuritySpecs.Reports.Phrases;

namespace SecuritySpecs.Tool;

/// <summary><c>specs drill</c>: lists the drills, and plays one for people on a cluster that stays.</summary>
internal static class DrillCommand
{
    /// <summary>Lists the drills.</summary>
    public static int List()
    {
        foreach (var section in DrillScenario.Read(RunOptions.FindRoot()).GroupBy(d => d.Place.Feature))
        {
            Console.WriteLine(section.Key);
            foreach (var drill in section)
                Console.WriteLine($"  {drill.Runbook.Drill,-26} {drill.Place.Name}");
        }

        Console.WriteLine("\nsupport/specs drill NAME plays one");
        return 0;
    }

    /// <summary>The scenario that plays a drill.</summary>
    /// <exception cref="EnvironmentException">There is no such drill; the message names the nearest.</exception>
    public static Selection SelectionOf(string name)
    {
        var drills = DrillScenario.Read(RunOptions.FindRoot());
        var place = drills.FirstOrDefault(d => d.Runbook.Drill == name)?.Place
            ?? throw new EnvironmentException($"there is no drill \"{name}\"; the nearest are {string.Join(", ", NearPhrases.Of(name, drills.Select(d => d.Runbook.Drill)))}");
        return new($"drill {name}", Selection.FilterOf([place]), [place]);
    }

    /// <summary>Asks the drill that is open whether its hole is closed.</summary>
    /// <returns>0 closed, 1 open.</returns>
    public static async Task<int> CheckAsync(CancellationToken cancel)
    {
        var (closed, words) = await OpenDrill.AskAsync(OpenDrill.Folder, cancel);
        Console.WriteLine(words);
        return closed ? 0 : 1;
    }

    /// <summary>Plays a drill.</summary>
    public static async Task<int> PlayAsync(Selection selection, CancellationToken cancel)
    {
        await using var run = await Run.PrepareAsync(cancel);
        _ = Task.Run(() => HandOnEnter(run.Result(PlayedDrill.EnterFile)), CancellationToken.None);
        return await run.SummariseAsync(await run.TestScenariosAsync(selection), []);
    }

    // Each line of this process is one for the test process, which has no input of its own. Reading the console blocks a thread, however it is asked.
    private static void HandOnEnter(string file)
    {
        while (Console.In.ReadLine() is not null)
            File.WriteAllText(file, "");
    }
}
