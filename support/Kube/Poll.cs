namespace SecuritySpecs.Kube;

/// <summary>Waiting by looking again: never a bare sleep, always a deadline, always a message that says what was awaited and last seen.</summary>
public static class Poll
{
    /// <summary>How long a state may take to come about unless a caller says otherwise.</summary>
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(30);

    // What comes soon is seen soon; what takes long is looked at less often, which costs an eighth more time at most. Many that wait
    // at once would otherwise keep the API server from what they wait for.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);

    /// <summary>Looks until what is seen is enough.</summary>
    /// <param name="awaited">What is awaited, to follow "waited for".</param>
    /// <param name="look">Looks once.</param>
    /// <param name="enough">Whether what was seen ends the wait.</param>
    /// <param name="describe">What was seen, for the message.</param>
    /// <param name="deadline">Longest wait; <see cref="DefaultDeadline"/> when null.</param>
    /// <returns>What was seen last, which was enough.</returns>
    /// <exception cref="WaitedInVainException">It did not come about in time.</exception>
    public static Task<T> UntilAsync<T>(
        string awaited, Func<Task<T>> look, Func<T, bool> enough, Func<T, string> describe, TimeSpan? deadline = null) =>
        UntilAsync(awaited, look, enough, describe, () => deadline ?? DefaultDeadline);

    /// <summary>The same with a longest wait that may change meanwhile.</summary>
    public static async Task<T> UntilAsync<T>(
        string awaited, Func<Task<T>> look, Func<T, bool> enough, Func<T, string> describe, Func<TimeSpan> deadline)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (enough(seen))
                return seen;
            if (deadline() is var limit && clock.Elapsed > limit)
                throw new WaitedInVainException($"Waited {limit.TotalSeconds:0.#} s for {awaited}; last seen: {describe(seen)}");
            await Task.Delay(TimeSpan.FromTicks(Math.Clamp(clock.Elapsed.Ticks / 8, Shortest.Ticks, Longest.Ticks)));
        }
    }
}
