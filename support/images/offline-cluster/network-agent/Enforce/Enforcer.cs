using System.Threading.Channels;
using SecuritySpecs.NetworkAgent.Compile;

namespace SecuritySpecs.NetworkAgent.Enforce;

/// <summary>
/// Keeps the kernel's rules equal to what is known of the cluster. One change is taken up at once; what comes while it is
/// worked on is taken up together after it.
/// </summary>
/// <param name="view">What is known of the cluster, now.</param>
internal sealed class Enforcer(Func<ClusterView> view, IRuleLoader loader)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    // Holds one wish at most: more of them at once are one.
    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _lock = new();
    private readonly List<(long Change, TaskCompletionSource Done)> _waiting = [];
    private long _changes;
    private Ruleset? _loaded;

    /// <summary>Something is known that was not known before.</summary>
    public void Changed()
    {
        lock (_lock)
            _changes++;
        _wanted.Writer.TryWrite(true);
    }

    /// <summary>Waits until all that is known by now is in the rules.</summary>
    public Task InForceAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
            _waiting.Add((++_changes, done));
        _wanted.Writer.TryWrite(true);
        return done.Task;
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            await _wanted.Reader.ReadAsync(cancel);
            long change;
            lock (_lock)
                change = _changes;
            try
            {
                await LoadAsync(cancel);
                Complete(change);
            }
            catch (RulesRefusedException e)
            {
                // What was loaded before stays in force; next time everything is loaded anew.
                Log.Line($"{e.Message}; again in {Pause.TotalMilliseconds} ms");
                _loaded = null;
                await Task.Delay(Pause, cancel);
                _wanted.Writer.TryWrite(true);
            }
        }
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        var rules = Compiler.Compile(view());
        var transaction = _loaded is null ? Transaction.Replace(rules) : Transaction.Change(_loaded, rules);
        var compiled = clock.Elapsed;
        if (transaction.Length > 0)
        {
            await loader.LoadAsync(transaction, cancel);
            Log.Line($"rules {(_loaded is null ? "replaced" : "changed")}: {rules.Ingress.Count} pods fenced for ingress, {rules.Egress.Count} for egress, {rules.RuleCount} rules; " +
                $"compiled in {compiled.TotalMilliseconds:0} ms, loaded in {(clock.Elapsed - compiled).TotalMilliseconds:0} ms");
        }
        _loaded = rules;
    }

    private void Complete(long change)
    {
        List<TaskCompletionSource> done;
        lock (_lock)
        {
            done = [.. _waiting.Where(w => w.Change <= change).Select(w => w.Done)];
            _waiting.RemoveAll(w => w.Change <= change);
        }
        done.ForEach(d => d.SetResult());
    }
}
