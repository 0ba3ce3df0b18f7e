using System.Globalization;
using Docker.DotNet;
using FluentAssertions;
using NUnit.Framework;
using static TestcontainersContract.ContainerEngine;

namespace TestcontainersContract;

[TestFixture]
internal sealed class HostConfigTests
{
    private const ulong SysAdmin = 1UL << 21;
    private const ulong SysResource = 1UL << 24;

    [Test]
    public async Task Everything_but_privileged_is_granted_by_a_parameter_modifier()
    {
        await using var container = Idle(RequirePlainImage())
            .WithPrivileged(true)
            .WithCreateParameterModifier(AllButPrivileged)
            .WithCreateParameterModifier(parameters => parameters.HostConfig!.CgroupnsMode = "host")
            .Build();
        await container.StartAsync();
        var rights = ulong.Parse(
            await ShellAsync(container, "sed -n 's/CapEff:\t//p' /proc/self/status"), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        (rights & SysAdmin).Should().Be(SysAdmin);
        (rights & SysResource).Should().Be(0);
        (await ShellAsync(container, "grep -c ' /proc/sys ' /proc/mounts || true")).Should().Be("0", "no path of /proc is read-only");
        await ShellAsync(container, "test -c /dev/kmsg");
        // Whether there is such a disk or not, it may be opened.
        (await ShellAsync(container, "mknod /dev/a-disk b 7 0; (: < /dev/a-disk) 2>&1 || true")).Should().NotContain("not permitted");
        Run("inspect", "--format", "{{.HostConfig.Privileged}} {{.HostConfig.CgroupnsMode}}", container.Id).Output.Should().Be("false host");
    }

    [Test]
    public async Task A_plain_container_is_confined()
    {
        await using var container = Idle(RequirePlainImage()).Build();
        await container.StartAsync();
        (await ShellAsync(container, "grep -c ' /proc/sys ' /proc/mounts")).Should().Be("1");
        (await container.ExecAsync(["test", "-e", "/dev/kmsg"])).ExitCode.Should().NotBe(0);
        (await ShellAsync(container, "mknod /dev/a-disk b 7 0; (: < /dev/a-disk) 2>&1 || true")).Should().Contain("not permitted");
    }

    [Test]
    public async Task A_privileged_container_runs_or_is_refused_in_the_engine_s_words()
    {
        await using var container = Idle(RequirePlainImage()).WithPrivileged(true).Build();
        try
        {
            await container.StartAsync();
            Run("inspect", "--format", "{{.HostConfig.Privileged}}", container.Id).Output.Should().Be("true");
        }
        catch (DockerApiException e)
        {
            e.Message.Should().Contain("OCI runtime create failed");
            container.Id.Should().NotBeEmpty("the container was created, only not started");
        }
    }
}
