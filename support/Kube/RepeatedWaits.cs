using System.Collections.Concurrent;

namespace SecuritySpecs.Kube;

/// <summary>
/// Waits that many scenarios have in common. What one of them has waited for in vain the others give up sooner, those under way
/// included: where a control is broken, not every scenario pays for it.
/// </summary>
/// <param name="first">Longest wait; <see cref="Poll.DefaultDeadline"/> when null.</param>
/// <param name="afterwards">
/// Longest wait once one was in vain; 5 s when null, as a control that works is in force within a second.
/// </param>
public sealed class RepeatedWaits(TimeSpan? first = null, TimeSpan? afterwards = null)
{
    private readonly TimeSpan _first = first ?? Poll.DefaultDeadline;
    private readonly TimeSpan _afterwards = afterwards ?? TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, bool> _inVain = new();

    /// <summary>Looks until what is seen is enough. See <see cref="Poll.UntilAsync{T}(string, Func{Task{T}}, Func{T, bool}, Func{T, string}, TimeSpan?)"/>.</summary>
    /// <param name="key">The same for all that wait for the same.</param>
    /// <param name="awaited">What is awaited, to follow "waited for".</param>
    /// <param name="look">Looks once.</param>
    /// <param name="enough">Whether what was seen ends the wait. Then the next wait may be long again.</param>
    /// <param name="describe">What was seen, for the message.</param>
    /// <exception cref="WaitedInVainException">It did not come about in time.</exception>
    public async Task<T> UntilAsync<T>(string key, string awaited, Func<Task<T>> look, Func<T, bool> enough, Func<T, string> describe)
    {
        try
        {
            var seen = await Poll.UntilAsync(awaited, look, enough, describe, () => _inVain.ContainsKey(key) ? _afterwards : _first);
            _inVain.TryRemove(key, out _);
            return seen;
        }
        catch (WaitedInVainException e) when (!_inVain.TryAdd(key, true))
        {
            throw new WaitedInVainException($"{e.Message}. It was given up early: another scenario had waited {_first.TotalSeconds:0.#} s for the same", e);
        }
    }
}
