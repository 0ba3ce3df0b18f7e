namespace SecuritySpecs.NetworkAgent.Watch;

/// <summary>The three kinds that policies are about, kept up to date.</summary>
/// <param name="changed">Called after each change.</param>
internal sealed class Cluster(Action changed)
{
    public Store<Space> Namespaces { get; } = new(changed);

    public Store<Pod> Pods { get; } = new(changed);

    public Store<NetworkPolicy> Policies { get; } = new(changed);

    /// <summary>Ends when all three have been listed for the first time: before that, rules would be wrong.</summary>
    public Task Filled => Task.WhenAll(Namespaces.Filled, Pods.Filled, Policies.Filled);

    public Task WatchAsync(ApiClient api, CancellationToken cancel) => Task.WhenAll(
        new ResourceWatch<Space>(api, "/api/v1/namespaces", ObjectReader.Namespace, Namespaces).RunAsync(cancel),
        new ResourceWatch<Pod>(api, "/api/v1/pods", ObjectReader.Pod, Pods).RunAsync(cancel),
        new ResourceWatch<NetworkPolicy>(api, "/apis/networking.k8s.io/v1/networkpolicies", ObjectReader.Policy, Policies).RunAsync(cancel));
}
