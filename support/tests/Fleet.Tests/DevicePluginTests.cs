using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using SecuritySpecs.FleetProgram.PodResourcesV1;
using SecuritySpecs.FleetProgram.PodResourcesV1Alpha1;
using SecuritySpecs.FleetProgram.V1Beta1;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>The five calls, on one plugin whose state no test changes.</summary>
[TestFixture]
public sealed class DevicePluginTests
{
    private const string Unknown = "GPU-00000000-0000-0000-0000-000000000000";
    private RunningPlugin _plugin = null!;
    private string[] _uuids = [];

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _plugin = await RunningPlugin.StartAsync();
        _uuids = await _plugin.UuidsAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _plugin.DisposeAsync();

    [Test]
    public async Task Registers_with_version_endpoint_resource_and_options()
    {
        var registration = await _plugin.Kubelet.RegisteredAsync(_plugin.Process);
        registration.Should().Be(new RegisterRequest
        {
            Version = "v1beta1",
            Endpoint = Path.GetFileName(_plugin.Socket),
            ResourceName = "nvidia.com/gpu",
            Options = new DevicePluginOptions { GetPreferredAllocationAvailable = true },
        });
        File.Exists(_plugin.Socket).Should().BeTrue("the endpoint names a socket beside the kubelet's");
    }

    /// <summary>Program and tests share the .proto files, so a wrong name or field number there needs tests that do not use them.</summary>
    [Test]
    public void The_calls_have_the_names_of_the_contract()
    {
        FileDescriptor[] apis =
            [DevicepluginReflection.Descriptor, PodresourcesReflection.Descriptor, PodresourcesV1Alpha1Reflection.Descriptor];
        apis.SelectMany(a => a.Services).SelectMany(s => s.Methods).Select(m => m.FullName).Should().Equal(
            "v1beta1.Registration.Register",
            "v1beta1.DevicePlugin.GetDevicePluginOptions",
            "v1beta1.DevicePlugin.ListAndWatch",
            "v1beta1.DevicePlugin.GetPreferredAllocation",
            "v1beta1.DevicePlugin.Allocate",
            "v1beta1.DevicePlugin.PreStartContainer",
            "v1.PodResourcesLister.List",
            "v1alpha1.PodResourcesLister.List");
    }

    /// <inheritdoc cref="The_calls_have_the_names_of_the_contract"/>
    [Test]
    public async Task Registers_with_the_field_numbers_of_the_contract()
    {
        var registration = await _plugin.Kubelet.RegisteredAsync(_plugin.Process);
        byte[] expected =
        [
            .. Field(1, "v1beta1"u8), .. Field(2, Encoding.UTF8.GetBytes(Path.GetFileName(_plugin.Socket))),
            .. Field(3, "nvidia.com/gpu"u8), .. Field(4, [2 << 3 | 0, 1]), // options: number 2, a varint, is true
        ];
        registration.ToByteArray().Should().Equal(expected);
    }

    [Test]
    public async Task Answers_with_the_field_numbers_of_the_contract()
    {
        var uuid = Encoding.ASCII.GetBytes(_uuids[0]);
        var answer = await _plugin.Client.AllocateAsync(AllocateRequest.Parser.ParseFrom(Field(1, Field(1, uuid))));
        answer.ToByteArray().Should().Equal(Field(1, Field(1, [.. Field(1, "NVIDIA_VISIBLE_DEVICES"u8), .. Field(2, uuid)])));

        byte[] wish = [.. Field(1, uuid), .. Field(2, uuid), 3 << 3 | 0, 1];
        var preferred = await _plugin.Client.GetPreferredAllocationAsync(PreferredAllocationRequest.Parser.ParseFrom(Field(1, wish)));
        preferred.ToByteArray().Should().Equal(Field(1, Field(1, uuid)));
    }

    [Test]
    public async Task Says_that_it_has_a_preference_and_needs_no_call_before_a_start()
    {
        var options = await _plugin.Client.GetDevicePluginOptionsAsync(new Empty());
        options.Should().Be(new DevicePluginOptions { GetPreferredAllocationAvailable = true });
    }

    [Test]
    public async Task Gives_the_UUIDs_of_the_allocated_GPUs_to_each_container()
    {
        var response = await _plugin.Client.AllocateAsync(Allocation([_uuids[5], _uuids[2]], [_uuids[0]]));
        response.ContainerResponses.Select(c => c.Envs.Single()).Should().Equal(
            KeyValuePair.Create("NVIDIA_VISIBLE_DEVICES", $"{_uuids[2]},{_uuids[5]}"),
            KeyValuePair.Create("NVIDIA_VISIBLE_DEVICES", _uuids[0]));
    }

    [Test]
    public async Task Refuses_to_allocate_a_GPU_that_it_does_not_have()
    {
        var refusal = await _plugin.Client.AllocateAsync(Allocation([_uuids[0], Unknown])).RefusalAsync();
        refusal.Should().Be(new Status(StatusCode.NotFound, $"no GPU '{Unknown}' on this node"));
    }

    [Test]
    public async Task Lets_a_container_start_with_its_own_GPUs_only()
    {
        await _plugin.Client.PreStartContainerAsync(new PreStartContainerRequest { DevicesIDs = { _uuids[1] } });
        var refusal = await _plugin.Client.PreStartContainerAsync(new PreStartContainerRequest { DevicesIDs = { Unknown } }).RefusalAsync();
        refusal.StatusCode.Should().Be(StatusCode.NotFound);
    }

    [TestCase("7 6 5 4", "", 2, "4 5", TestName = "Prefers the lowest indexes")]
    [TestCase("7 6 5 4", "6", 2, "4 6", TestName = "Prefers what must be included, then the lowest indexes")]
    [TestCase("0 1 2", "0 1 2", 3, "0 1 2", TestName = "Prefers exactly what must be included where that is enough")]
    public async Task Prefers(string available, string must, int size, string expected)
    {
        var response = await _plugin.Client.GetPreferredAllocationAsync(Wish(available, must, size));
        response.ContainerResponses.Single().DeviceIDs.Should().Equal(ByIndex(expected));
    }

    [TestCase("0 1", "", 3, TestName = "Refuses a preference for more GPUs than there are")]
    [TestCase("0 1", "0 1", 1, TestName = "Refuses a preference for fewer GPUs than must be included")]
    public async Task Refuses_a_preference(string available, string must, int size)
    {
        var refusal = await _plugin.Client.GetPreferredAllocationAsync(Wish(available, must, size)).RefusalAsync();
        refusal.StatusCode.Should().Be(StatusCode.InvalidArgument);
        refusal.Detail.Should().StartWith($"{size} GPUs wanted");
    }

    private static byte[] Field(int number, ReadOnlySpan<byte> value) => [(byte)(number << 3 | 2), (byte)value.Length, .. value];

    private static AllocateRequest Allocation(params string[][] containers) =>
        new() { ContainerRequests = { containers.Select(ids => new ContainerAllocateRequest { DevicesIDs = { ids } }) } };

    private PreferredAllocationRequest Wish(string available, string must, int size) => new()
    {
        ContainerRequests =
        {
            new ContainerPreferredAllocationRequest { AvailableDeviceIDs = { ByIndex(available) }, MustIncludeDeviceIDs = { ByIndex(must) }, AllocationSize = size },
        },
    };

    private IEnumerable<string> ByIndex(string indexes) =>
        indexes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(i => _uuids[int.Parse(i, null)]);
}
