using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Google.Protobuf;

namespace SecuritySpecs.FleetProgram.Grpc;

/// <summary>Calls a gRPC server behind a unix socket.</summary>
internal sealed class GrpcUnixClient(string socket) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, cancel) => ConnectAsync(socket, cancel) });

    /// <summary>One call whose answer carries nothing but its status.</summary>
    /// <exception cref="GrpcException">The server refused.</exception>
    /// <exception cref="HttpRequestException">The server cannot be reached or does not speak gRPC.</exception>
    public async Task CallAsync(string method, IMessage message, CancellationToken cancel) => await AnswerAsync(method, message, cancel);

    /// <summary>One call whose answer is one message.</summary>
    /// <exception cref="GrpcException">The server refused, or its answer is no such message.</exception>
    /// <exception cref="HttpRequestException">The server cannot be reached or does not speak gRPC.</exception>
    public async Task<T> CallAsync<T>(string method, IMessage message, MessageParser<T> parser, CancellationToken cancel) where T : IMessage<T>
    {
        using var body = new MemoryStream(await AnswerAsync(method, message, cancel));
        return await GrpcFrame.ReadSingleAsync(body, parser, cancel);
    }

    public void Dispose() => _http.Dispose();

    private async Task<byte[]> AnswerAsync(string method, IMessage message, CancellationToken cancel)
    {
        using var request = Request(method, message);
        using var response = await _http.SendAsync(request, cancel);
        var body = await response.Content.ReadAsByteArrayAsync(cancel); // the trailers come after the body
        var status = Header(response, "grpc-status");
        if (status is null)
            throw new HttpRequestException($"HTTP {(int)response.StatusCode} without a grpc-status");
        return status == "0" ? body
            : throw new GrpcException((GrpcStatus)int.Parse(status, CultureInfo.InvariantCulture), Uri.UnescapeDataString(Header(response, "grpc-message") ?? ""));
    }

    private static HttpRequestMessage Request(string method, IMessage message) => new(HttpMethod.Post, $"http://localhost{method}")
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Headers = { TE = { new TransferCodingWithQualityHeaderValue("trailers") } },
        Content = new ByteArrayContent(GrpcFrame.Encode(message)) { Headers = { ContentType = new MediaTypeHeaderValue(GrpcCall.ContentType) } },
    };

    /// <summary>A refusal without a message has its status among the headers, else it is in the trailers.</summary>
    private static string? Header(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values) ? values.First() : null;

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancel)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
