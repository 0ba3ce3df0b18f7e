namespace SecuritySpecs.Tool.Mutate;

/// <summary>The cluster of a mutation run: its waves keep it for each other, and it ends with the last one. One that was kept before stays.</summary>
internal sealed class OwnCluster : IAsyncDisposable
{
    private readonly IReadOnlyCollection<string>? _before;

    private OwnCluster(IReadOnlyCollection<string>? before) => _before = before;

    /// <summary>Remembers what is kept now.</summary>
    /// <param name="keep">Whether the run's own cluster is to stay, too.</param>
    public static async Task<OwnCluster> BeginAsync(bool keep) => new(keep ? null : [.. (await RunContainer.AllAsync()).Where(c => c.State == ContainerState.Kept).Select(c => c.Id)]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_before is not null)
            await KeptCluster.RemoveAllAsync(_before);
    }
}
