using k8s;

namespace SecuritySpecs.Cluster;

/// <summary>The k3s container that an earlier <c>--keep</c> run left for this one.</summary>
public sealed class KeptCluster : ICluster
{
    private KeptCluster(string id, string name, KubernetesClientConfiguration admin) => (KeptId, Name, Admin) = (id, name, admin);

    /// <inheritdoc/>
    public string Source => "kept";

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public KubernetesClientConfiguration Admin { get; }

    /// <inheritdoc/>
    public bool EndsWithRun => false;

    /// <inheritdoc/>
    public string? KeptId { get; }

    /// <inheritdoc/>
    public string? ServerId => KeptId;

    private static string Folder => Path.Combine(RunOptions.CacheFolder, "kept");

    /// <summary>What a kept cluster was started from; only an equal one is reused.</summary>
    public static string Recipe(RunOptions options) =>
        $"{options.K3sImage} {options.FleetImage} {options.PrometheusImage} {K3sCluster.AdmissionPlugins} {K3sCluster.ConfigurationDigest(options)}";

    /// <summary>The running kept cluster of a recipe; null when there is none.</summary>
    public static async Task<KeptCluster?> FindAsync(string recipe)
    {
        var kept = await ContainerEngine.ContainersAsync(ContainerLabels.Kept);
        foreach (var (id, _) in kept.Where(k => k.Value == recipe && IsKnown(k.Id)))
        {
            if (await ContainerEngine.IsRunningAsync(id))
                return new(id, recipe.Split(' ')[0], AccessOf(id));
        }

        return null;
    }

    private static KubernetesClientConfiguration AccessOf(string id) => KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfigPath: KubeconfigOf(id));

    /// <summary>Whether a run has finished starting it, so that a later one can use it.</summary>
    public static bool IsKnown(string id) => File.Exists(KubeconfigOf(id));

    /// <summary>The runs that work on a kept cluster now; none where its API server does not answer.</summary>
    /// <param name="id">Of its server's container.</param>
    public static async Task<IReadOnlySet<string>> LiveRunsAsync(string id)
    {
        try
        {
            using var admin = new KubeApi(AccessOf(id), "platform admin");
            return await ClusterLease.LiveRunsAsync(admin);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or KubeApiException)
        {
            return new HashSet<string>();
        }
    }

    /// <summary>Removes every container that this user keeps, and what was stored about it.</summary>
    /// <param name="except">The containers that stay.</param>
    /// <returns>How many containers were removed.</returns>
    public static async Task<int> RemoveAllAsync(params IReadOnlyCollection<string> except)
    {
        var kept = (await ContainerEngine.ContainersAsync(ContainerLabels.Home)).Where(k => k.Value == RunOptions.CacheFolder && !except.Contains(k.Id)).ToList();
        foreach (var (id, _) in kept)
            await ContainerEngine.RemoveAsync(id);
        if (except.Count == 0)
            await ContainerEngine.RemoveNetworksAsync(ContainerLabels.Home, RunOptions.CacheFolder);
        foreach (var stored in Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder) : [])
        {
            if (!except.Any(e => Path.GetFileName(stored).StartsWith(e, StringComparison.Ordinal)))
                File.Delete(stored);
        }

        return kept.Count;
    }

    /// <summary>Stores the administrator's kubeconfig for the next run, readable by this user only.</summary>
    public static void Remember(string id, string kubeconfig)
    {
        Directory.CreateDirectory(Folder);
        using var file = PrivateFile.Create(KubeconfigOf(id));
        file.Write(Encoding.UTF8.GetBytes(kubeconfig));
    }

    /// <summary>Stores what a kept cluster can do: it stays the same, and finding out takes seconds.</summary>
    public static void Remember(string id, IReadOnlyList<CapabilityInfo> capabilities) =>
        File.WriteAllText(CapabilitiesOf(id), JsonSerializer.Serialize(capabilities));

    /// <summary>What a kept cluster can do; null when that was not stored, or by a program that asked other questions.</summary>
    /// <param name="id">The container.</param>
    /// <param name="asked">What is asked today.</param>
    public static IReadOnlyList<CapabilityInfo>? Recall(string id, IReadOnlyCollection<string> asked) =>
        File.Exists(CapabilitiesOf(id)) && JsonSerializer.Deserialize<List<CapabilityInfo>>(File.ReadAllText(CapabilitiesOf(id))) is { } known
            && asked.ToHashSet().SetEquals(known.Select(c => c.Name)) ? known : null;

    /// <summary>Where the administrator's kubeconfig of a kept cluster is, by the id of its server's container.</summary>
    public static string KubeconfigOf(string id) => Path.Combine(Folder, id + ".kubeconfig");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string CapabilitiesOf(string id) => Path.Combine(Folder, id + ".capabilities.json");
}
