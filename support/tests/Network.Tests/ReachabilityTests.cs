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
        var told = await AwaitAsync([Yes, No], [Verdict.Open, Verdict.TimedOut], [Verdict.Open, Verdict.TimedOut], [Verdict.Open, Verdict.Open],
            [Verdict.Open, Verdict.Refused], [Verdict.Open, Verdict.Unreachable], [Verdict.Open, Verdict.TimedOut]);
        _timeouts.Should().HaveCount(6);
        told.Should().StartWith("in 3 rounds in a row:");
    }

    [Test]
    public async Task What_is_open_is_open_after_one_round()
    {
        (await AwaitAsync([Yes], [Verdict.Refused], [Verdict.Open])).Should().StartWith("in one round:");
        _timeouts.Should().HaveCount(2);
    }

    [TestCase(Verdict.Starved)]
    [TestCase(Verdict.NotAsked)]
    [TestCase(Verdict.Unresolved)]
    [TestCase(Verdict.CutOff)]
    [TestCase(Verdict.SomebodyElse)]
    public async Task No_denial_and_no_answer_either(Verdict verdict)
    {
        var neither = async () => await AwaitAsync([Yes, No], [Verdict.Open, verdict]);
        await neither.Should().ThrowAsync<TimeoutException>();
        var nor = async () => await AwaitAsync([Yes], [verdict]);
        await nor.Should().ThrowAsync<TimeoutException>();
    }

    [Test]
    public async Task A_machine_that_is_slow_is_given_more_time()
    {
        await AwaitAsync([Yes, No], [Verdict.TimedOut, Verdict.TimedOut], [Verdict.Open, Verdict.Starved], [Verdict.Open, Verdict.TimedOut], [Verdict.Open, Verdict.TimedOut],
            [Verdict.Open, Verdict.TimedOut]);
        _timeouts[0].Should().Be(Reachability.TimeoutFor(2));
        _timeouts[1].Should().BeGreaterThan(_timeouts[0]);
        _timeouts[2].Should().BeGreaterThan(_timeouts[1]);
        _timeouts[3].Should().Be(_timeouts[2], "what is denied needs no more than it had");
    }

    [Test]
    public async Task At_the_deadline_both_grids_are_told()
    {
        var late = async () => await AwaitAsync([Yes, No], [Verdict.Open, Verdict.Open]);
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

    [TestCase("""{"result":"open","latencyMs":1,"body":"{\"pod\":\"server\",\"namespace\":\"green\",\"node\":\"n\"}"}""", Verdict.Open)]
    [TestCase("""{"result":"open","latencyMs":1,"body":"{\"pod\":\"server\",\"namespace\":\"blue\",\"node\":\"n\"}"}""", Verdict.SomebodyElse)]
    [TestCase("""{"result":"open","latencyMs":1,"body":"OK"}""", Verdict.Open)]
    [TestCase("""{"result":"timeout","latencyMs":1}""", Verdict.TimedOut)]
    [TestCase("""{"result":"closed","latencyMs":1}""", Verdict.CutOff)]
    public void Only_the_pod_that_was_meant_counts(string report, Verdict verdict) =>
        Observation.Of(JsonNode.Parse(report)!, "green/server").Verdict.Should().Be(verdict);

    private Task<string> AwaitAsync(ExpectedCell[] cells, params Verdict[][] rounds)
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
