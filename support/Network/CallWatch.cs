namespace SecuritySpecs.Network;

/// <summary>
/// Watches who reaches a target: one pod that may and one that may not for long, both asked at the same moment, again and again.
/// A look counts against the second only while the first gets through: silence alone proves nothing.
/// </summary>
/// <param name="prober">Who asks the pods.</param>
/// <param name="allowed">Who may reach the target at all times.</param>
/// <param name="watched">Who may not, or not yet, or no longer.</param>
/// <param name="target">What they try to reach.</param>
public sealed class CallWatch(Prober prober, ProbeSource allowed, ProbeSource watched, ProbeTarget target)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);
    private const int LeastLooks = 3;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan? _shutSince;
    private int _shutLooks;
    private string _last = "nobody was asked";

    /// <summary>How often both were asked.</summary>
    public int Looks { get; private set; }

    /// <summary>How often the watched one got through.</summary>
    public int Open { get; private set; }

    /// <summary>How often both got through at the same moment.</summary>
    public int BothOpen { get; private set; }

    /// <summary>When the last try of the watched one that got through began, since the watch did; null where none has.</summary>
    public TimeSpan? LastOpen { get; private set; }

    /// <summary>Now, on the watch's clock.</summary>
    public TimeSpan Now => _clock.Elapsed;

    /// <summary>The watched one has been shut out for long enough, while the other got through.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Looks until something is seen.</summary>
    /// <param name="enough">Whether it has been.</param>
    /// <param name="awaited">What, for the message: to follow "waited for".</param>
    /// <param name="deadline">Longest wait.</param>
    /// <exception cref="WaitedInVainException">It was not seen in time.</exception>
    public async Task UntilAsync(Func<bool> enough, string awaited, TimeSpan deadline)
    {
        for (var end = Now + deadline; !enough();)
        {
            if (Now > end)
                throw new WaitedInVainException($"Waited {deadline.TotalSeconds:0.#} s for {awaited}; last seen: {_last}; {this}");
            await LookAsync();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{watched.Name} asked {Looks} times within {Now.TotalMilliseconds:0} ms and got through {Open} times{(LastOpen is { } last ? $", the last time at {last.TotalMilliseconds:0} ms" : "")}");

    private async Task LookAsync()
    {
        var begun = Now;
        var seen = await prober.LookAsync([(allowed, target), (watched, target)], Timeout);
        Looks++;
        _last = $"{allowed.Name}: {seen[0].Result}, {watched.Name}: {seen[1].Result}";
        if (seen[1].IsOpen)
        {
            Open++;
            BothOpen += seen[0].IsOpen ? 1 : 0;
            (LastOpen, _shutSince, _shutLooks, IsCutOff) = (begun, null, 0, false);
        }
        else if (seen[0].IsOpen && seen[1].IsShut)
        {
            _shutSince ??= begun;
            IsCutOff = ++_shutLooks >= LeastLooks && Now - _shutSince > Quiet;
        }
    }
}
