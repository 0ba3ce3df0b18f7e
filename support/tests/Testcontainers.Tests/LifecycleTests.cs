using Docker.DotNet;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Images;
using FluentAssertions;
using NUnit.Framework;
using static TestcontainersContract.ContainerEngine;

namespace TestcontainersContract;

[TestFixture]
internal sealed class LifecycleTests
{
    [Test]
    public void Without_an_engine_building_says_so()
    {
        if (Run("version").ExitCode == 0)
            Assert.Ignore("An engine answers here.");
        var build = () => new ContainerBuilder("any").Build();
        build.Should().Throw<DockerUnavailableException>();
        var network = () => new NetworkBuilder().Build();
        network.Should().Throw<DockerUnavailableException>();
    }

    [Test]
    public async Task A_container_exists_from_its_start_on()
    {
        await using var container = Idle(RequirePlainImage()).Build();
        var id = () => container.Id;
        id.Should().Throw<InvalidOperationException>();
        container.State.Should().Be(TestcontainersStates.Undefined);
        await container.StopAsync();
    }

    [Test]
    public async Task A_container_can_be_stopped_and_started_again()
    {
        await using var container = Idle(RequirePlainImage()).WithTmpfsMount("/scratch").Build();
        await container.StartAsync();
        await container.StopAsync();
        container.State.Should().Be(TestcontainersStates.Exited);
        Run("inspect", "--format", "{{.State.ExitCode}}", container.Id).Output.Should().Be("7", "it was asked to stop, not killed");
        await container.StartAsync();
        container.State.Should().Be(TestcontainersStates.Running);
    }

    [Test]
    public async Task A_container_with_auto_remove_is_gone_after_disposal()
    {
        var container = Idle(RequirePlainImage()).WithAutoRemove(true).WithCleanUp(true).Build();
        await container.StartAsync();
        var id = container.Id;
        await container.DisposeAsync();
        // The engine removes it after it has answered the stop.
        await AwaitAsync(() => Run("inspect", id).ExitCode != 0, $"container {id} gone");
    }

    [Test]
    public async Task A_builder_does_not_change()
    {
        var image = RequirePlainImage();
        var builder = Idle(image);
        builder.WithEntrypoint("/no/such/program").WithEnvironment("COLOUR", "blue");
        await using var container = builder.Build();
        await container.StartAsync();
        (await ShellAsync(container, "echo \"[$COLOUR]\"")).Should().Be("[]");
    }

    [Test]
    public async Task Commands_are_appended()
    {
        await using var container = Labelled(RequirePlainImage())
            .WithEntrypoint("/bin/sh", "-c")
            .WithCommand("trap 'exit 0' TERM; echo \"$0-$1 ready\"; while :; do sleep 0.1; done")
            .WithCommand("one", "two")
            .WithWaitStrategy(Ready("one-two ready"))
            .Build();
        await container.StartAsync();
        (await container.GetLogsAsync(timestampsEnabled: false)).Stdout.Should().Be("one-two ready\n");
    }

    [Test]
    public async Task A_startup_callback_runs_before_the_container_is_ready()
    {
        await using var container = Labelled(RequirePlainImage())
            .WithEntrypoint("/bin/sh", "-c")
            .WithCommand("trap 'exit 0' TERM; while [ ! -e /go ]; do sleep 0.1; done; echo ready; while :; do sleep 0.1; done")
            .WithWaitStrategy(Ready())
            .WithStartupCallback((started, ct) => started.CopyAsync("go"u8.ToArray(), "/go", ct: ct))
            .Build();
        await container.StartAsync();
        (await container.ExecAsync(["test", "-e", "/go"])).ExitCode.Should().Be(0);
    }

    [Test]
    public async Task A_container_that_ends_too_early_shows_its_log()
    {
        await using var container = Labelled(RequirePlainImage())
            .WithEntrypoint("/bin/sh", "-c")
            .WithCommand("echo cannot start >&2; exit 5")
            .WithWaitStrategy(Ready())
            .Build();
        var start = () => container.StartAsync();
        (await start.Should().ThrowAsync<ContainerNotRunningException>()).Which.Message.Should().Contain("code 5").And.Contain("cannot start");
    }

    [Test]
    public async Task A_container_that_is_never_ready_is_a_timeout()
    {
        await using var container = Idle(RequirePlainImage())
            .WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged(
                "never", wait => wait.WithInterval(TimeSpan.FromMilliseconds(100)).WithTimeout(TimeSpan.FromSeconds(1))))
            .Build();
        var start = () => container.StartAsync();
        await start.Should().ThrowAsync<TimeoutException>();
    }

    [Test]
    public async Task A_start_can_be_cancelled()
    {
        await using var container = Idle(RequirePlainImage()).WithWaitStrategy(Ready("never")).Build();
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        var start = () => container.StartAsync(cancel.Token);
        // Which of the two is a race in the package.
        (await start.Should().ThrowAsync<Exception>()).Which.Should().Match(e => e is OperationCanceledException || e is TimeoutException);
    }

    [Test]
    public async Task A_taken_name_is_refused_in_the_engine_s_words()
    {
        var image = RequirePlainImage();
        await using var first = Idle(image).WithName($"{RunId}-taken").Build();
        await using var second = Idle(image).WithName($"{RunId}-taken").Build();
        await first.StartAsync();
        var start = () => second.StartAsync();
        (await start.Should().ThrowAsync<DockerApiException>()).Which.Message.Should().Contain("already in use");
    }

    [Test]
    public async Task A_missing_image_is_refused_where_it_must_not_be_pulled()
    {
        RequireEngine();
        await using var container = Labelled("no-such-image:here").WithImagePullPolicy(PullPolicy.Never).Build();
        var start = () => container.StartAsync();
        (await start.Should().ThrowAsync<DockerApiException>()).Which.Message.Should().Contain("no-such-image:here");
    }

    private static async Task AwaitAsync(Func<bool> condition, string what)
    {
        var deadline = DateTime.UtcNow.AddSeconds(10);
        while (!condition())
        {
            if (DateTime.UtcNow > deadline)
                Assert.Fail($"Not within 10 s: {what}.");
            await Task.Delay(50);
        }
    }
}
