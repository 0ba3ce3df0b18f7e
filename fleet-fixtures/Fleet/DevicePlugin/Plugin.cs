namespace SecuritySpecs.FleetProgram.DevicePlugin;

/// <summary>Keeps the plugin registered: waits for a kubelet, serves, registers, and starts over when that kubelet is gone.</summary>
internal sealed class Plugin(string resource, string directory, KubeletPlugin plugin)
{
    private const int MaxSocketPath = 107;
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);
    private readonly Kubelet _kubelet = new(directory);
    private readonly string _endpoint = $"fleet-{resource.Replace('/', '_')}.sock";
    private string? _lastSaid;

    /// <summary>Runs until <paramref name="stop"/>.</summary>
    /// <exception cref="FleetException">No socket can have this path.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        if (Encoding.UTF8.GetByteCount(Socket) > MaxSocketPath)
            throw new FleetException($"{Socket} is too long: the path of a socket has at most {MaxSocketPath} bytes");
        while (true)
        {
            var kubelet = await FindKubeletAsync(stop);
            // Serve first: the kubelet calls back as soon as it knows the socket.
            await using var server = await DevicePluginServer.StartAsync(Socket, plugin, stop);
            if (await _kubelet.TryRegisterAsync(_endpoint, resource, plugin.Options, stop) is { } problem)
            {
                Say($"waiting to register: {problem}");
                await Task.Delay(s_retry, stop);
                continue;
            }
            Say($"registered {resource} at {Socket}");
            await WhileServedAsync(kubelet, stop);
            Say("the kubelet restarted: serving anew");
        }
    }

    private string Socket => Path.Combine(directory, _endpoint);

    private async Task<DateTime> FindKubeletAsync(CancellationToken stop)
    {
        while (true)
        {
            if (_kubelet.StartedAt is { } startedAt)
                return startedAt;
            Say($"waiting for the kubelet: {_kubelet.Socket} does not exist");
            await Task.Delay(s_poll, stop);
        }
    }

    /// <summary>A kubelet that starts removes every socket of the folder and makes its own anew; either says that we are forgotten.</summary>
    private async Task WhileServedAsync(DateTime kubelet, CancellationToken stop)
    {
        while (_kubelet.StartedAt == kubelet && File.Exists(Socket))
            await Task.Delay(s_poll, stop);
    }

    /// <summary>Says the same thing only once in a row.</summary>
    private void Say(string text)
    {
        if (text != _lastSaid)
            Log.Line(text);
        _lastSaid = text;
    }
}
