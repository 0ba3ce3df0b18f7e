namespace SecuritySpecs.Network.Tests;

/// <summary>When a picture of the network counts.</summary>
[TestFixture]
public sealed class ReachabilityTests
{
    private static readonly ProbeSource Client = new("client of tenant \"blue\"", "blue", "client");
    private static readonly ExpectedCell Yes = new(Client, new("server of tenant \"blue\"", "http://10.0.0.1/", "blue/server"), true);
    private static readonly ExpectedCell No = new(Client, new("server of tenant \"green\"", "http://10.0.0.2/", "green/server"), false);
    private readonly List<TimeSpan> _timeouts = [];

    [Test]
    public async Task What_is_denied_counts_once_three_rounds_in_a_row_agree()
    {
        var told = await AwaitAsync([Yes, No], [ProbeResult.Open, ProbeResult.TimedOut], [ProbeResult.Open, ProbeResult.TimedOut], [ProbeResult.Open, ProbeResult.Open],
            [ProbeResult.Open, ProbeResult.Refused], [ProbeResult.Open, ProbeResult.Unreachable], [ProbeResult.Open, ProbeResult.TimedOut]);
        _timeouts.Should().HaveCount(6);
        told.Should().StartWith("in 3 rounds in a row:");
    }

    [Test]
    public async Task What_is_open_is_open_after_one_round()
    {
        (await AwaitAsync([Yes], [ProbeResult.Refused], [ProbeResult.Open])).Should().StartWith("in one round:");
        _timeouts.Should().HaveCount(2);
    }

    [TestCase(ProbeResult.Starved)]
    [TestCase(ProbeResult.NotAsked)]
    [TestCase(ProbeResult.Unresolved)]
    [TestCase(ProbeResult.CutOff)]
    [TestCase(ProbeResult.SomebodyElse)]
    public async Task No_denial_and_no_answer_either(ProbeResult verdict)
    {
        var neither = async () => await AwaitAsync([Yes, No], [ProbeResult.Open, verdict]);
        await neither.Should().ThrowAsync<TimeoutException>();
        var nor = async () => await AwaitAsync([Yes], [verdict]);
        await nor.Should().ThrowAsync<TimeoutException>();
    }

    [Test]
    public async Task A_machine_that_is_slow_is_given_more_time()
    {
        await AwaitAsync([Yes, No], [ProbeResult.TimedOut, ProbeResult.TimedOut], [ProbeResult.Open, ProbeResult.Starved], [ProbeResult.Open, ProbeResult.TimedOut], [ProbeResult.Open, ProbeResult.TimedOut],
            [ProbeResult.Open, ProbeResult.TimedOut]);
        _timeouts[0].Should().Be(Reachability.TimeoutFor(2));
        _timeouts[1].Should().BeGreaterThan(_timeouts[0]);
        _timeouts[2].Should().BeGreaterThan(_timeouts[1]);
        _timeouts[3].Should().Be(_timeouts[2], "what is denied needs no more than it had");
    }

    [Test]
    public async Task At_the_deadline_both_grids_are_told()
    {
        var late = async () => await AwaitAsync([Yes, No], [ProbeResult.Open, ProbeResult.Open]);
        (await late.Should().ThrowAsync<TimeoutException>()).Which.Message.Should().Be(
            """
            Waited 0.2 s for the server, in 3 rounds in a row:
                                       1   2
              client of tenant "blue"  +   -
              1 = server of tenant "blue" (http://10.0.0.1/)
              2 = server of tenant "green" (http://10.0.0.2/)
              + reached, - not reached
            ; last seen: 
                                       1   2
              client of tenant "blue"  +   +<
              1 = server of tenant "blue" (http://10.0.0.1/)
              2 = server of tenant "green" (http://10.0.0.2/)
              + reached; < is not as expected
            """);
    }

    [TestCase(ProbeResult.NotAsked)]
    [TestCase(ProbeResult.Starved)]
    public async Task While_a_busy_machine_tells_nothing_and_within_rounds_that_agree_the_wait_is_longer(ProbeResult nothing)
    {
        ProbeResult[] good = [ProbeResult.Open, ProbeResult.TimedOut];
        var rounds = 0;
        var reachability = new Reachability(async (_, _) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(150));
            return [.. (rounds++ < 2 ? [nothing, nothing] : good).Select(v => new Observation(v, 1, null))];
        }, deadline: TimeSpan.FromMilliseconds(400));

        await reachability.AwaitAsync([Yes, No], "the server");

        rounds.Should().Be(5, "that takes 750 ms at least");
    }

    [TestCase("""{"result":"open","latencyMs":1,"body":"{\"pod\":\"server\",\"namespace\":\"green\",\"node\":\"n\"}"}""", ProbeResult.Open)]
    [TestCase("""{"result":"open","latencyMs":1,"body":"{\"pod\":\"server\",\"namespace\":\"blue\",\"node\":\"n\"}"}""", ProbeResult.SomebodyElse)]
    [TestCase("""{"result":"open","latencyMs":1,"body":"OK"}""", ProbeResult.SomebodyElse)]
    [TestCase("""{"result":"open","latencyMs":1}""", ProbeResult.SomebodyElse)]
    [TestCase("""{"result":"open","latencyMs":1,"body":"OK","servedBy":"green/server"}""", ProbeResult.Open)]
    [TestCase("""{"result":"open","latencyMs":1,"body":"OK","servedBy":"blue/server"}""", ProbeResult.SomebodyElse)]
    [TestCase("""{"result":"timeout","latencyMs":1}""", ProbeResult.TimedOut)]
    [TestCase("""{"result":"closed","latencyMs":1}""", ProbeResult.CutOff)]
    public void Only_the_pod_that_was_meant_counts(string report, ProbeResult verdict) =>
        Observation.Of(JsonNode.Parse(report)!, "green/server").Result.Should().Be(verdict);

    [Test]
    public void Where_nobody_needs_a_name_anybody_may_answer() =>
        Observation.Of(JsonNode.Parse("""{"result":"open","latencyMs":1,"body":"OK"}""")!, null).Result.Should().Be(ProbeResult.Open);

    [Test]
    public async Task A_denial_beside_nothing_but_a_pod_that_reaches_itself_is_refused_before_anybody_looks()
    {
        var self = new ExpectedCell(new("server of tenant \"blue\"", "blue", "server"), Yes.Target, true);
        var empty = async () => await AwaitAsync([self, No], [ProbeResult.Open, ProbeResult.TimedOut]);
        (await empty.Should().ThrowAsync<ArgumentException>()).Which.Message.Should().StartWith("Nothing would show that the network works while the server");
        var alone = async () => await AwaitAsync([No], [ProbeResult.TimedOut]);
        await alone.Should().ThrowAsync<ArgumentException>();
        _timeouts.Should().BeEmpty();

        await AwaitAsync([self, No, Yes], [ProbeResult.Open, ProbeResult.TimedOut, ProbeResult.Open]);
        _timeouts.Should().HaveCount(3, "with a twin that could fail it counts");
        await AwaitAsync([self], [ProbeResult.Open]);
        _timeouts.Should().HaveCount(1, "where nothing is denied there is nothing to show");
    }

    private Task<string> AwaitAsync(ExpectedCell[] cells, params ProbeResult[][] rounds)
    {
        _timeouts.Clear();
        return new Reachability((_, timeout) =>
        {
            _timeouts.Add(timeout);
            IReadOnlyList<Observation> round = [.. rounds[Math.Min(_timeouts.Count, rounds.Length) - 1].Select(v => new Observation(v, 1, null))];
            return Task.FromResult(round);
        }, deadline: TimeSpan.FromMilliseconds(rounds.Length == 1 ? 200 : 5000)).AwaitAsync(cells, "the server");
    }
}
