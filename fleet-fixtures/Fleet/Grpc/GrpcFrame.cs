using System.Buffers.Binary;
using Google.Protobuf;

namespace SecuritySpecs.FleetProgram.Grpc;

/// <summary>How gRPC puts a message on the wire: one byte for compression, four for the length (big-endian), then the message.</summary>
internal static class GrpcFrame
{
    private const int HeaderLength = 5;

    /// <summary>The usual limit of gRPC libraries; a node with thousands of GPUs stays far below.</summary>
    private const int MaxMessageLength = 4 * 1024 * 1024;

    /// <summary>The message with its header.</summary>
    public static byte[] Encode(IMessage message)
    {
        var length = message.CalculateSize();
        var frame = new byte[HeaderLength + length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length);
        message.WriteTo(frame.AsSpan(HeaderLength));
        return frame;
    }

    /// <summary>Reads the one message of <paramref name="body"/>, however the network cut it into pieces.</summary>
    /// <exception cref="GrpcException">The body holds no whole message, more than one, a compressed, broken or too large one.</exception>
    public static async Task<T> ReadSingleAsync<T>(Stream body, MessageParser<T> parser, CancellationToken cancel) where T : IMessage<T>
    {
        var header = new byte[HeaderLength];
        await FillAsync(body, header, cancel);
        var message = new byte[Length(header)];
        await FillAsync(body, message, cancel);
        if (await body.ReadAsync(header.AsMemory(0, 1), cancel) != 0)
            throw new GrpcException(GrpcStatus.Internal, "more than one message in a unary call");
        try
        {
            return parser.ParseFrom(message);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new GrpcException(GrpcStatus.Internal, $"not a {typeof(T).Name}: {e.Message}");
        }
    }

    private static int Length(byte[] header)
    {
        if (header[0] != 0)
            throw new GrpcException(GrpcStatus.Unimplemented, "compressed messages are not supported");
        var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1));
        return length <= MaxMessageLength
            ? (int)length
            : throw new GrpcException(GrpcStatus.ResourceExhausted, $"a message of {length} bytes; the limit is {MaxMessageLength}");
    }

    private static async Task FillAsync(Stream body, byte[] buffer, CancellationToken cancel)
    {
        try
        {
            await body.ReadExactlyAsync(buffer, cancel);
        }
        catch (EndOfStreamException)
        {
            throw new GrpcException(GrpcStatus.Internal, "the request ends within a message");
        }
    }
}
