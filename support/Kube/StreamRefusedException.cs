namespace SecuritySpecs.Kube;

/// <summary>The API server refused to open a stream (exec, attach, port-forward), told as the answer of HTTP that it gave in its place.</summary>
/// <param name="answer">What the API server says of the same path without a WebSocket.</param>
/// <param name="cause">What the library said.</param>
public sealed class StreamRefusedException(ApiAnswer answer, Exception cause) : Exception(Told(answer, cause), cause)
{
    private const string WantsUpgrade = "pgrade request required";

    // Allowed now, so a moment ago it was not: the library's words are all there is of that.
    private static string Told(ApiAnswer answer, Exception cause) =>
        answer.Allowed || answer.Message?.Contains(WantsUpgrade, StringComparison.Ordinal) == true
            ? $"The API server did not open the stream {answer.Path} for {answer.Actor}, though it allows it now ({cause.Message})"
            : $"The API server refused the stream: {answer}";
}
