using System.Text;
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

    /// <summary>Program and tests share a .proto, so a wrong field number there needs a test that does not use it.</summary>
    [Test]
    public async Task Registers_with_the_field_numbers_of_the_contract()
    {
        await _plugin.Kubelet.RegisteredAsync(_plugin.Process);
        byte[] expected =
        [
            .. Field(1, "v1beta1"u8), .. Field(2, Encoding.UTF8.GetBytes(Path.GetFileName(_plugin.Socket))),
            .. Field(3, "nvidia.com/gpu"u8), .. Field(4, [2 << 3 | 0, 1]), // options: number 2, a varint, is true
        ];
        _plugin.Kubelet.Registrations.First().Should().Equal(expected);
    }

    [Test]
    public async Task Answers_with_the_field_numbers_of_the_contract()
    {
        var uuid = Encoding.ASCII.GetBytes(_uuids[0]);
        var request = Field(1, Field(1, uuid));
        var answer = await _plugin.Client.TryAsync("Allocate", new ByteArrayContent(Frame.Of(request)));
        answer.Message.Should().Equal(Field(1, Field(1, [.. Field(1, "NVIDIA_VISIBLE_DEVICES"u8), .. Field(2, uuid)])));

        byte[] wish = [.. Field(1, uuid), .. Field(2, uuid), 3 << 3 | 0, 1];
        var preferred = await _plugin.Client.TryAsync("GetPreferredAllocation", new ByteArrayContent(Frame.Of(Field(1, wish))));
        preferred.Message.Should().Equal(Field(1, Field(1, uuid)));
    }

    [Test]
    public async Task Says_that_it_has_a_preference_and_needs_no_call_before_a_start()
    {
        var options = await _plugin.Client.CallAsync("GetDevicePluginOptions", new Empty(), DevicePluginOptions.Parser);
        options.Should().Be(new DevicePluginOptions { GetPreferredAllocationAvailable = true });
    }

    [Test]
    public async Task Gives_the_UUIDs_of_the_allocated_GPUs_to_each_container()
    {
        var response = await _plugin.Client.CallAsync("Allocate", Allocation([_uuids[5], _uuids[2]], [_uuids[0]]), AllocateResponse.Parser);
        response.ContainerResponses.Select(c => c.Envs.Single()).Should().Equal(
            KeyValuePair.Create("NVIDIA_VISIBLE_DEVICES", $"{_uuids[2]},{_uuids[5]}"),
            KeyValuePair.Create("NVIDIA_VISIBLE_DEVICES", _uuids[0]));
    }

    [Test]
    public async Task Refuses_to_allocate_a_GPU_that_it_does_not_have()
    {
        var answer = await _plugin.Client.TryAsync("Allocate", Allocation([_uuids[0], Unknown]));
        answer.Should().BeEquivalentTo(new Answer(5, $"no GPU '{Unknown}' on this node", null));
    }

    [Test]
    public async Task Lets_a_container_start_with_its_own_GPUs_only()
    {
        var own = await _plugin.Client.TryAsync("PreStartContainer", new PreStartContainerRequest { DevicesIDs = { _uuids[1] } });
        own.Status.Should().Be(0);
        var other = await _plugin.Client.TryAsync("PreStartContainer", new PreStartContainerRequest { DevicesIDs = { Unknown } });
        other.Status.Should().Be(5);
    }

    [TestCase("7 6 5 4", "", 2, "4 5", TestName = "Prefers the lowest indexes")]
    [TestCase("7 6 5 4", "6", 2, "4 6", TestName = "Prefers what must be included, then the lowest indexes")]
    [TestCase("0 1 2", "0 1 2", 3, "0 1 2", TestName = "Prefers exactly what must be included where that is enough")]
    public async Task Prefers(string available, string must, int size, string expected)
    {
        var response = await _plugin.Client.CallAsync("GetPreferredAllocation", Wish(available, must, size), PreferredAllocationResponse.Parser);
        response.ContainerResponses.Single().DeviceIDs.Should().Equal(ByIndex(expected));
    }

    [TestCase("0 1", "", 3, TestName = "Refuses a preference for more GPUs than there are")]
    [TestCase("0 1", "0 1", 1, TestName = "Refuses a preference for fewer GPUs than must be included")]
    public async Task Refuses_a_preference(string available, string must, int size)
    {
        var answer = await _plugin.Client.TryAsync("GetPreferredAllocation", Wish(available, must, size));
        answer.Status.Should().Be(3);
        answer.Error.Should().StartWith($"{size} GPUs wanted");
    }

    [Test]
    public async Task Reads_a_message_that_arrives_in_pieces()
    {
        var frame = Frame.Of(Allocation([_uuids[3]]));
        var answer = await _plugin.Client.TryAsync("Allocate", new PiecemealContent(frame[..2], frame[2..7], frame[7..20], frame[20..]));
        answer.Error.Should().BeEmpty();
        AllocateResponse.Parser.ParseFrom(answer.Message).ContainerResponses.Single().Envs["NVIDIA_VISIBLE_DEVICES"].Should().Be(_uuids[3]);
    }

    [TestCase(new byte[] { 0, 0, 0, 0, 9, 1 }, 13, "the request ends within a message", TestName = "Refuses a message that is cut off")]
    [TestCase(new byte[] { 0, 0 }, 13, "the request ends within a message", TestName = "Refuses a header that is cut off")]
    [TestCase(new byte[] { 1, 0, 0, 0, 0 }, 12, "compressed messages are not supported", TestName = "Refuses a compressed message")]
    [TestCase(new byte[] { 0, 0, 0x40, 0, 1 }, 8, "a message of 4194305 bytes; the limit is 4194304", TestName = "Refuses a message above the limit")]
    [TestCase(new byte[] { 0, 255, 255, 255, 255 }, 8, "a message of 4294967295 bytes", TestName = "Refuses a length that no array has")]
    [TestCase(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 13, "more than one message in a unary call", TestName = "Refuses a second message")]
    [TestCase(new byte[] { 0, 0, 0, 0, 1, 255 }, 13, "not a AllocateRequest", TestName = "Refuses bytes that are no message")]
    public async Task Refuses_a_broken_message(byte[] body, int status, string error)
    {
        var answer = await _plugin.Client.TryAsync("Allocate", new ByteArrayContent(body));
        answer.Status.Should().Be(status);
        answer.Error.Should().StartWith(error);
    }

    [Test]
    public async Task Says_that_it_has_no_other_methods()
    {
        var answer = await _plugin.Client.TryAsync("Deallocate", new Empty());
        answer.Should().BeEquivalentTo(new Answer(12, "no method /v1beta1.DevicePlugin/Deallocate", null));
    }

    [Test]
    public async Task Sends_an_error_that_is_not_ASCII_readably()
    {
        var answer = await _plugin.Client.TryAsync("Allocate", Allocation(["GPU-ä 100%"]));
        answer.Error.Should().Be("no GPU 'GPU-ä 100%' on this node");
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
