using Grpc.Core;
using SecuritySpecs.FleetProgram.V1Beta1;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>What happens to a plugin in the course of time.</summary>
[TestFixture]
public sealed class PluginLifeTests
{
    [Test]
    public async Task Lists_eight_healthy_GPUs_and_then_every_change()
    {
        await using var plugin = await RunningPlugin.StartAsync();
        var uuids = await plugin.UuidsAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var lists = plugin.Client.ListAndWatch(new Empty(), cancellationToken: patience.Token);

        (await NextAsync(lists)).Should().Equal(uuids.Select(u => (u, "Healthy")), "the first list holds all GPUs");

        await plugin.GpuAsync("health", uuids[3], "unhealthy");
        (await NextAsync(lists)).Should().Equal(uuids.Select(u => (u, u == uuids[3] ? "Unhealthy" : "Healthy")));

        await plugin.GpuAsync("health", uuids[3], "healthy");
        (await NextAsync(lists)).Should().Equal(uuids.Select(u => (u, "Healthy")));
    }

    [Test]
    public async Task Does_not_allocate_an_unhealthy_GPU()
    {
        await using var plugin = await RunningPlugin.StartAsync();
        var uuid = (await plugin.UuidsAsync())[0];
        var request = new AllocateRequest { ContainerRequests = { new ContainerAllocateRequest { DevicesIDs = { uuid } } } };

        await plugin.GpuAsync("health", uuid, "unhealthy");
        var refusal = await plugin.Client.AllocateAsync(request).RefusalAsync();
        refusal.Should().Be(new Status(StatusCode.FailedPrecondition, $"GPU {uuid} is unhealthy"));

        await plugin.GpuAsync("health", uuid, "healthy");
        (await plugin.Client.AllocateAsync(request)).ContainerResponses.Should().ContainSingle();
    }

    [Test]
    public async Task Registers_again_and_serves_after_the_kubelet_restarted()
    {
        await using var plugin = await RunningPlugin.StartAsync(gpus: 2);
        await plugin.RestartKubeletAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var lists = plugin.Client.ListAndWatch(new Empty(), cancellationToken: patience.Token);
        (await NextAsync(lists)).Should().HaveCount(2);
        await plugin.Process.SaysAsync("the kubelet restarted");
    }

    [Test]
    public async Task Waits_for_a_kubelet_that_is_not_there_yet_and_says_so_once()
    {
        using var folder = new TestFolder();
        using var state = new TestFolder();
        await using var process = FleetProcess.Start(new Dictionary<string, string> { ["NODE_NAME"] = "a100-1" },
            "device-plugin", "--gpus=1", $"--plugin-dir={folder.Path}", $"--state-dir={state.Path}");
        var message = $"waiting for the kubelet: {folder.File("kubelet.sock")} does not exist";
        await process.SaysAsync(message);
        await FleetProcess.RunAsync("gpu", "list", $"--state-dir={state.Path}"); // lasts longer than the plugin waits between two looks

        await using var kubelet = new FakeKubelet(folder.Path);
        await kubelet.StartAsync();
        await kubelet.RegisteredAsync(process);
        process.Output.Split(message).Should().HaveCount(2, "a log that repeats itself hides the rest");
    }

    [Test]
    public async Task Tries_again_when_the_kubelet_refused_and_says_why()
    {
        using var folder = new TestFolder();
        using var state = new TestFolder();
        await using var kubelet = new FakeKubelet(folder.Path) { Refusals = 1 };
        await kubelet.StartAsync();
        await using var process = FleetProcess.Start("device-plugin", "--gpus=1", "--node=a100-1", $"--plugin-dir={folder.Path}", $"--state-dir={state.Path}");
        await kubelet.RegisteredAsync(process);
        process.Output.Should().Contain("the kubelet refused the registration: Unknown: not today");
    }

    [Test]
    public async Task Tries_again_when_no_kubelet_answers_and_says_why()
    {
        using var folder = new TestFolder();
        using var state = new TestFolder();
        var socket = folder.File("kubelet.sock");
        await File.WriteAllTextAsync(socket, "left behind");
        await using var process = FleetProcess.Start(
            "device-plugin", "--gpus=1", "--node=a100-1", $"--plugin-dir={folder.Path}", $"--state-dir={state.Path}");
        await process.SaysAsync($"waiting to register: no kubelet answers at {socket}: Connection refused");
        await using var kubelet = new FakeKubelet(folder.Path);
        await kubelet.StartAsync();
        await kubelet.RegisteredAsync(process);
    }

    [Test]
    public async Task Keeps_the_UUIDs_of_a_node_and_shares_none_with_another()
    {
        await using var first = await RunningPlugin.StartAsync(node: "a100-1");
        await using var again = await RunningPlugin.StartAsync(node: "a100-1");
        await using var second = await RunningPlugin.StartAsync(node: "a100-2");
        var uuids = await first.UuidsAsync();
        uuids.Should().HaveCount(8).And.OnlyHaveUniqueItems().And.AllSatisfy(u => u.Should().MatchRegex("^GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"));
        (await again.UuidsAsync()).Should().Equal(uuids);
        (await second.UuidsAsync()).Should().NotIntersectWith(uuids);
    }

    [Test]
    public async Task Ends_within_a_second_of_SIGTERM_and_removes_its_socket()
    {
        await using var plugin = await RunningPlugin.StartAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var lists = plugin.Client.ListAndWatch(new Empty(), cancellationToken: patience.Token);
        await NextAsync(lists); // a stream is open, as it is with a kubelet

        var clock = Stopwatch.StartNew();
        var end = await plugin.Process.TerminateAsync();
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(1));
        end.ExitCode.Should().Be(0);
        end.Errors.Should().BeEmpty();
        File.Exists(plugin.Socket).Should().BeFalse();
    }

    private static async Task<IEnumerable<(string, string)>> NextAsync(AsyncServerStreamingCall<ListAndWatchResponse> lists)
    {
        (await lists.ResponseStream.MoveNext()).Should().BeTrue("the stream stays open");
        return lists.ResponseStream.Current.Devices.Select(d => (d.ID, d.Health));
    }
}
