using SecuritySpecs.Reports;

namespace SecuritySpecs.Steps.Run;

/// <summary>
/// Lets the scenarios of a run begin in the order that a seed decides: NUnit has no random one. Each waits at its beginning until its
/// predecessors have begun. So the run needs more workers than there are scenarios (<c>support/specs</c> asks for them).
/// </summary>
/// <param name="selected">The scenarios of the run.</param>
/// <param name="seed">Decides their order.</param>
/// <param name="atOnce">How many may have begun and not yet ended: as many as a run without a seed has workers.</param>
/// <param name="patience">How long a scenario may fail to appear while others wait for it.</param>
public sealed class ScenarioOrder(IReadOnlyList<RosterEntry> selected, int seed, int atOnce, TimeSpan patience)
{
    private readonly Lock _lock = new();
    private readonly IReadOnlyList<RosterEntry> _order = Shuffle(selected, seed);
    private readonly Dictionary<string, TaskCompletionSource> _waiting = [];
    private int _free = atOnce;
    private int _next;
    private int _awaited = -1;
    private EnvironmentException? _broken;

    /// <summary>The order of a seed. It depends on the names alone: the runner numbers scenarios anew whenever one is added.</summary>
    public static IReadOnlyList<RosterEntry> Shuffle(IReadOnlyList<RosterEntry> selected, int seed)
    {
        var order = selected.OrderBy(s => s.Name, StringComparer.Ordinal).ToArray();
        new Random(seed).Shuffle(order);
        return order;
    }

    /// <summary>Waits until it is a scenario's turn to begin.</summary>
    /// <param name="id">The test runner's id of it.</param>
    /// <returns>To be ended with the scenario.</returns>
    /// <exception cref="EnvironmentException">One before it never began; the message names it.</exception>
    public async Task<Turn> BeginAsync(string id)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_broken is not null)
                throw _broken;
            _waiting.Add(id, turn);
            Advance();
        }

        await turn.Task;
        return new(End);
    }

    private void End()
    {
        lock (_lock)
        {
            _free++;
            Advance();
        }
    }

    private void Advance()
    {
        while (_free > 0 && _next < _order.Count && _waiting.Remove(_order[_next].Id, out var turn))
        {
            _free--;
            _next++;
            turn.SetResult();
        }

        if (_waiting.Count == 0 || _awaited == _next || (_next < _order.Count && _waiting.ContainsKey(_order[_next].Id)))
            return;
        _awaited = _next;
        _ = GiveUpAsync(_next);
    }

    private async Task GiveUpAsync(int awaited)
    {
        await Task.Delay(patience);
        lock (_lock)
        {
            if (_next != awaited || (_next < _order.Count && _waiting.ContainsKey(_order[_next].Id)))
                return;
            var whom = _next < _order.Count ? $"'{_order[_next].Name}'" : "a scenario that the run did not select";
            _broken = new(FormattableString.Invariant($"the order of seed {seed} cannot be kept: {whom} did not begin within {patience.TotalSeconds} s, and the scenarios after it wait for it"));
            foreach (var turn in _waiting.Values)
                turn.SetException(_broken);
            _waiting.Clear();
        }
    }
}
