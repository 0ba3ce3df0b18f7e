using System.Net;

namespace Docker.DotNet;

/// <summary>The engine refused; the message has the engine's own words.</summary>
public class DockerApiException(HttpStatusCode statusCode, string? responseBody)
    : Exception($"Docker API responded with status code={statusCode}, response={responseBody}")
{
    public HttpStatusCode StatusCode { get; } = statusCode;

    public string? ResponseBody { get; } = responseBody;
}

/// <summary>The engine has no such container, or the container no such file.</summary>
public class DockerContainerNotFoundException(HttpStatusCode statusCode, string? responseBody)
    : DockerApiException(statusCode, responseBody);

/// <summary>The engine has no such image.</summary>
public class DockerImageNotFoundException(HttpStatusCode statusCode, string? responseBody)
    : DockerApiException(statusCode, responseBody);
