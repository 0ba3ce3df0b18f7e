using k8s.Autorest;
using k8s.Models;

namespace k8s;

/// <summary>The operations of the path <c>/version</c>.</summary>
public interface IVersionOperations
{
    /// <exception cref="HttpOperationException">The answer was not a success.</exception>
    internal Task<VersionInfo> GetCodeAsync(CancellationToken cancellationToken);
}

/// <summary>The operations of the path <c>/version</c> in their short form.</summary>
public static class VersionOperationsExtensions
{
    /// <summary>The API server's version.</summary>
    /// <exception cref="HttpOperationException">The answer was not a success.</exception>
    public static Task<VersionInfo> GetCodeAsync(this IVersionOperations operations, CancellationToken cancellationToken = default) =>
        operations.GetCodeAsync(cancellationToken);
}
