namespace k8s.Authentication;

/// <summary>
/// Puts a login on a request. The client does this for its own operations only:
/// whoever sends through <see cref="Kubernetes.HttpClient"/> calls <see cref="ProcessHttpRequestAsync"/> first.
/// </summary>
public abstract class ServiceClientCredentials
{
    public virtual Task ProcessHttpRequestAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.CompletedTask;
}
