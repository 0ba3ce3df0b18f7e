using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using SecuritySpecs.FleetProgram.V1Beta1;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>The status that a call ended with, and its message if there was one.</summary>
internal sealed record Answer(int Status, string Error, byte[]? Message);

/// <summary>Calls a device plugin as the kubelet does.</summary>
internal sealed class PluginClient(string socket) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, cancel) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancel);
            return new NetworkStream(connection, ownsSocket: true);
        },
    })
    { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>A call that has to succeed.</summary>
    public async Task<T> CallAsync<T>(string method, IMessage request, MessageParser<T> parser) where T : IMessage<T>
    {
        var answer = await TryAsync(method, request);
        return answer.Status == 0 ? parser.ParseFrom(answer.Message) : throw new InvalidOperationException($"{method}: grpc-status {answer.Status}: {answer.Error}");
    }

    /// <summary>A call that may fail.</summary>
    public Task<Answer> TryAsync(string method, IMessage request) => TryAsync(method, new ByteArrayContent(Frame.Of(request)));

    /// <summary>A call with any body.</summary>
    public async Task<Answer> TryAsync(string method, HttpContent request)
    {
        using var response = await SendAsync(method, request);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        await using var body = await response.Content.ReadAsStreamAsync();
        var message = await Frame.NextAsync(body, default);
        (await Frame.NextAsync(body, default)).Should().BeNull("a unary call has one answer, and the trailers come after it");
        return new Answer(int.Parse(Trailer(response, "grpc-status"), null), Uri.UnescapeDataString(Trailer(response, "grpc-message")), message);
    }

    /// <summary>The lists of devices as they come.</summary>
    public async IAsyncEnumerable<ListAndWatchResponse> WatchAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        using var response = await SendAsync("ListAndWatch", new ByteArrayContent(Frame.Of(new Empty())));
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        while (await Frame.NextAsync(body, cancel) is { } message)
            yield return ListAndWatchResponse.Parser.ParseFrom(message);
    }

    public void Dispose() => _http.Dispose();

    private static string Trailer(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) ? values.Single() : "";

    private async Task<HttpResponseMessage> SendAsync(string method, HttpContent body)
    {
        body.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://localhost/v1beta1.DevicePlugin/{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}

/// <summary>A body that reaches the server in several pieces, with a pause after each so that no layer joins them.</summary>
internal sealed class PiecemealContent(params byte[][] pieces) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        foreach (var piece in pieces)
        {
            await stream.WriteAsync(piece);
            await stream.FlushAsync();
            await Task.Delay(20);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
