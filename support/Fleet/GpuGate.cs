namespace SecuritySpecs.Fleet;

/// <summary>
/// Shares the GPUs among scenarios that run at once, so that one never waits for a GPU that another's control
/// is about: within a run by counting, between runs on one cluster by a lease.
/// </summary>
/// <param name="admin">May write leases.</param>
/// <param name="runId">The run.</param>
/// <param name="capacity">GPUs of the real node under test.</param>
/// <param name="onOpened">Runs when the GPUs become this run's: frees those that a dead run still holds.</param>
/// <param name="lease">The lease that runs pass on to each other.</param>
public sealed class GpuGate(KubeApi admin, string runId, int capacity, Func<Task>? onOpened = null, string lease = "gpus") : IDisposable
{
    private static readonly TimeSpan OtherRunsDeadline = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _counting = new(1, 1);
    private readonly LinkedList<(int Gpus, TaskCompletionSource Turn)> _queue = new();
    private ClusterLease? _lease;
    private int _free = capacity;

    /// <summary>GPUs of the real node under test.</summary>
    public int Capacity { get; } = capacity;

    /// <summary>Waits until so many GPUs of the real node under test are this caller's; <see cref="Capacity"/> of them also means the whole fleet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The node never has so many.</exception>
    public async Task TakeAsync(int gpus)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(gpus, Capacity);
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await ChangeAsync(() => _queue.AddLast((gpus, turn)));
        await turn.Task;
    }

    /// <summary>Gives GPUs back; their pods must be gone.</summary>
    public Task ReturnAsync(int gpus) => ChangeAsync(() => _free += gpus);

    /// <inheritdoc/>
    public void Dispose() => _counting.Dispose();

    private async Task OpenAsync()
    {
        if (_lease is not null)
            return;
        _lease = await ClusterLease.TakeAsync(admin, lease, runId, OtherRunsDeadline);
        if (onOpened is not null)
            await onOpened();
    }

    private async Task ChangeAsync(Action change)
    {
        await _counting.WaitAsync();
        try
        {
            change();
            if (_free == Capacity && _queue.Count == 0 && _lease is { } held)
            {
                _lease = null;
                await held.DisposeAsync();
            }

            // First come, first served: a scenario that wants the whole node is not overtaken for ever.
            while (_queue.First is { } first && first.Value.Gpus <= _free)
            {
                _queue.RemoveFirst();
                try
                {
                    await OpenAsync();
                }
                catch (Exception e)
                {
                    first.Value.Turn.SetException(e); // the scenario that waited fails with it
                    continue;
                }

                _free -= first.Value.Gpus;
                first.Value.Turn.SetResult();
            }
        }
        finally
        {
            _counting.Release();
        }
    }
}
