namespace SecuritySpecs.Support.Tests;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RepeatedWaitsTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(2);
    private readonly RepeatedWaits waits = new(Long, TimeSpan.FromSeconds(0.1));

    [Test]
    public async Task What_was_awaited_in_vain_once_is_given_up_sooner_from_then_on()
    {
        (await WaitInVainAsync("a")).Should().Match<(double Seconds, string Message)>(w => w.Seconds >= 2 && w.Message == "Waited 2 s for the quota; last seen: no");

        (await WaitInVainAsync("a")).Should().Match<(double Seconds, string Message)>(w => w.Seconds < 1
            && w.Message == "Waited 0.1 s for the quota; last seen: no. It was given up early: another scenario had waited 2 s for the same");
    }

    [Test]
    public async Task A_wait_under_way_is_given_up_with_the_one_that_ran_out()
    {
        var early = WaitInVainAsync("a");
        await Task.Delay(TimeSpan.FromSeconds(1));
        var late = await WaitInVainAsync("a");

        (await early).Seconds.Should().BeGreaterThanOrEqualTo(2);
        late.Seconds.Should().BeLessThan(1.9);
    }

    [Test]
    public async Task Others_wait_as_long_as_ever()
    {
        await WaitInVainAsync("a");

        (await WaitInVainAsync("b")).Seconds.Should().BeGreaterThanOrEqualTo(2);
    }

    [Test]
    public async Task What_comes_about_after_all_may_take_its_time_again()
    {
        await WaitInVainAsync("a");
        await waits.UntilAsync("a", "the quota", () => Task.FromResult(true), seen => seen, _ => "no");

        (await WaitInVainAsync("a")).Seconds.Should().BeGreaterThanOrEqualTo(2);
    }

    private async Task<(double Seconds, string Message)> WaitInVainAsync(string key)
    {
        var clock = Stopwatch.StartNew();
        var wait = () => waits.UntilAsync(key, "the quota", () => Task.FromResult(false), seen => seen, _ => "no");
        var e = (await wait.Should().ThrowAsync<WaitedInVainException>()).Which;
        return (clock.Elapsed.TotalSeconds, e.Message);
    }
}
