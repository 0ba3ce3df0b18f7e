using System.Net.Sockets;

namespace SecuritySpecs.FleetProgram.Network;

/// <summary><c>fleet knock</c>: tries to reach addresses over and over from its first instant, and tells when it got through.</summary>
internal sealed class KnockRole : Role
{
    private const int DefaultForMs = 1000;
    private const int TryMs = 100;
    private static readonly byte[] s_request = "HEAD / HTTP/1.1\r\nHost: held\r\n\r\n"u8.ToArray();
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);

    public override string Name => "knock";

    public override string Summary => "try addresses over and over from the first instant and print when each was reached as JSON";

    public override IReadOnlyCollection<string> Options => ["--for-ms", "--quiet-ms"];

    public override IReadOnlyCollection<string> Flags => ["--hold"];

    public override string Help =>
        $"""
        Usage: fleet knock tcp://ADDRESS:PORT ... [--for-ms N] [--quiet-ms N] [--hold]

        Connects to each target, again {s_pause.TotalMilliseconds} ms after each try; a try that is not answered within {TryMs} ms has failed. In the
        end prints one line of JSON: firstTryMs, endMs, and for each target tries, open, firstOpenMs, lastOpenMs. Times are since
        the process began.

          --for-ms N    how long, 1 to 60000 (default {DefaultForMs})
          --hold        connect once, and have each try be an HTTP request over that connection
          --quiet-ms N  end early once a target has not been reached for so long, tries at least that long included
        """;

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var age = Age();
        var clock = Stopwatch.StartNew();
        var length = TimeSpan.FromMilliseconds(arguments.Number("--for-ms", 1, 60000, DefaultForMs));
        var quiet = arguments.Text("--quiet-ms") is null ? (TimeSpan?)null : TimeSpan.FromMilliseconds(arguments.Number("--quiet-ms", 1, 60000, DefaultForMs));
        if (arguments.Words.Count == 0)
            throw new UsageException("a target is expected: tcp://ADDRESS:PORT");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var knocks = arguments.Words.Select(w => new Knock(w, age, clock, quiet, arguments.Has("--hold"))).ToList();
        end.CancelAfter(length);
        await Task.WhenAll(knocks.Select(k => k.RunAsync(end)));
        stop.ThrowIfCancellationRequested();
        knocks.ForEach(k => k.Dispose());
        var report = new KnockReport(knocks.Min(k => k.FirstTryMs), knocks.Max(k => k.EndMs), [.. knocks.Select(k => k.Result)]);
        Console.WriteLine(JsonSerializer.Serialize(report, Json.Shapes.KnockReport));
        return 0;
    }

    // The kernel's own word for when the process began.
    private static TimeSpan Age()
    {
        using var self = Process.GetCurrentProcess();
        return DateTime.Now - self.StartTime;
    }

    /// <summary>One target's tries, one after another.</summary>
    private sealed class Knock(string target, TimeSpan age, Stopwatch clock, TimeSpan? quiet, bool isHeld) : IDisposable
    {
        private readonly IPEndPoint _where = Parse(target);
        private readonly Socket _held = new(SocketType.Stream, ProtocolType.Tcp);
        private int _tries;
        private int _open;
        private double? _firstOpen;
        private double? _lastOpen;

        public double FirstTryMs { get; private set; }

        public double EndMs { get; private set; }

        public KnockResult Result => new(target, _tries, _open, _firstOpen, _lastOpen);

        public void Dispose() => _held.Dispose();

        private double Now => Math.Round((age + clock.Elapsed).TotalMilliseconds, 1);

        public async Task RunAsync(CancellationTokenSource end)
        {
            FirstTryMs = Now;
            while (!end.IsCancellationRequested)
            {
                var begun = Now;
                _tries++;
                if (await TryAsync(end.Token))
                {
                    _open++;
                    _firstOpen ??= begun;
                    _lastOpen = begun;
                }
                EndMs = Now;
                if (quiet is { } limit && EndMs - (_lastOpen ?? FirstTryMs) > limit.TotalMilliseconds)
                    await end.CancelAsync();
                await Task.Delay(s_pause, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        private async Task<bool> TryAsync(CancellationToken end)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(end);
            limit.CancelAfter(TryMs);
            try
            {
                if (isHeld)
                    return await AskAsync(limit.Token);
                using var socket = new Socket(_where.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(_where, limit.Token);
                return true;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                return false;
            }
        }

        // A connection that has failed fails from then on: nothing connects anew.
        private async Task<bool> AskAsync(CancellationToken end)
        {
            if (_tries == 1)
                await _held.ConnectAsync(_where, end);
            await _held.SendAsync(s_request, end);
            return await _held.ReceiveAsync(new byte[4096], end) > 0;
        }

        // An address, not a name: looking it up would be traffic of its own.
        private static IPEndPoint Parse(string target) =>
            Uri.TryCreate(target, UriKind.Absolute, out var uri) && uri.Scheme == "tcp" && uri.Port > 0 && IPAddress.TryParse(uri.DnsSafeHost, out var address)
                ? new IPEndPoint(address, uri.Port)
                : throw new UsageException($"'{target}' is no target: expected tcp://ADDRESS:PORT");
    }
}
