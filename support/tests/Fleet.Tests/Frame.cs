using System.Buffers.Binary;
using Google.Protobuf;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>gRPC's framing, written a second time so that the program's is not tested with itself.</summary>
internal static class Frame
{
    public static byte[] Of(IMessage message) => Of(message.ToByteArray());

    public static byte[] Of(byte[] message)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)message.Length);
        return [0, .. length, .. message];
    }

    /// <summary>The next message, or null at the end.</summary>
    public static async Task<byte[]?> NextAsync(Stream body, CancellationToken cancel)
    {
        var header = new byte[5];
        if (await body.ReadAtLeastAsync(header, 5, throwOnEndOfStream: false, cancel) < 5)
            return null;
        var message = new byte[BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1))];
        await body.ReadExactlyAsync(message, cancel);
        return message;
    }
}
