using System.Net.Sockets;

namespace SecuritySpecs.FleetProgram.Sharing;

/// <summary>What a job got.</summary>
/// <param name="Gpu">The UUID of the GPU.</param>
/// <param name="MemoryMiB">The memory that it holds.</param>
/// <param name="CapMiB">The cap that HAMi-core keeps it to; null where none does.</param>
/// <param name="FreeMiB">What the GPU had left then.</param>
internal sealed record GpuJobReport(string Gpu, int MemoryMiB, int? CapMiB, int FreeMiB);

/// <summary><c>fleet gpu-job</c>: a CUDA application that allocates memory, and HAMi-core in its process.</summary>
internal sealed class GpuJobRole : Role
{
    /// <summary>Where a container finds the memory of its GPU.</summary>
    public const string DefaultDirectory = "/run/fleet-gpu";

    /// <summary>The socket in that folder.</summary>
    public const string SocketName = "memory.sock";

    private const int MaxMiB = 16 * 1024 * 1024;
    private const string Hold = "--hold";

    public override string Name => "gpu-job";

    public override string Summary => "allocate memory of the GPU that this container was handed a share of";

    public override IReadOnlyCollection<string> Options => ["--memory-mib", "--gpu-dir", "--preload"];

    public override IReadOnlyCollection<string> Flags => [Hold];

    public override string Help =>
        $$"""
        Usage: fleet gpu-job --memory-mib N [{{Hold}}] [option ...]

        Plays a CUDA application that allocates N MiB at once, and HAMi-core (libvgpu.so) in its process: where {{Hami.Preload}}
        loads that, more than {{Hami.MemoryLimitVariable}} says (3000m is 3000 MiB; 0 or nothing is no cap) is refused
        before the GPU is asked. The GPU itself knows no caps and refuses what it no longer has. Either way the job says
        CUDA_ERROR_OUT_OF_MEMORY and ends with 1. The memory is free again when the job ends.

        Prints one line of JSON: gpu, memoryMiB, capMiB (null: no cap), freeMiB (what the GPU has left).

          --memory-mib N  1 to {{MaxMiB}}
          {{Hold}}          keep the memory until SIGTERM
          --gpu-dir DIR   where the GPU's memory is found (default {{DefaultDirectory}})
          --preload FILE  what the dynamic loader reads (default {{Hami.Preload}})
        """;

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        arguments.NoWords();
        var wanted = arguments.Number("--memory-mib", 1, MaxMiB);
        var cap = MemoryCap.Find(arguments.Text("--preload") ?? Hami.Preload, Environment.GetEnvironmentVariable);
        if (wanted > cap)
            throw OutOfMemory($"HAMi-core: {wanted} MiB wanted, the cap of this container is {cap} MiB");
        var gpu = Environment.GetEnvironmentVariable("NVIDIA_VISIBLE_DEVICES")?.Split(',')[0] ?? "";
        using var connection = await ConnectAsync(Path.Combine(arguments.Text("--gpu-dir") ?? DefaultDirectory, SocketName), stop);
        await using var stream = new NetworkStream(connection);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{gpu} {wanted}\n")), stop);
        var free = Free(await reader.ReadLineAsync(stop), wanted);
        Console.WriteLine(JsonSerializer.Serialize(new GpuJobReport(gpu, wanted, cap, free), Json.Shapes.GpuJobReport));
        // The GPU says nothing more unasked: the line ends only when it is gone.
        if (arguments.Has(Hold) && await reader.ReadLineAsync(stop) is null)
            throw new FleetException("the GPU is gone: its memory broker ended");
        return 0;
    }

    private static async Task<Socket> ConnectAsync(string path, CancellationToken stop)
    {
        if (!File.Exists(path))
            throw new FleetException($"CUDA_ERROR_NO_DEVICE: this container was handed no share of a GPU (there is no {path})");
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new FleetException($"CUDA_ERROR_NO_DEVICE: the GPU is gone ({path}: {e.Message})");
        }
    }

    private static int Free(string? answer, int wanted) => answer?.Split(' ', 2) switch
    {
        ["granted", var free] => int.Parse(free, CultureInfo.InvariantCulture),
        ["refused", var free] => throw OutOfMemory($"the GPU: {wanted} MiB wanted, {free} MiB free"),
        ["error", var text] => throw new FleetException($"CUDA_ERROR_INVALID_DEVICE: {text}"),
        _ => throw new FleetException("the GPU is gone: its memory broker ended"),
    };

    private static FleetException OutOfMemory(string why) => new($"CUDA_ERROR_OUT_OF_MEMORY: {why}");
}
