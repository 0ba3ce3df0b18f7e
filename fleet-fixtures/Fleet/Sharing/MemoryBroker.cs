using System.Net.Sockets;

namespace SecuritySpecs.FleetProgram.Sharing;

/// <summary>
/// The memory of one physical GPU, behind a unix socket: the first who asks gets it, and nobody else can have it before that
/// connection ends. It knows no caps, as no GPU without hardware partitions does.
/// </summary>
/// <remarks>A request is one line, <c>UUID MIB</c>; the answer <c>granted FREE</c> or <c>refused FREE</c>, in MiB, or <c>error TEXT</c>.</remarks>
internal sealed class MemoryBroker : IAsyncDisposable
{
    private const UnixFileMode Everyone =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly SharedGpu _gpu;
    private readonly string _path;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Task _accepting;
    private int _free;

    private MemoryBroker(SharedGpu gpu, string path)
    {
        (_gpu, _path, _free) = (gpu, path, gpu.MemoryMiB);
        File.Delete(path);
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        // Who may use the GPU is decided by who gets to see the socket: only containers that were handed a share.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, Everyone);
        _socket.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>Serves at <paramref name="path"/>.</summary>
    public static MemoryBroker Start(SharedGpu gpu, string path) => new(gpu, path);

    /// <summary>Ends all connections: a job whose GPU is gone fails.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _accepting;
        File.Delete(_path);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _socket.AcceptAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the broker ends
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        var held = 0;
        try
        {
            await using var stream = new NetworkStream(connection, ownsSocket: true);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
                await stream.WriteAsync(Encoding.ASCII.GetBytes(Answer(line, ref held) + "\n"), _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // the job or the broker ended
        }
        finally
        {
            lock (_lock)
                _free += held;
        }
    }

    private string Answer(string line, ref int held)
    {
        if (line.Split(' ') is not [var uuid, var text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var mib))
            return "error expected: UUID MIB";
        if (uuid != _gpu.Uuid)
            return $"error no GPU {uuid} here";
        lock (_lock)
        {
            var granted = mib <= _free;
            if (granted)
                (_free, held) = (_free - mib, held + mib);
            return string.Create(CultureInfo.InvariantCulture, $"{(granted ? "granted" : "refused")} {_free}");
        }
    }
}
