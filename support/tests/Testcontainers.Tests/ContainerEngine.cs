using System.Diagnostics;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using NUnit.Framework;

namespace TestcontainersContract;

/// <summary>The machine's container engine: what is there, and what this run leaves behind.</summary>
[SetUpFixture]
internal sealed class ContainerEngine
{
    public const string Label = "security.specs/run";
    private const string PlainImageVariable = "SPECS_TEST_IMAGE";
    private static readonly string[] PlainImages = ["securityspecs/bookworm", "debian:bookworm-slim", "debian:stable-slim"];

    public static string RunId { get; } = $"contract-{Guid.NewGuid():N}"[..20];

    /// <summary>The environment is read once by the package, so it is set before anything of it is touched.</summary>
    [OneTimeSetUp]
    public static void SetEnvironment()
    {
        SetDefault("TESTCONTAINERS_RYUK_DISABLED", "true");
        SetDefault("TESTCONTAINERS_HOST_OVERRIDE", "127.0.0.1");
        if (Run("version", "--format", "{{.Server.APIVersion}}") is { ExitCode: 0 } version)
            SetDefault("DOCKER_API_VERSION", version.Output);
    }

    [OneTimeTearDown]
    public static void RemoveLeftovers()
    {
        var ids = Run("ps", "--all", "--quiet", "--filter", $"label={Label}={RunId}").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (ids.Length > 0)
            Run(["rm", "--force", "--volumes", .. ids]);
        Run("network", "prune", "--force", "--filter", $"label={Label}={RunId}");
    }

    /// <summary>Skips the test where no engine answers or no small Linux image with a shell is there.</summary>
    public static string RequirePlainImage()
    {
        RequireEngine();
        var wanted = Environment.GetEnvironmentVariable(PlainImageVariable) is { Length: > 0 } given ? [given] : PlainImages;
        var image = wanted.FirstOrDefault(HasImage);
        if (image is null)
            Assert.Ignore($"None of these images is there: {string.Join(", ", wanted)}. {PlainImageVariable} names another one.");
        return image;
    }

    public static void RequireEngine()
    {
        var version = Run("version", "--format", "{{.Server.Version}}");
        if (version.ExitCode != 0)
            Assert.Ignore($"No container engine answers: {version.Errors}");
    }

    public static bool HasImage(string image) => Run("image", "inspect", image).ExitCode == 0;

    /// <summary>A container that says it is ready, then waits to be stopped, which takes it no time.</summary>
    public static ContainerBuilder Idle(string image) => Labelled(image)
        .WithEntrypoint("/bin/sh", "-c")
        .WithCommand("trap 'exit 7' TERM; echo ready; echo trouble >&2; while :; do sleep 0.1; done")
        .WithWaitStrategy(Ready());

    public static ContainerBuilder Labelled(string image) =>
        new ContainerBuilder(image).WithLabel(Label, RunId).WithAutoRemove(false);

    public static DotNet.Testcontainers.Configurations.IWaitForContainerOS Ready(string pattern = "read[y]") =>
        Wait.ForUnixContainer().UntilMessageIsLogged(
            pattern, wait => wait.WithInterval(TimeSpan.FromMilliseconds(100)).WithTimeout(TimeSpan.FromSeconds(15)));

    /// <summary>As much as a privileged container may, without the right that some engines do not have.</summary>
    public static void AllButPrivileged(CreateContainerParameters parameters)
    {
        var host = parameters.HostConfig!;
        host.Privileged = false;
        host.CapAdd = ["ALL"];
        host.CapDrop = ["SYS_RESOURCE"];
        host.SecurityOpt = ["seccomp=unconfined", "apparmor=unconfined"];
        host.MaskedPaths = [];
        host.ReadonlyPaths = [];
        host.Devices = [new DeviceMapping { PathOnHost = "/dev/kmsg", PathInContainer = "/dev/kmsg", CgroupPermissions = "rwm" }];
        host.DeviceCgroupRules = ["a *:* rwm"];
    }

    public static async Task<string> ShellAsync(IContainer container, string command)
    {
        var result = await container.ExecAsync(["/bin/sh", "-c", command]);
        return result.ExitCode == 0
            ? result.Stdout.Trim()
            : throw new AssertionException($"'{command}' ended with {result.ExitCode}: {result.Stdout}{result.Stderr}");
    }

    /// <summary>Runs the engine's own command, to look at it from the side.</summary>
    public static (int ExitCode, string Output, string Errors) Run(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("docker", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output.Trim(), errors.Result.Trim());
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, "", e.Message);
        }
    }

    private static void SetDefault(string name, string value)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))
            Environment.SetEnvironmentVariable(name, value);
    }
}
