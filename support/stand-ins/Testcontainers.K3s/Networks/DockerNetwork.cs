using Docker.DotNet;
using DotNet.Testcontainers.Engine;

namespace DotNet.Testcontainers.Networks;

/// <inheritdoc/>
internal sealed class DockerNetwork(string name, IReadOnlyDictionary<string, string> labels, bool deleteOnDispose) : INetwork
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private string? id;

    public string Name => id is null
        ? throw new InvalidOperationException("The network does not exist: call CreateAsync first.")
        : name;

    public async Task CreateAsync(CancellationToken ct = default)
    {
        await gate.WaitAsync(ct);
        try
        {
            var labelArguments = labels.SelectMany(label => new[] { "--label", $"{label.Key}={label.Value}" });
            id ??= (await DockerCli.RunAsync(["network", "create", .. labelArguments, name], ct)).Trim();
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task DeleteAsync(CancellationToken ct = default)
    {
        if (id is null)
            return;
        try
        {
            await DockerCli.RunAsync(["network", "rm", id], ct);
        }
        catch (DockerApiException)
        {
            // As in the real package: what is gone or still in use is left.
        }

        id = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (deleteOnDispose)
            await DeleteAsync();
        gate.Dispose();
    }
}
