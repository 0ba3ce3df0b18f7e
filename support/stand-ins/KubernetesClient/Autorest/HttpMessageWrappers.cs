using System.Net;
using System.Net.Http.Headers;

namespace k8s.Autorest;

/// <summary>What is kept of a message after it is disposed.</summary>
public abstract class HttpMessageWrapper
{
    private protected HttpMessageWrapper(string? content, params HttpHeaders?[] headers)
    {
        Content = content;
        foreach (var header in headers.OfType<HttpHeaders>().SelectMany(all => all))
        {
            Headers[header.Key] = Headers.TryGetValue(header.Key, out var earlier) ? earlier.Concat(header.Value) : header.Value;
        }
    }

    public string? Content { get; set; }

    public IDictionary<string, IEnumerable<string>> Headers { get; } = new Dictionary<string, IEnumerable<string>>();
}

/// <summary>A request that was sent.</summary>
public class HttpRequestMessageWrapper(HttpRequestMessage httpRequest, string? content)
    : HttpMessageWrapper(content, httpRequest.Headers, httpRequest.Content?.Headers)
{
    public HttpMethod Method { get; protected set; } = httpRequest.Method;

    public Uri? RequestUri { get; protected set; } = httpRequest.RequestUri;
}

/// <summary>An answer that was received.</summary>
public class HttpResponseMessageWrapper(HttpResponseMessage httpResponse, string? content)
    : HttpMessageWrapper(content, httpResponse.Headers, httpResponse.Content?.Headers)
{
    public HttpStatusCode StatusCode { get; protected set; } = httpResponse.StatusCode;

    public string? ReasonPhrase { get; protected set; } = httpResponse.ReasonPhrase;
}
