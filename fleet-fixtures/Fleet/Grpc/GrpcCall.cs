using System.Globalization;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace SecuritySpecs.FleetProgram.Grpc;

/// <summary>One call to this server: HTTP/2 request and response underneath, the status in the trailers.</summary>
internal sealed class GrpcCall(HttpContext context)
{
    /// <summary>The media type of gRPC over HTTP/2.</summary>
    public const string ContentType = "application/grpc";

    /// <summary><c>/package.Service/Method</c>.</summary>
    public string Method => context.Request.Path.Value ?? "";

    /// <summary>The caller is gone or the server ends.</summary>
    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>The request's only message.</summary>
    public Task<T> ReadAsync<T>(MessageParser<T> parser) where T : IMessage<T> => GrpcFrame.ReadSingleAsync(context.Request.Body, parser, Aborted);

    /// <summary>Sends one message, now.</summary>
    public async Task WriteAsync(IMessage message)
    {
        await context.Response.Body.WriteAsync(GrpcFrame.Encode(message), Aborted);
        await context.Response.Body.FlushAsync(Aborted);
    }

    /// <summary>Answers the request's only message with one message.</summary>
    public Task AnswerWithAsync<T>(MessageParser<T> parser, Func<T, IMessage> answer) where T : IMessage<T> => AnswerWithAsync(parser, request => Task.FromResult(answer(request)));

    /// <inheritdoc cref="AnswerWithAsync{T}(MessageParser{T}, Func{T, IMessage})"/>
    public async Task AnswerWithAsync<T>(MessageParser<T> parser, Func<T, Task<IMessage>> answer) where T : IMessage<T> => await WriteAsync(await answer(await ReadAsync(parser)));

    /// <summary>Lets <paramref name="handler"/> answer the call and ends it with the status that came of it.</summary>
    public async Task AnswerAsync(Func<GrpcCall, Task> handler)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || context.Request.ContentType?.StartsWith(ContentType, StringComparison.Ordinal) != true)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        context.Response.ContentType = ContentType;
        try
        {
            await handler(this);
            End(GrpcStatus.Ok, null);
        }
        catch (GrpcException e)
        {
            End(e.Status, e.Message);
        }
        catch (OperationCanceledException) when (Aborted.IsCancellationRequested)
        {
            // Nobody is left to be told.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            End(GrpcStatus.Unknown, e.Message);
        }
    }

    private void End(GrpcStatus status, string? message)
    {
        context.Response.AppendTrailer("grpc-status", ((int)status).ToString(CultureInfo.InvariantCulture));
        if (message is not null)
            context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(message).Replace("%20", " ", StringComparison.Ordinal));
    }
}
