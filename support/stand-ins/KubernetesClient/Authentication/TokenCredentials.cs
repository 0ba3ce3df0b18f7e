using System.Net.Http.Headers;

namespace k8s.Authentication;

/// <summary>A bearer token, fixed or from a provider.</summary>
public class TokenCredentials : ServiceClientCredentials
{
    private readonly Func<CancellationToken, Task<AuthenticationHeaderValue>> header;

    public TokenCredentials(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        var value = new AuthenticationHeaderValue("Bearer", token);
        header = _ => Task.FromResult(value);
    }

    public TokenCredentials(ITokenProvider tokenProvider)
    {
        ArgumentNullException.ThrowIfNull(tokenProvider);
        header = tokenProvider.GetAuthenticationHeaderAsync;
    }

    public override async Task ProcessHttpRequestAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Headers.Authorization = await header(cancellationToken);
    }
}
