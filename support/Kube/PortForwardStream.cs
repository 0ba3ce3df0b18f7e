using System.Net.WebSockets;

namespace SecuritySpecs.Kube;

/// <summary>
/// One connection to a port of a pod through the API server. The library's own demultiplexer holds a thread for every read
/// that waits, which dozens of pods at once would exhaust; this one holds none.
/// </summary>
/// <param name="socket">A port-forward of one port, by the protocol <c>v4.channel.k8s.io</c>: the first byte of a message is its channel.</param>
internal sealed class PortForwardStream(WebSocket socket) : Stream
{
    private const byte Data = 0;
    private const int PortLength = 2;
    private readonly HashSet<byte> _begun = [];
    private readonly byte[] _message = new byte[64 * 1024];
    private ReadOnlyMemory<byte> _unread;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    /// <exception cref="IOException">The node could not connect to the port; the message is its own.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_unread.IsEmpty)
        {
            if (await socket.ReceiveAsync(_message.AsMemory(), cancellationToken) is { MessageType: not WebSocketMessageType.Close } part)
                await TakeAsync(part, cancellationToken);
            else
                return 0;
        }

        var count = Math.Min(buffer.Length, _unread.Length);
        _unread[..count].CopyTo(buffer);
        _unread = _unread[count..];
        return count;
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var message = new byte[buffer.Length + 1];
        message[0] = Data;
        buffer.CopyTo(message.AsMemory(1));
        await socket.SendAsync(message, WebSocketMessageType.Binary, true, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            socket.Dispose();
        base.Dispose(disposing);
    }

    private async Task TakeAsync(ValueWebSocketReceiveResult part, CancellationToken stop)
    {
        var length = part.Count;
        while (!part.EndOfMessage && length < _message.Length)
        {
            part = await socket.ReceiveAsync(_message.AsMemory(length), stop);
            length += part.Count;
        }

        if (!part.EndOfMessage)
            throw new IOException($"The API server's port-forward sent a message of more than {_message.Length} bytes.");
        if (length == 0)
            return;
        // The first message of a channel names the port.
        var content = _message.AsMemory(1, length - 1);
        if (_begun.Add(_message[0]))
            content = content[Math.Min(PortLength, content.Length)..];
        if (_message[0] == Data)
            _unread = content;
        else if (!content.IsEmpty)
            throw new IOException($"The API server's port-forward ended: {Encoding.UTF8.GetString(content.Span).Trim()}");
    }
}
