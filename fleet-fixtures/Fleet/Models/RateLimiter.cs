namespace SecuritySpecs.FleetProgram.Models;

/// <summary>What a request may do now, and what is left.</summary>
/// <param name="Granted">Whether it was counted and may go on; one that is refused is not counted.</param>
/// <param name="Remaining">Requests that could come at once now.</param>
/// <param name="Next">Until at least one may come; zero where one may come now.</param>
/// <param name="Full">Until the whole burst is back.</param>
internal readonly record struct Allowance(bool Granted, int Remaining, TimeSpan Next, TimeSpan Full);

/// <summary>
/// A token bucket for each name, all of one size: a request takes one out, and they come back evenly. The names are the ids
/// of keys, so that one cannot have many buckets by having many connections, addresses or pods.
/// </summary>
internal sealed class RateLimiter(TimeProvider clock)
{
    private readonly Dictionary<string, (double Level, long At)> _buckets = [];

    /// <summary>Takes one request out of the bucket called <paramref name="name"/>.</summary>
    /// <param name="name">Whose.</param>
    /// <param name="perMinute">How many come back in a minute.</param>
    /// <param name="burst">How many it holds.</param>
    public Allowance Take(string name, int perMinute, int burst)
    {
        lock (_buckets)
        {
            var now = clock.GetTimestamp();
            var level = Level(name, perMinute, burst, now);
            var granted = level >= 1;
            if (granted)
                level--;
            _buckets[name] = (level, now);
            return new(granted, (int)level, level >= 1 ? TimeSpan.Zero : Time(1 - level, perMinute), Time(burst - level, perMinute));
        }
    }

    // A bucket that was never used is full. A larger burst fills up like any other; a smaller one counts at once.
    private double Level(string name, int perMinute, int burst, long now)
    {
        if (!_buckets.TryGetValue(name, out var bucket))
            return burst;
        return Math.Min(burst, bucket.Level + clock.GetElapsedTime(bucket.At, now).TotalMinutes * perMinute);
    }

    private static TimeSpan Time(double requests, int perMinute) => TimeSpan.FromMinutes(requests / perMinute);
}
