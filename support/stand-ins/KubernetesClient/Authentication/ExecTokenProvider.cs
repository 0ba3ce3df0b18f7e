using System.Net.Http.Headers;
using k8s.KubeConfigModels;

namespace k8s.Authentication;

/// <summary>The token of a credential plugin, asked for again half a minute before it expires.</summary>
public class ExecTokenProvider(ExternalExecution exec) : ITokenProvider
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);
    private ExecCredentialResponse.ExecStatus? status;

    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        var current = status;
        if (current is null || current.ExpirationTimestamp < DateTime.UtcNow + Margin)
        {
            var response = await Task.Run(() => KubernetesClientConfiguration.ExecuteExternalCommand(exec), cancellationToken);
            status = current = response.Status!;
        }

        return new AuthenticationHeaderValue("Bearer", current.Token);
    }
}
