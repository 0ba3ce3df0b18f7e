namespace Specs.Tests;

/// <summary>
/// A machine on which `specs` meets fakes: a working copy with the real command and the real tool in it, an engine that is played by
/// <see cref="FakeEngine"/>, and dotnet and docker by the scripts in Fakes/, which note every call.
/// </summary>
public sealed class FakeMachine : IDisposable
{
    private const UnixFileMode Everything = (UnixFileMode)0b111_111_111;
    private const string ToolOutput = "support/Tool/bin/Debug/net10.0";
    private static readonly string[] Copied =
        ["global.json", "SecuritySpecs.sln", "support/specs", "support/specs.d", "support/images/k3s-image", "support/images/prometheus/image", "features",
        "fleet-fixtures/fleet.yaml", "fleet-fixtures/files.yaml", "fleet-fixtures/profiles", "fleet-fixtures/controls", "fleet-fixtures/drills", "fleet-fixtures/workloads"];
    private static readonly string[] Written = ["repository", "repository/steps", "repository/support/Tool", "containers", "home"];
    private readonly string folder = Directory.CreateTempSubdirectory("specs-test-").FullName;
    private readonly Dictionary<string, string?> environment;
    private readonly FakeEngine engine;

    public FakeMachine()
    {
        // Where another user has to read it.
        File.SetUnixFileMode(folder, Everything);
        foreach (var path in Copied)
            Copy(Repository.At(path), $"repository/{path}");
        Copy(Repository.At(ToolOutput), "tool");
        Copy(Path.Combine(AppContext.BaseDirectory, "Fakes"), "bin");
        Write("repository/steps/SecuritySpecs.csproj");
        foreach (var written in Written)
        {
            Directory.CreateDirectory(At(written));
            File.SetUnixFileMode(At(written), Everything);
        }

        Write("engine");
        Write("images", "fake/k3s:1");
        engine = new FakeEngine(folder);
        Write("home/.testcontainers.properties", $"docker.host={engine.Address}");
        WritePosture(passed: 3);
        environment = new Dictionary<string, string?>(OuterRun.Forgotten)
        {
            ["PATH"] = $"{At("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
            ["FAKES"] = folder,
            ["REAL_DOTNET"] = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(path => Path.Combine(path, "dotnet")).First(File.Exists),
            ["HOME"] = At("home"),
            ["NUGET_PACKAGES"] = At("home"),
            ["XDG_CACHE_HOME"] = At("cache"),
            ["SPECS_ENGINE_STATE"] = At("engine-state"),
            ["SPECS_K3S_IMAGE"] = "fake/k3s:1",
            ["SPECS_FLEET_IMAGE"] = "fake/fleet:1",
            ["SPECS_FLEET_ARCHIVE"] = "fleet.tar",
            ["SPECS_PROMETHEUS_IMAGE"] = "fake/prometheus:1",
            ["SPECS_PROMETHEUS_ARCHIVE"] = "prometheus.tar",
            ["DOCKER_HOST"] = null,
        };
    }

    /// <summary>The calls of the fakes so far, one a line.</summary>
    public string[] Calls => File.Exists(At("calls")) ? File.ReadAllLines(At("calls")) : [];

    /// <summary>Sets an environment variable for the commands to come.</summary>
    public string? this[string variable]
    {
        set => environment[variable] = value;
    }

    /// <summary>A path on this machine; `repository/...` is the working copy.</summary>
    public string At(string path) => Path.Combine(folder, path);

    /// <summary>Writes a file on it.</summary>
    public string Write(string path, string text = "")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
        return At(path);
    }

    /// <summary>Sets what the scenarios of the next run will have given.</summary>
    public void WritePosture(int passed, int failed = 0, string error = "null", bool hasRequired = true, int milliseconds = 1) => WritePosture("posture.json", passed, failed, error, hasRequired, "false", milliseconds);

    /// <summary>Sets what an interrupted test process writes; without it, that is nothing.</summary>
    public void WritePartialPosture(int passed) => WritePosture("partial.json", passed, 0, "null", true, "true");

    private void WritePosture(string file, int passed, int failed, string error, bool hasRequired, string interrupted, int milliseconds = 1)
    {
        var scenarios = string.Join(',', Enumerable.Range(1, passed + failed).Select(n => $$"""
            {"feature":"features/a.feature","name":"Scenario {{n}}","line":{{n}},"tags":[],"status":"{{(n > passed ? "failed" : "passed")}}","durationMs":{{milliseconds}},"error":{{(n > passed ? "\"It went wrong.\"" : "null")}},"steps":[]}
            """));
        Write(file, $$"""
            {"schemaVersion":3,"run":{"id":"fake0000","startedAt":"2026-01-01T00:00:00Z","endedAt":"2026-01-01T00:01:00Z","clusterReadyMs":1,"fleetReadyMs":2,"error":{{error}},"selection":null,"interrupted":{{interrupted}}},
             "cluster":null,"fleet":null,"controls":[],"scenarios":[{{scenarios}}],"leftOut":[],"totals":{"passed":{{passed}},"failed":{{failed}},"inconclusive":0,"skipped":1},
             "required":[{"name":"gpu","present":{{(hasRequired ? "true" : "false")}}}],"nonClaims":["nothing"]}
            """);
    }

    /// <summary>Runs `specs` to its end.</summary>
    public Outcome Specs(params string[] arguments) => Command.Run(At("repository/support/specs"), environment, arguments);

    /// <summary>Runs `specs` to its end as the user `nobody`. Only root can.</summary>
    public Outcome SpecsAsNobody(params string[] arguments)
    {
        Need.Root();
        return Command.Run("setpriv", environment, ["--reuid=65534", "--regid=65534", "--clear-groups", At("repository/support/specs"), .. arguments]);
    }

    /// <summary>Starts `specs`.</summary>
    public Command Start(params string[] arguments) => new(At("repository/support/specs"), environment, arguments);

    /// <summary>Starts `specs run`, held in the middle of its tests until <see cref="Release"/>.</summary>
    public Command StartRun(params string[] arguments)
    {
        Write("hold");
        var before = TestProcesses();
        var command = new Command(At("repository/support/specs"), environment, ["run", .. arguments]);
        command.WaitUntil("the tests have started", () => TestProcesses() > before && command.Printed().Contains("image: ", StringComparison.Ordinal));
        return command;
    }

    /// <summary>Lets all held test processes end.</summary>
    public void Release() => File.Delete(At("hold"));

    /// <summary>Forgets the calls so far.</summary>
    public void ForgetCalls() => File.Delete(At("calls"));

    public void Dispose()
    {
        Release();
        engine.Dispose();
        if (int.TryParse(ReadIfThere("engine-state/started"), out var started))
            Command.Run("kill", environment, $"{started}");

        Directory.Delete(folder, recursive: true);
    }

    private int TestProcesses() => Directory.GetFiles(folder, "test-*").Length;

    private string ReadIfThere(string path) => File.Exists(At(path)) ? File.ReadAllText(At(path)) : "";

    // `cp` keeps the permission to execute.
    private void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(to))!);
        Command.Run("cp", new Dictionary<string, string?>(), "-r", from, At(to));
    }
}
