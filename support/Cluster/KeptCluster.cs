using System.Text;
using k8s;

namespace SecuritySpecs.Cluster;

/// <summary>The k3s container that an earlier <c>--keep</c> run left for this one.</summary>
public sealed class KeptCluster : ICluster
{
    private KeptCluster(string name, KubernetesClientConfiguration admin) => (Name, Admin) = (name, admin);

    /// <inheritdoc/>
    public string Source => "kept";

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public KubernetesClientConfiguration Admin { get; }

    /// <inheritdoc/>
    public bool EndsWithRun => false;

    private static string Kubeconfig => Path.Combine(RunOptions.CacheFolder, "kept.kubeconfig");

    /// <summary>What a kept cluster was started from; only an equal one is reused.</summary>
    public static string Recipe(string k3sImage, string fleetImage) => $"{k3sImage} {fleetImage}";

    /// <summary>The running kept cluster of a recipe; null when there is none.</summary>
    public static async Task<KeptCluster?> FindAsync(string recipe)
    {
        if (!File.Exists(Kubeconfig))
            return null;
        var kept = await ContainerEngine.ContainersAsync(RunLabels.Kept);
        foreach (var (id, _) in kept.Where(k => k.Value == recipe))
        {
            if (await ContainerEngine.IsRunningAsync(id))
                return new(recipe.Split(' ')[0], KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfigPath: Kubeconfig));
        }

        return null;
    }

    /// <summary>Removes every kept container and its kubeconfig.</summary>
    /// <returns>How many containers were removed.</returns>
    public static async Task<int> RemoveAllAsync()
    {
        var kept = await ContainerEngine.ContainersAsync(RunLabels.Kept);
        foreach (var (id, _) in kept)
            await ContainerEngine.RemoveAsync(id);
        File.Delete(Kubeconfig);
        return kept.Count;
    }

    /// <summary>Stores the administrator's kubeconfig for the next run, readable by this user only.</summary>
    public static void Remember(string kubeconfig)
    {
        Directory.CreateDirectory(RunOptions.CacheFolder);
        File.Delete(Kubeconfig);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(Kubeconfig, options);
        file.Write(Encoding.UTF8.GetBytes(kubeconfig));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
