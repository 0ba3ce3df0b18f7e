using Grpc.Core;
using SecuritySpecs.FleetProgram.V1Beta1;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>What HAMi's device plugin registers, and what it hands to whom.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VgpuPluginTests
{
    private const string Memory = "/run/fleet-gpu";
    private const string Preload = "/etc/ld.so.preload";
    private RunningVgpuPlugin _plugin = null!;

    [SetUp]
    public async Task StartAsync() => _plugin = await RunningVgpuPlugin.StartAsync(memoryMiB: 23028, shares: 3);

    [TearDown]
    public async Task StopAsync() => await _plugin.DisposeAsync();

    [Test]
    public async Task Registers_the_GPU_on_its_node_and_its_shares_with_the_kubelet()
    {
        _plugin.Register.Should().Be($$"""[{"id":"{{_plugin.Uuid}}","index":8,"count":3,"devmem":23028,"devcore":100,"type":"NVIDIA-A10","mode":"hami-core","health":true}]""");
        _plugin.Registration.ResourceName.Should().Be("nvidia.com/vgpu");
        _plugin.Registration.Options.Should().Be(new DevicePluginOptions());
        using var call = _plugin.Client.ListAndWatch(new Empty());
        await call.ResponseStream.MoveNext();
        call.ResponseStream.Current.Devices.Select(d => $"{d.ID} {d.Health}").Should().Equal(
            $"{_plugin.Uuid}-0 Healthy", $"{_plugin.Uuid}-1 Healthy", $"{_plugin.Uuid}-2 Healthy");
    }

    [Test]
    public async Task Hands_the_slice_that_is_written_on_the_pod_and_crosses_it_off()
    {
        Bind("p", $"{_plugin.Uuid},NVIDIA,3000,30:;");
        LockFor("p");
        var answer = await AllocateAsync();
        answer.Envs.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["NVIDIA_VISIBLE_DEVICES"] = _plugin.Uuid, ["CUDA_DEVICE_MEMORY_LIMIT_0"] = "3000m", ["CUDA_DEVICE_SM_LIMIT"] = "30",
        });
        answer.Mounts.Should().Equal(
            new Mount { ContainerPath = Memory, HostPath = _plugin.Host.File("memory"), ReadOnly = true },
            new Mount { ContainerPath = Preload, HostPath = _plugin.Host.File("ld.so.preload"), ReadOnly = true });
        _plugin.Api.Annotation("p", "hami.io/vgpu-devices-to-allocate").Should().Be(";");
        _plugin.Api.Annotation("p", "hami.io/bind-phase").Should().Be("success");
        Lock.Should().BeNull("the next pod may come");
        (await File.ReadAllTextAsync(answer.Mounts[1].HostPath)).Should().StartWith("#", "the real loader is to take the line as a comment").And.Contain("libvgpu.so");
    }

    [TestCase("true", false)]
    [TestCase("1", false)]
    [TestCase("false", true)]
    [TestCase("yes", true)]
    public async Task Leaves_HAMi_core_out_where_the_container_says_so(string value, bool loaded)
    {
        Bind("p", $"{_plugin.Uuid},NVIDIA,3000,30:;", $$"""[{"name":"main","env":[{"name":"CUDA_DISABLE_CONTROL","value":"{{value}}"}]}]""");
        (await AllocateAsync()).Mounts.Any(m => m.ContainerPath == Preload).Should().Be(loaded);
    }

    [Test]
    public async Task Serves_the_containers_one_after_another_and_only_then_says_that_it_is_done()
    {
        Bind("p", $"{_plugin.Uuid},NVIDIA,1000,10:;;{_plugin.Uuid},NVIDIA,2000,20:;", """[{"name":"a"},{"name":"b"},{"name":"c"}]""");
        LockFor("p");
        (await AllocateAsync()).Envs["CUDA_DEVICE_MEMORY_LIMIT_0"].Should().Be("1000m");
        _plugin.Api.Annotation("p", "hami.io/vgpu-devices-to-allocate").Should().Be($";;{_plugin.Uuid},NVIDIA,2000,20:;");
        _plugin.Api.Annotation("p", "hami.io/bind-phase").Should().Be("allocating");
        Lock.Should().NotBeNull();
        (await AllocateAsync()).Envs["CUDA_DEVICE_MEMORY_LIMIT_0"].Should().Be("2000m");
        _plugin.Api.Annotation("p", "hami.io/bind-phase").Should().Be("success");
        Lock.Should().BeNull();
    }

    [Test]
    public async Task Believes_the_lock_of_the_node_before_any_annotation()
    {
        Bind("first", $"{_plugin.Uuid},NVIDIA,1000,10:;");
        Bind("locked", $"{_plugin.Uuid},NVIDIA,2000,20:;");
        LockFor("locked");
        (await AllocateAsync()).Envs["CUDA_DEVICE_MEMORY_LIMIT_0"].Should().Be("2000m");
    }

    [Test]
    public async Task Refuses_a_pod_that_no_HAMi_scheduler_placed()
    {
        _plugin.Api.AddPod("p", Spec("""[{"name":"main"}]"""));
        (await RefusalAsync()).Should().Be(new Status(StatusCode.Unknown, "no binding pod found on node n"));
    }

    [TestCase("GPU-1,NVIDIA,3000,30:;", "pod t/p: no GPU GPU-1 on this node", TestName = "Refuses a slice of a GPU that it does not have")]
    [TestCase("UUID,NVIDIA,3000,30:UUID,NVIDIA,3000,30:;", "pod t/p: device number not matched (1 shares asked for, 2 in the annotation)", TestName = "Refuses another number of slices than of shares")]
    [TestCase(";", "pod t/p: no pending device allocation found", TestName = "Refuses a pod that has got all")]
    [TestCase("GPU-1,NVIDIA,many,30:;", "'GPU-1,NVIDIA,many,30' is no slice: UUID,NVIDIA,MEMORY,CORES is expected", TestName = "Refuses an annotation that is no slice")]
    public async Task Refuses(string slices, string why)
    {
        Bind("p", slices.Replace("UUID", _plugin.Uuid, StringComparison.Ordinal));
        (await RefusalAsync()).Detail.Should().Be(why);
    }

    [Test]
    public async Task Says_on_the_pod_that_the_hand_out_failed_and_frees_the_node()
    {
        Bind("p", "GPU-1,NVIDIA,3000,30:;");
        LockFor("p");
        await RefusalAsync();
        _plugin.Api.Annotation("p", "hami.io/bind-phase").Should().Be("failed");
        Lock.Should().BeNull();
    }

    private string? Lock => (string?)_plugin.Api.Node("n")["metadata"]!["annotations"]!["hami.io/mutex.lock"];

    private static JsonObject Spec(string containers) => new() { ["nodeName"] = "n", ["containers"] = JsonNode.Parse(containers) };

    private void Bind(string pod, string slices, string containers = """[{"name":"main"}]""") => _plugin.Api.AddPod(pod, Spec(containers), new JsonObject
    {
        ["hami.io/vgpu-node"] = "n", ["hami.io/bind-time"] = "1", ["hami.io/bind-phase"] = "allocating", ["hami.io/vgpu-devices-to-allocate"] = slices,
    });

    private void LockFor(string pod) => _plugin.Api.Change("/api/v1/nodes/n",
        new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["hami.io/mutex.lock"] = $"{DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss'Z'},t,{pod}" } } });

    private async Task<ContainerAllocateResponse> AllocateAsync() =>
        (await _plugin.Client.AllocateAsync(Request)).ContainerResponses.Single();

    private Task<Status> RefusalAsync() => _plugin.Client.AllocateAsync(Request).RefusalAsync();

    private AllocateRequest Request => new() { ContainerRequests = { new ContainerAllocateRequest { DevicesIDs = { $"{_plugin.Uuid}-0" } } } };
}
