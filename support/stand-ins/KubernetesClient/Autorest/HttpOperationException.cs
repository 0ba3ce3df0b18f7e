namespace k8s.Autorest;

/// <summary>An operation was answered with a status that is not a success.</summary>
public class HttpOperationException : Exception
{
    public HttpOperationException(string message)
        : base(message)
    {
    }

    public HttpOperationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public HttpRequestMessageWrapper? Request { get; set; }

    /// <summary>The answer; its <see cref="HttpMessageWrapper.Content"/> is the API server's Status as JSON.</summary>
    public HttpResponseMessageWrapper? Response { get; set; }

    /// <summary>Always null for the operations, as in the real package: read <see cref="Response"/>.</summary>
    public object? Body { get; set; }
}
