using SecuritySpecs.Fleet;

namespace SecuritySpecs.Tests;

[TestFixture]
public sealed class GpuGateTests
{
    [Test]
    public async Task Scenarios_share_the_node_up_to_its_GPUs_and_are_served_in_turn()
    {
        await using var server = await FakeApiServer.StartAsync();
        using var gate = new GpuGate(server.Api, "run1", 4);

        await gate.TakeAsync(3);
        var whole = gate.TakeAsync(4);
        var small = gate.TakeAsync(1); // would fit, but came later: the whole node would else wait for ever
        await Task.Delay(100);
        (whole.IsCompleted, small.IsCompleted).Should().Be((false, false));

        await gate.ReturnAsync(3);
        await whole.WaitAsync(TimeSpan.FromSeconds(5));
        small.IsCompleted.Should().BeFalse();

        await gate.ReturnAsync(4);
        await small.WaitAsync(TimeSpan.FromSeconds(5));
        await gate.ReturnAsync(1);
        server.Leases.Should().BeEmpty("nobody holds a GPU any more");
    }

    [Test]
    public async Task Another_run_waits_until_this_one_holds_no_GPU()
    {
        await using var server = await FakeApiServer.StartAsync();
        using var mine = new GpuGate(server.Api, "run1", 4);
        using var other = new GpuGate(server.Api, "run2", 4);

        await mine.TakeAsync(1);
        var waiting = other.TakeAsync(1);
        await Task.Delay(300);
        waiting.IsCompleted.Should().BeFalse();

        await mine.ReturnAsync(1);
        await waiting.WaitAsync(TimeSpan.FromSeconds(5));
        await other.ReturnAsync(1);
    }

    [Test]
    public async Task More_than_the_node_has_is_refused()
    {
        await using var server = await FakeApiServer.StartAsync();
        using var gate = new GpuGate(server.Api, "run1", 4);

        var take = () => gate.TakeAsync(5);

        await take.Should().ThrowAsync<ArgumentOutOfRangeException>();
    }
}
