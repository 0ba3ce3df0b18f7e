using SecuritySpecs.Cluster;
using SecuritySpecs.Reports.Phrases;
using SecuritySpecs.Steps.Run;

namespace SecuritySpecs.Steps.BreakItDrills;

/// <summary>Waits with an open hole for a class that is to close it. Each <c>specs drill --check</c> tries the attack again.</summary>
/// <param name="repeater">Tries it.</param>
/// <param name="drill">The drill.</param>
public sealed class DrillCheck(StepRepeater repeater, DrillScenario drill)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until the hole is closed.</summary>
    /// <param name="tell">Takes what happens.</param>
    public async Task AwaitClosedAsync(Action<string> tell)
    {
        var clock = Stopwatch.StartNew();
        using var open = OpenDrill.Announce(OpenDrill.Folder);
        tell("   \"support/specs drill --check\" says whether it is closed. Ctrl-C ends the drill and closes it.");
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync())
        {
            if (!open.IsAsked())
                continue;
            var seconds = clock.Elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
            var problem = await ProblemAsync();
            open.Answer(problem is null ? $"closed, {seconds} s after it was opened" : $"still open after {seconds} s: {problem}");
            if (problem is not null)
                continue;
            tell($"   It was closed after {seconds} s.");
            return;
        }
    }

    // What a step says that fails is what a class has to hear.
    private async Task<string?> ProblemAsync()
    {
        for (var n = 0; n < drill.Steps.Count; n++)
        {
            if (drill.StageOf(n) != DrillStage.SameAttack)
                continue;
            try
            {
                await repeater.RunAsync(drill.Steps[n]);
            }
            catch (Exception e)
            {
                return $"{drill.Steps[n].Text.TrimEnd(':')}: {FailureWords.Of(e)}";
            }
        }

        return null;
    }
}
