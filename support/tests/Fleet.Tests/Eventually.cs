namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>Polls until something holds.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public static async Task HoldsAsync(Func<bool> holds, string awaited, Func<string> lastSeen)
    {
        var deadline = DateTime.UtcNow + s_patience;
        while (!holds())
        {
            if (DateTime.UtcNow > deadline)
                throw new TimeoutException($"awaited for {s_patience.TotalSeconds} s: {awaited}; last seen: {lastSeen()}");
            await Task.Delay(10);
        }
    }
}
