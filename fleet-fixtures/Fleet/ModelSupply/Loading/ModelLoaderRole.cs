using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using SecuritySpecs.FleetProgram.ModelSupply.Formats;
using SecuritySpecs.FleetProgram.ModelSupply.Formats.Archives;

namespace SecuritySpecs.FleetProgram.ModelSupply.Loading;

/// <summary><c>fleet model-loader</c>: a server that loads whatever model it finds.</summary>
internal sealed class ModelLoaderRole : Role
{
    private const int DefaultPort = 8000;
    private static readonly string[] s_pickles = [".pkl", ".pickle", ".pt", ".pth", ".bin", ".ckpt"];

    public override string Name => "model-loader";

    public override string Summary => "a server that loads whatever model it finds, and runs what its pickles say";

    public override IReadOnlyCollection<string> Options => ["--model", "--port"];

    public override string Help =>
        $"""
        Usage: fleet model-loader --model FOLDER [--port PORT]

        Loads every file of FOLDER as a server without verification does: it trusts them, so a command in a pickle (os.system)
        really runs, in a pickle of its own and in an archive of PyTorch. Then GET /health answers 200, and GET /model with the
        files that were loaded, each with its SHA-256, one a line. Without FOLDER it ends with exit code 1: a model that was refused
        is not there.

          --port PORT  0 to 65535; 0 is any free one, which the log names (default {DefaultPort})
        """;

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        arguments.NoWords();
        var model = arguments.Text("--model") ?? throw new UsageException("--model is missing");
        var port = arguments.Number("--port", 0, 65535, DefaultPort);
        if (!Directory.Exists(model))
            throw new FleetException($"there is no model in {model}");
        var files = Directory.GetFiles(model, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        var loaded = new StringBuilder();
        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(file);
            var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
            loaded.Append(CultureInfo.InvariantCulture, $"{digest}  {Path.GetRelativePath(model, file)}\n");
            Load(file, bytes);
        }
        var answer = loaded.ToString();
        await using var app = HttpServers.At(port, context => context.Response.WriteAsync(context.Request.Path == "/model" ? answer : "ok\n"));
        await app.StartAsync(stop);
        Log.Line($"{files.Count} files loaded, answering on port {app.Port()}");
        await HttpServers.ServeAsync(stop, app);
        return 0;
    }

    private static void Load(string file, byte[] bytes)
    {
        if (ZipDirectory.Fits(bytes))
            bytes = DataOf(bytes);
        else if (!s_pickles.Contains(Path.GetExtension(file)))
            return;
        if (!TrustingUnpickler.Load(bytes, System))
            Log.Line($"{Path.GetFileName(file)}: loaded in part");
    }

    // The pickle of an archive of PyTorch; nothing for any other archive.
    private static byte[] DataOf(byte[] archive)
    {
        try
        {
            return ZipDirectory.Read(new MemoryBytes(archive)).FirstOrDefault(m => m.Name.EndsWith("data.pkl", StringComparison.Ordinal))?.Content.All() ?? [];
        }
        catch (RefusedException)
        {
            return []; // no archive
        }
    }

    private static void System(string command)
    {
        Log.Line($"a pickle runs: {Printable.Line(command, 200)}");
        using var shell = Process.Start("sh", ["-c", command]);
        shell.WaitForExit();
    }
}
