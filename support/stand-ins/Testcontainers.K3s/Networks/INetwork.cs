namespace DotNet.Testcontainers.Networks;

/// <summary>A network of containers.</summary>
public interface INetwork : IAsyncDisposable
{
    /// <exception cref="InvalidOperationException">The network is not created yet.</exception>
    string Name { get; }

    /// <summary>Creates the network; nothing to do where it is created.</summary>
    Task CreateAsync(CancellationToken ct = default);

    Task DeleteAsync(CancellationToken ct = default);
}
