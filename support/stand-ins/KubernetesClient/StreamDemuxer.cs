using System.Collections.Concurrent;
using System.Net.WebSockets;

namespace k8s;

/// <summary>
/// Splits the messages of a WebSocket into streams by their first byte, the channel.
/// Ask for the streams, then <see cref="Start"/>: what arrives for a channel without a stream is dropped.
/// </summary>
public class StreamDemuxer(WebSocket webSocket, StreamType streamType = StreamType.RemoteCommand, bool ownsSocket = false)
    : IDisposable
{
    private const int PortPrefixLength = 2;
    private readonly ConcurrentDictionary<byte, ChannelBuffer> buffers = new();
    private readonly CancellationTokenSource stop = new();
    private Task loop = Task.CompletedTask;
    private bool disposed;

    /// <summary>Starts to read the socket.</summary>
    public void Start() => loop = Task.Run(ReadSocketAsync);

    public Stream GetStream(ChannelIndex? inputIndex, ChannelIndex? outputIndex) =>
        GetStream((byte?)inputIndex, (byte?)outputIndex);

    /// <summary>A stream that reads what arrives on one channel and writes to another.</summary>
    public Stream GetStream(byte? inputIndex, byte? outputIndex)
    {
        if (inputIndex is null && outputIndex is null)
            throw new ArgumentException("A stream needs an input or an output channel.");
        return new ChannelStream(
            inputIndex is { } input ? buffers.GetOrAdd(input, _ => new ChannelBuffer()) : null,
            outputIndex is { } output ? bytes => SendAsync(output, bytes) : null);
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || disposed)
            return;
        disposed = true;
        stop.Cancel();
        // The loop ends by cancellation, or has ended with the connection: neither is news to whoever disposes.
        ((IAsyncResult)loop).AsyncWaitHandle.WaitOne();
        stop.Dispose();
        if (ownsSocket)
            webSocket.Dispose();
    }

    private Task SendAsync(byte channel, ReadOnlyMemory<byte> bytes)
    {
        var message = new byte[bytes.Length + 1];
        message[0] = channel;
        bytes.CopyTo(message.AsMemory(1));
        return webSocket.SendAsync(message, WebSocketMessageType.Binary, true, CancellationToken.None);
    }

    private async Task ReadSocketAsync()
    {
        var toSkip = new Dictionary<byte, int>();
        var bytes = new byte[64 * 1024];
        try
        {
            while (webSocket.CloseStatus is null)
                await ReadMessageAsync(bytes, toSkip);
        }
        finally
        {
            foreach (var buffer in buffers.Values)
                buffer.End();
        }
    }

    private async Task ReadMessageAsync(byte[] bytes, Dictionary<byte, int> toSkip)
    {
        byte? channel = null;
        WebSocketReceiveResult part;
        do
        {
            part = await webSocket.ReceiveAsync(new ArraySegment<byte>(bytes), stop.Token);
            var start = 0;
            if (channel is null && part.Count > 0)
                channel = bytes[start++];
            if (channel is { } index)
                Deliver(index, bytes.AsSpan(start, part.Count - start), toSkip);
        }
        while (!part.EndOfMessage);
    }

    private void Deliver(byte channel, ReadOnlySpan<byte> bytes, Dictionary<byte, int> toSkip)
    {
        var left = toSkip.GetValueOrDefault(channel, streamType == StreamType.PortForward ? PortPrefixLength : 0);
        var skipped = Math.Min(left, bytes.Length);
        toSkip[channel] = left - skipped;
        if (skipped < bytes.Length && buffers.TryGetValue(channel, out var buffer))
            buffer.Add(bytes[skipped..].ToArray());
    }

    /// <summary>What arrived on one channel and was not read yet.</summary>
    private sealed class ChannelBuffer
    {
        private readonly BlockingCollection<ReadOnlyMemory<byte>> parts = [];
        private readonly Lock gate = new();
        private ReadOnlyMemory<byte> current;

        public void Add(ReadOnlyMemory<byte> part) => parts.Add(part);

        public void End() => parts.CompleteAdding();

        /// <summary>Waits for bytes; 0 is the end.</summary>
        public int Read(Span<byte> target)
        {
            lock (gate)
            {
                if (current.IsEmpty && !parts.TryTake(out current, Timeout.Infinite))
                    return 0;
                var count = Math.Min(target.Length, current.Length);
                current.Span[..count].CopyTo(target);
                current = current[count..];
                return count;
            }
        }
    }

    /// <summary>
    /// Only the blocking calls are overridden, as in the real package:
    /// a ReadAsync that has begun takes no notice of its cancellation token.
    /// </summary>
    private sealed class ChannelStream(ChannelBuffer? input, Func<ReadOnlyMemory<byte>, Task>? output) : Stream
    {
        public override bool CanRead => input is not null;

        public override bool CanSeek => false;

        public override bool CanWrite => output is not null;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            (input ?? throw new InvalidOperationException("This stream has no input channel.")).Read(buffer.AsSpan(offset, count));

        public override void Write(byte[] buffer, int offset, int count) =>
            (output ?? throw new InvalidOperationException("This stream has no output channel."))(buffer.AsMemory(offset, count))
                .GetAwaiter().GetResult();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
