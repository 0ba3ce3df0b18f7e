namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>The client of the model server.</summary>
[TestFixture]
public sealed class CallTests
{
    private static readonly string s_chat = JsonSerializer.Serialize(RunningModelServer.Body(4));

    [Test]
    public async Task Keys_stand_in_a_plan_by_name_in_every_form()
    {
        await using var server = await RunningModelServer.StartAsync("--log-headers");
        var outcomes = await CallAsync(server,
            """{"path":"/v1/models","headers":["Authorization: Bearer {key:gateway}"]}""",
            """{"path":"/v1/models?a={key:gateway}","headers":["A: {start:gateway}","B: {capitals:gateway}","C: {basic:gateway}","D: {padding:3}{n}"]}""");
        Statuses(outcomes[0]).Should().Be("""{"200":1}""");
        Statuses(outcomes[1]).Should().Be("""{"401":1}""");
        await server.Process.SaysAsync($"A: {new string('k', 20)} ");
        await server.Process.SaysAsync($"B: {new string('K', 40)} ");
        await server.Process.SaysAsync($"C: {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(":" + RunningModelServer.Key))} ");
        await server.Process.SaysAsync("D: xxx0");
    }

    [Test]
    public async Task A_flood_is_counted_by_status_with_the_tokens_that_it_got()
    {
        await using var server = await RunningModelServer.StartAsync();
        server.Limit("requests-per-minute", "1");
        server.Limit("burst", "3");
        var outcome = (await CallAsync(server, $$"""{"path":"/v1/chat/completions","headers":["Authorization: Bearer {key:gateway}"],"body":{{s_chat}},"count":20,"atOnce":5}"""))[0];
        Statuses(outcome).Should().Be("""{"200":3,"429":17}""");
        outcome.GetProperty("tokens").GetInt32().Should().Be(12);
        outcome.GetProperty("ms").GetDouble().Should().BeGreaterThanOrEqualTo(outcome.GetProperty("slowestMs").GetDouble()).And.BePositive();
    }

    [Test]
    public async Task A_plan_waits_as_long_as_it_is_told()
    {
        await using var server = await RunningModelServer.StartAsync();
        server.Limit("requests-per-minute", "20");
        const string Call = "\"path\":\"/v1/models\",\"headers\":[\"Authorization: Bearer {key:gateway}\"]";
        var outcomes = await CallAsync(server, $"{{{Call}}}", $"{{{Call}}}", $"{{{Call},\"wait\":\"retry-after\"}}");
        outcomes.Select(o => o.GetProperty("status").GetInt32()).Should().Equal(200, 429, 200);
        outcomes[1].GetProperty("headers").GetProperty("Retry-After").GetString().Should().BeOneOf("1", "2", "3");
    }

    [Test]
    public async Task A_step_that_goes_on_until_its_key_is_replaced_tells_what_each_of_the_two_was_answered()
    {
        await using var server = await RunningModelServer.StartAsync();
        var held = server.Limits.File("held-key");
        await File.WriteAllTextAsync(held, RunningModelServer.Key);
        var calling = CallAsync(server.Address, server.Limits.Path,
            """{"path":"/v1/models","headers":["Authorization: Bearer {key:held-key}"],"untilNewKey":3,"forMs":60000,"pauseMs":5}""");
        await Eventually.HoldsAsync(() => server.Process.Output.Contains(" 200 key=gateway", StringComparison.Ordinal), "a call with the old key", () => server.Process.Output);
        await File.WriteAllTextAsync(held + ".new", new string('n', 40));
        File.Move(held + ".new", held, overwrite: true);
        var byKey = (await calling)[0].GetProperty("byKey").EnumerateArray().ToList();
        byKey.Should().HaveCount(2);
        byKey[0].GetProperty("200").GetInt32().Should().BePositive();
        byKey[1].GetRawText().Should().Be("""{"401":3}""");
    }

    [Test]
    public async Task A_step_repeats_until_the_status_comes_and_reads_the_key_each_time()
    {
        await using var server = await RunningModelServer.StartAsync();
        File.Delete(server.Keys.File("gateway"));
        await File.WriteAllTextAsync(server.Limits.File("held-key"), RunningModelServer.Key);
        var calling = CallAsync(server.Address, server.Limits.Path,
            """{"path":"/v1/models","headers":["Authorization: Bearer {key:held-key}"],"until":200,"forMs":9000,"pauseMs":5}""");
        await Eventually.HoldsAsync(() => server.Process.Output.Contains("401", StringComparison.Ordinal), "a refused call", () => server.Process.Output);
        await File.WriteAllTextAsync(server.Keys.File("gateway"), RunningModelServer.Key);
        var outcome = (await calling)[0];
        outcome.GetProperty("status").GetInt32().Should().Be(200);
        outcome.GetProperty("statuses").GetProperty("200").GetInt32().Should().Be(1);
        outcome.GetProperty("statuses").GetProperty("401").GetInt32().Should().BePositive();
    }

    [Test]
    public async Task A_call_that_takes_too_long_has_no_answer_and_one_that_time_cuts_off_does_not_count()
    {
        await using var server = await RunningModelServer.StartAsync("--slots", "1", "--token-microseconds", "1000000");
        var step = $$"""{"path":"/v1/chat/completions","headers":["Authorization: Bearer {key:gateway}"],"body":{{s_chat}}""";
        var outcomes = await CallAsync(server, step + ",\"timeoutMs\":100}", step + ",\"forMs\":100}");
        Statuses(outcomes[0]).Should().Be("""{"none":1}""");
        Statuses(outcomes[1]).Should().Be("{}");
    }

    [Test]
    public async Task Nobody_there_is_no_answer()
    {
        var outcome = (await CallAsync(new Uri("http://127.0.0.1:1/"), "/", """{"path":"/"}"""))[0];
        Statuses(outcome).Should().Be("""{"none":1}""");
        outcome.GetProperty("status").ValueKind.Should().Be(JsonValueKind.Null);
    }

    private static Task<JsonElement[]> CallAsync(RunningModelServer server, params string[] steps) => CallAsync(server.Address, server.Keys.Path, steps);

    private static async Task<JsonElement[]> CallAsync(Uri address, string keys, params string[] steps)
    {
        var result = await FleetProcess.RunAsync("call", address.AbsoluteUri, $"[{string.Join(',', steps)}]", "--keys", keys);
        result.ExitCode.Should().Be(0, result.Errors);
        return [.. JsonDocument.Parse(result.Output).RootElement.EnumerateArray()];
    }

    private static string Statuses(JsonElement outcome) => outcome.GetProperty("statuses").GetRawText();
}
