namespace Specs.Tests;

/// <summary>
/// A machine on which `specs` meets fakes: a working copy with the real command in it, and dotnet, docker and the two
/// image builders played by the scripts in Fakes/, which note every call.
/// </summary>
public sealed class FakeMachine : IDisposable
{
    private static readonly string[] CommandFiles = ["global.json", "support/specs", "support/k3s-image"];
    private static readonly string[] Built = ["repository/steps", "repository/support/Tool", "repository"];
    private const UnixFileMode Everything = (UnixFileMode)0b111_111_111;
    private static readonly string[] Programs = ["dotnet", "docker", "dockerd"];
    private readonly string folder = Directory.CreateTempSubdirectory("specs-test-").FullName;
    private readonly Dictionary<string, string?> environment;

    public FakeMachine()
    {
        // Where another user has to read it.
        File.SetUnixFileMode(folder, Everything);
        CopyCommand();
        File.WriteAllText(At("engine"), "");
        environment = new Dictionary<string, string?>(OuterRun.Forgotten)
        {
            ["PATH"] = $"{At("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
            ["FAKES"] = folder,
            ["HOME"] = At("home"),
            ["NUGET_PACKAGES"] = At("home"),
            ["XDG_CACHE_HOME"] = At("cache"),
            ["SPECS_ENGINE_STATE"] = At("engine-state"),
            ["DOCKER_HOST"] = null,
        };
        Directory.CreateDirectory(At("home"));
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

    /// <summary>Runs `specs` to its end.</summary>
    public Outcome Specs(params string[] arguments) => Command.Run(At("repository/support/specs"), environment, arguments);

    /// <summary>Runs `specs` to its end as the user `nobody`. Only root can.</summary>
    public Outcome SpecsAsNobody(params string[] arguments)
    {
        Need.Root();
        return Command.Run("setpriv", environment, ["--reuid=65534", "--regid=65534", "--clear-groups", At("repository/support/specs"), .. arguments]);
    }

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
        if (int.TryParse(ReadIfThere("engine-state/started"), out var engine))
        {
            Command.Run("kill", environment, $"{engine}");
        }

        Directory.Delete(folder, recursive: true);
    }

    private int TestProcesses() => Directory.GetFiles(folder, "test-*").Length;

    private string ReadIfThere(string path) => File.Exists(At(path)) ? File.ReadAllText(At(path)) : "";

    private void CopyCommand()
    {
        foreach (var file in CommandFiles.Concat(Directory.GetFiles(Repository.At("support", "specs.d")).Select(path => Path.GetRelativePath(Repository.Root, path))))
        {
            Copy(Repository.At(file), $"repository/{file}");
        }

        var fakes = Path.Combine(AppContext.BaseDirectory, "Fakes");
        Copy(Path.Combine(fakes, "build-offline-cluster"), "repository/support/offline-cluster/build");
        Copy(Path.Combine(fakes, "build-fleet-image"), "repository/fleet-fixtures/Fleet/build-image");
        Copy(Path.Combine(fakes, "build-prometheus-image"), "repository/support/prometheus/build-image");
        foreach (var program in Programs)
        {
            Copy(Path.Combine(fakes, program), $"bin/{program}");
        }

        Write("repository/features/sample.feature", "Feature: sample");
        Write("repository/steps/SecuritySpecs.csproj");
        foreach (var built in Built)
        {
            Directory.CreateDirectory(At(built));
            File.SetUnixFileMode(At(built), Everything);
        }
    }

    // File.Copy keeps the permission to execute.
    private void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(to))!);
        File.Copy(from, At(to));
    }
}
