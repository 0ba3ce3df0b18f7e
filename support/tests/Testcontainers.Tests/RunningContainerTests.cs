using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using FluentAssertions;
using NUnit.Framework;
using static TestcontainersContract.ContainerEngine;

namespace TestcontainersContract;

/// <summary>One container that runs for all of these tests.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed class RunningContainerTests
{
    private readonly string name = $"{RunId}-running";
    private string folder = "";
    private IContainer? container;

    private IContainer Container => container!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var image = RequirePlainImage();
        folder = Directory.CreateTempSubdirectory("containers").FullName;
        File.WriteAllText(Path.Combine(folder, "from-host"), "host");
        container = Idle(image)
            .WithName(name)
            .WithHostname("box")
            .WithEnvironment("COLOUR", "blue and = green")
            .WithPortBinding(8080, true)
            .WithBindMount(folder, "/shared")
            .WithBindMount(folder, "/read-only", AccessMode.ReadOnly)
            .WithTmpfsMount("/scratch")
            .WithResourceMapping("#!/bin/sh\necho mapped"u8.ToArray(), "/made/for/this/script", fileMode: Unix.FileMode755)
            .WithResourceMapping(new FileInfo(Path.Combine(folder, "from-host")), "/copied")
            .Build();
        await container.StartAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (container is null)
            return;
        await container.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public void It_has_an_identity()
    {
        Container.Name.Should().Be($"/{name}");
        Container.State.Should().Be(TestcontainersStates.Running);
        Container.IpAddress.Should().Be(Inspect("{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"));
        Container.Id.Should().Be(Inspect("{{.Id}}")).And.HaveLength(64);
        Inspect($"{{{{index .Config.Labels \"{Label}\"}}}}").Should().Be(RunId);
    }

    [Test]
    public void Its_ports_are_published_on_the_host()
    {
        Container.Hostname.Should().Be(Environment.GetEnvironmentVariable("TESTCONTAINERS_HOST_OVERRIDE"));
        $"{Container.GetMappedPublicPort(8080)}".Should().Be(Inspect("{{(index (index .NetworkSettings.Ports \"8080/tcp\") 0).HostPort}}"));
        var other = () => Container.GetMappedPublicPort(8081);
        other.Should().Throw<InvalidOperationException>();
    }

    [Test]
    public async Task A_command_gives_its_exit_code_and_both_streams()
    {
        var result = await Container.ExecAsync(["/bin/sh", "-c", "echo out; echo err >&2; exit 3"]);
        (result.ExitCode, result.Stdout, result.Stderr).Should().Be((3, "out\n", "err\n"));
    }

    [Test]
    public async Task A_command_that_is_not_there_does_not_succeed() =>
        (await Container.ExecAsync(["no-such-command"])).ExitCode.Should().NotBe(0);

    [Test]
    public async Task Host_name_and_environment_are_as_asked() =>
        (await ShellAsync(Container, "hostname; echo \"$COLOUR\"")).Should().Be("box\nblue and = green");

    [Test]
    public async Task The_log_has_both_streams()
    {
        var (stdout, stderr) = await Container.GetLogsAsync(timestampsEnabled: false);
        (stdout, stderr).Should().Be(("ready\n", "trouble\n"));
        (await Container.GetLogsAsync()).Stdout.Should().MatchRegex(@"^\d{4}-\d\d-\d\dT\S+Z ready\n$");
    }

    [Test]
    public async Task Folders_of_the_host_are_mounted()
    {
        await ShellAsync(Container, "echo box > /shared/from-box");
        (await File.ReadAllTextAsync(Path.Combine(folder, "from-box"))).Should().Be("box\n");
        (await ShellAsync(Container, "cat /read-only/from-host")).Should().Be("host");
        (await Container.ExecAsync(["/bin/sh", "-c", "echo no > /read-only/x"])).ExitCode.Should().NotBe(0);
    }

    [Test]
    public async Task A_tmpfs_is_mounted() =>
        (await ShellAsync(Container, "grep ' /scratch ' /proc/mounts")).Should().StartWith("tmpfs");

    [Test]
    public async Task Files_are_there_from_the_start()
    {
        (await ShellAsync(Container, "/made/for/this/script")).Should().Be("mapped");
        (await ShellAsync(Container, "cat /copied/from-host")).Should().Be("host");
    }

    [Test]
    public async Task A_file_goes_in_and_comes_out_unchanged()
    {
        var bytes = Enumerable.Range(0, 100_000).Select(i => (byte)(i * 7)).ToArray();
        await Container.CopyAsync(bytes, "/data/bytes", uid: 42, fileMode: Unix.FileMode600);
        (await Container.ReadFileAsync("/data/bytes")).Should().Equal(bytes);
        (await ShellAsync(Container, "stat -c '%u %a' /data/bytes")).Should().Be("42 600");
    }

    [Test]
    public async Task A_folder_s_files_go_in()
    {
        var source = Directory.CreateDirectory(Path.Combine(folder, "tree"));
        Directory.CreateDirectory(Path.Combine(source.FullName, "branch"));
        await File.WriteAllTextAsync(Path.Combine(source.FullName, "branch", "leaf"), "green");
        await Container.CopyAsync(source, "/planted");
        (await ShellAsync(Container, "cat /planted/branch/leaf")).Should().Be("green");
    }

    [Test]
    public async Task A_file_that_is_not_there_is_not_found()
    {
        var read = () => Container.ReadFileAsync("/no/such/file");
        await read.Should().ThrowAsync<FileNotFoundException>();
    }

    private string Inspect(string format) => Run("inspect", "--format", format, name).Output;
}
