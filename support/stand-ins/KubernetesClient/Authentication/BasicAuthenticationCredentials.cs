using System.Net.Http.Headers;
using System.Text;

namespace k8s.Authentication;

/// <summary>A user name and password.</summary>
public class BasicAuthenticationCredentials : ServiceClientCredentials
{
    public string? UserName { get; set; }

    public string? Password { get; set; }

    public override Task ProcessHttpRequestAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var pair = Encoding.UTF8.GetBytes($"{UserName}:{Password}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(pair));
        return Task.CompletedTask;
    }
}
