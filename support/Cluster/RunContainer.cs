namespace SecuritySpecs.Cluster;

/// <summary>Whose a container is.</summary>
public enum ContainerState
{
    /// <summary>Of a run that goes on.</summary>
    InUse,

    /// <summary>Of a run whose process is gone.</summary>
    Left,

    /// <summary>Of a cluster that this user keeps.</summary>
    Kept,

    /// <summary>Of a cluster that another user keeps.</summary>
    KeptByAnother,
}

/// <summary>A container that a run has made.</summary>
/// <param name="Id">The engine's id.</param>
/// <param name="Run">The run.</param>
/// <param name="State">Whose it is now.</param>
public sealed record RunContainer(string Id, string Run, ContainerState State)
{
    /// <summary>All that the engine has.</summary>
    /// <param name="ended">A run that counts as ended although its process may still be there; null for none.</param>
    public static async Task<IReadOnlyList<RunContainer>> AllAsync(string? ended = null)
    {
        var homes = (await ContainerEngine.ContainersAsync(ContainerLabels.Home)).ToDictionary(c => c.Id, c => c.Value);
        var runs = (await ContainerEngine.ContainersAsync(RunLabels.Run)).ToDictionary(c => c.Id, c => c.Value);
        // Of a kept cluster the server's container is known; those of its other nodes are of the same run.
        var known = homes.Keys.Where(KeptCluster.IsKnown).Select(id => runs.GetValueOrDefault(id, "")).ToHashSet();
        return [.. (await ContainerEngine.ContainersAsync(ContainerLabels.Owner)).Select(c => new RunContainer(c.Id, runs.GetValueOrDefault(c.Id, ""), StateOf(c.Id, c.Value)))];

        ContainerState StateOf(string id, string owner)
        {
            var (run, home) = (runs.GetValueOrDefault(id, ""), homes.GetValueOrDefault(id));
            return home is not null && home != RunOptions.CacheFolder ? ContainerState.KeptByAnother
                : home is not null && known.Contains(run) ? ContainerState.Kept
                : run == ended || !ContainerLabels.IsAlive(owner) ? ContainerState.Left
                : ContainerState.InUse;
        }
    }
}
