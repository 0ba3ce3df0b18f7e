namespace SecuritySpecs.Network;

/// <summary>What is expected of one attempt.</summary>
/// <param name="Source">Who tries.</param>
/// <param name="Target">What.</param>
/// <param name="Reached">Whether it must be reached. If not, it must be denied in a way in which a network denies.</param>
public sealed record ExpectedCell(ProbeSource Source, ProbeTarget Target, bool Reached)
{
    /// <summary>Whether an observation is what is expected.</summary>
    public bool IsMetBy(Observation seen) => Reached ? seen.IsOpen : seen.IsShut;

    /// <summary>
    /// Whether a broken network, a broken prober or a policy could keep this from being reached. Nothing keeps a pod from itself, so
    /// that such a cell shows nothing about the network.
    /// </summary>
    public bool CanFail => Reached && Target.Owner != $"{Source.Namespace}/{Source.Pod}";
}

/// <summary>
/// Waits until the network is as expected. A policy takes hold pod by pod, and what is shut may only be so for a moment: what
/// counts is the same picture of all cells, allowed and denied, so many times in a row. A denied cell counts only beside an
/// allowed one that could fail: where no pod reaches another one, a broken network looks like a policy.
/// </summary>
/// <param name="look">Looks once, from all pods at the same moment.</param>
/// <param name="inARow">How many rounds in a row must agree where anything must be denied.</param>
/// <param name="deadline">
/// Longest wait; 20 s when null. Three times as long while a busy machine keeps pods from being asked, so that nothing is known about
/// the network, and while the last round was as expected.
/// </param>
public sealed class Reachability(
    Func<IReadOnlyList<(ProbeSource Source, ProbeTarget Target)>, TimeSpan, Task<IReadOnlyList<Observation>>> look, int inARow = 3, TimeSpan? deadline = null)
{
    private const double LongestTimeoutMs = 3000;

    // More than a prober asks for at once on two cores, where it asks so many pods.
    private const int ManyCells = 3000;
    private readonly TimeSpan _deadline = deadline ?? TimeSpan.FromSeconds(20);

    /// <summary>What was seen of each cell in the last round.</summary>
    public IReadOnlyList<Observation> Seen { get; private set; } = [];

    /// <summary>Has a prober look.</summary>
    public Reachability(Prober prober, int inARow = 3, TimeSpan? deadline = null)
        : this(prober.LookAsync, inARow, deadline)
    {
    }

    /// <summary>Looks again until every cell is as expected.</summary>
    /// <param name="expected">All that is looked at.</param>
    /// <param name="awaited">What is awaited, for the message: to follow "waited for".</param>
    /// <returns>The grid that was seen, for people.</returns>
    /// <exception cref="TimeoutException">It is not so in time; the message has both grids.</exception>
    /// <exception cref="ArgumentException">Something must be denied, and nothing that could fail must be reached.</exception>
    public async Task<string> AwaitAsync(IReadOnlyList<ExpectedCell> expected, string awaited)
    {
        if (!expected.All(c => c.Reached) && !expected.Any(c => c.CanFail))
            throw new ArgumentException($"Nothing would show that the network works while {awaited} are awaited: a pod that reaches itself does not. Add a row of a pod that reaches another one:\n{ReachabilityGrid.Of(expected)}");
        // What is open once is open.
        var wanted = expected.All(c => c.Reached) ? 1 : inARow;
        var streak = 0;
        var isBusy = false;
        var cells = expected.Select(c => (c.Source, c.Target)).ToList();
        var timeout = TimeoutFor(cells.Count);
        var seen = await Poll.UntilAsync($"{awaited}, {Times(wanted)}:\n{ReachabilityGrid.Of(expected)}\n", async () =>
        {
            var round = Seen = await look(cells, timeout);
            streak = expected.Zip(round).All(c => c.First.IsMetBy(c.Second)) ? streak + 1 : 0;
            isBusy = round.Any(o => o.Result is ProbeResult.Starved or ProbeResult.NotAsked);
            if (isBusy || expected.Zip(round).Any(c => c.First.Reached && c.Second.Result == ProbeResult.TimedOut))
                timeout = Longer(timeout);
            return round;
        }, _ => streak == wanted, round => $"\n{ReachabilityGrid.Of(expected, round)}", () => isBusy || streak > 0 ? 3 * _deadline : _deadline);
        return $"{Times(wanted)}:\n{ReachabilityGrid.Of(expected, seen)}";
    }

    /// <summary>How long nobody may have answered before the rest count as silent: what is denied costs this much.</summary>
    /// <param name="cells">How many attempts share the machine.</param>
    public static TimeSpan TimeoutFor(int cells) => TimeSpan.FromMilliseconds(200 + (Math.Min(cells, ManyCells) * 0.1));

    // Silence where an answer is expected may be a machine that is too slow for the timeout.
    private static TimeSpan Longer(TimeSpan timeout) => TimeSpan.FromMilliseconds(Math.Min(timeout.TotalMilliseconds * 1.5, LongestTimeoutMs));

    private static string Times(int rounds) => rounds == 1 ? "in one round" : $"in {rounds} rounds in a row";
}
