namespace SecuritySpecs.OfflineCluster.Tests;

/// <summary>A cache folder, an engine, a mmdebstrap and a compiler of their own for one test of the build script.</summary>
internal sealed class FakeMachine : IDisposable
{
    // Images are files; a run puts out an archive of five binaries, as the compilation does. One that gets a program says what that wants.
    private const string Engine = """
        echo "$*" >>"$FAKE/calls"
        case $1 in
          image) [[ -e $FAKE/images/${3//\//_} ]] ;;
          import) cat >/dev/null; echo sha256:1234 ;;
          tag) touch "$FAKE/images/${3//\//_}" ;;
          build) cat >/dev/null; touch "$FAKE/images/${3//\//_}" ;;
          run) if [[ $* == *--interactive* ]]; then cat >/dev/null; cat "$FAKE/wants"; exit; fi
               while [[ -e $FAKE/block ]]; do sleep .05; done
               source "$FAKE/on-run"
               tar c -C "$FAKE/compiled" . ;;
        esac
        """;

    // A program comes out as the compiler puts it: publish FOLDER ... --artifacts-path FOLDER ...
    public const string Net = """
        echo "dotnet $*" >>"$FAKE/calls"
        program=$(basename "$2")
        while [[ $1 != --artifacts-path ]]; do shift; done
        mkdir -p "$2/publish/$program/release"
        touch "$2/publish/$program/release/$program"
        chmod +x "$2/publish/$program/release/$program"
        """;

    private readonly string root = Directory.CreateTempSubdirectory().FullName;

    public FakeMachine()
    {
        foreach (var folder in new[] { "bin", "images", "cache", "compiled" }) Folder(folder);
        File.WriteAllText(root + "/calls", "");
        OnRun("");
        SaysOfPrograms("libc.so.6 => /lib/libc.so.6");
        Command("engine", Engine);
        Command("mmdebstrap", "echo a root file system");
        Command("dotnet", Net);
        foreach (var name in FakeBinaries.All) FakeBinaries.Write(root + "/compiled", name, "echo Kubernetes v1.20.2");
    }

    /// <summary>What the engine was asked to do that begins with these words, in order.</summary>
    public IReadOnlyList<string> Calls(string words = "") =>
        [.. File.ReadAllLines(root + "/calls").Where(call => call.StartsWith(words, StringComparison.Ordinal))];

    /// <summary>The folders that the build left in its cache.</summary>
    public IReadOnlyList<string> Cached => Directory.GetDirectories(root + "/cache/securityspecs");

    public void Dispose() => Directory.Delete(root, recursive: true);

    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(root, name)).FullName;

    /// <summary>A command that comes before the machine's own.</summary>
    public void Command(string name, string script) => FakeBinaries.Write(root + "/bin", name, script);

    /// <summary>What the compilation does before it puts out its binaries.</summary>
    public void OnRun(string script) => File.WriteAllText(root + "/on-run", script + "\n");

    /// <summary>What ldd says of a compiled program in the base image.</summary>
    public void SaysOfPrograms(string wants) => File.WriteAllText(root + "/wants", wants + "\n");

    public void BlockRun() => File.WriteAllText(root + "/block", "");

    public void UnblockRun() => File.Delete(root + "/block");

    public void ForgetCalls() => File.WriteAllText(root + "/calls", "");

    public void ForgetImages()
    {
        foreach (var image in Directory.GetFiles(root + "/images")) File.Delete(image);
    }

    /// <summary>A new folder with all five binaries of a release.</summary>
    public string Kubernetes(string release)
    {
        var folder = Folder("brought-" + release);
        foreach (var name in FakeBinaries.All) FakeBinaries.Write(folder, name, $"echo Kubernetes v{release}");
        return folder;
    }

    public Task Called(string command) => Shell.Await(
        $"the engine's {command}",
        () => Task.FromResult(Calls(command) is [var call, ..] ? call : null),
        () => Task.FromResult(string.Join("; ", Calls())));

    public Task<Outcome> Build(params string[] arguments) => Build(new Dictionary<string, string>(), arguments);

    public async Task<Outcome> Build(Dictionary<string, string> environment, params string[] arguments)
    {
        using var process = Start(environment, arguments);
        return await process.Finish();
    }

    public Process Start() => Start(new Dictionary<string, string>());

    private Process Start(Dictionary<string, string> environment, params string[] arguments) => Shell.Start(
        Shell.OfflineCluster + "build",
        arguments,
        new Dictionary<string, string>
        {
            ["PATH"] = $"{root}/bin:{Environment.GetEnvironmentVariable("PATH")}",
            ["FAKE"] = root,
            ["XDG_CACHE_HOME"] = root + "/cache",
            ["SPECS_ENGINE"] = "engine",
            ["SPECS_KUBERNETES_DIR"] = "",
        }.Concat(environment).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Last().Value));
}
