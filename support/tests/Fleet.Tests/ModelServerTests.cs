namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>The model server's keys, limits, metrics and log, each with a server of its own.</summary>
[TestFixture]
public sealed class ModelServerTests
{
    private static readonly string s_otherKey = new('o', 40);

    [Test]
    public async Task Keys_come_and_go_while_it_runs()
    {
        await using var server = await RunningModelServer.StartAsync();
        (await server.ChatAsync(key: s_otherKey)).Status.Should().Be(401);
        await File.WriteAllTextAsync(server.Keys.File("batch"), s_otherKey);
        (await server.ChatAsync(key: s_otherKey)).Status.Should().Be(200);
        (await server.ChatAsync()).Status.Should().Be(200);
        File.Delete(server.Keys.File("gateway"));
        (await server.ChatAsync()).Status.Should().Be(401);
        File.Delete(server.Keys.File("batch"));
        (await server.ChatAsync(key: s_otherKey)).Status.Should().Be(401, "an empty folder lets nobody in");
    }

    [Test]
    public async Task It_says_which_pod_it_is_with_every_answer_where_it_knows()
    {
        var environment = new Dictionary<string, string> { ["POD_NAME"] = "model-server", ["POD_NAMESPACE"] = "blue" };
        await using var server = await RunningModelServer.StartAsync(true, environment);
        (await server.GetAsync("/")).Header("x-served-by").Should().Be("blue/model-server");
        (await server.GetAsync("/v1/models")).Header("x-served-by").Should().Be("blue/model-server");
        var probed = await FleetProcess.RunAsync(["probe", server.Address.ToString()]);
        JsonDocument.Parse(probed.Output).RootElement.GetProperty("servedBy").GetString().Should().Be("blue/model-server");
        await using var stranger = await RunningModelServer.StartAsync();
        (await stranger.GetAsync("/")).Header("x-served-by").Should().BeNull();
    }

    [Test]
    public async Task A_folder_that_the_kubelet_replaces_is_read_through_its_link()
    {
        await using var server = await RunningModelServer.StartAsync();
        File.Delete(server.Keys.File("gateway"));
        Publish(server.Keys, "..2026_1", RunningModelServer.Key);
        File.CreateSymbolicLink(server.Keys.File("gateway"), "..data/gateway");
        (await server.ChatAsync()).Status.Should().Be(200);
        Publish(server.Keys, "..2026_2", s_otherKey);
        (await server.ChatAsync()).Status.Should().Be(401);
        (await server.ChatAsync(key: s_otherKey)).Status.Should().Be(200);
    }

    [Test]
    public async Task A_key_that_could_be_guessed_is_none_and_is_told_once_by_its_id()
    {
        await using var server = await RunningModelServer.StartAsync();
        await File.WriteAllTextAsync(server.Keys.File("weak"), "letmein");
        (await server.ChatAsync(key: "letmein")).Status.Should().Be(401);
        (await server.ChatAsync(key: "letmein")).Status.Should().Be(401);
        await server.Process.SaysAsync("key weak is ignored: it is shorter than 32 characters");
        server.Process.Output.Split("key weak is ignored").Should().HaveCount(2);
        server.Process.Output.Should().NotContain("letmein");
    }

    [Test]
    public async Task Without_keys_anyone_is_answered_and_the_log_says_so()
    {
        await using var server = await RunningModelServer.StartAsync(false, new Dictionary<string, string>());
        server.Process.Output.Should().Contain("to anyone: it has no keys");
        (await server.PostAsync(RunningModelServer.Body())).Status.Should().Be(200);
    }

    [Test]
    public async Task A_key_in_the_environment_opens_too()
    {
        await using var server = await RunningModelServer.StartAsync(false, new Dictionary<string, string> { ["THE_KEY"] = s_otherKey }, "--key-variable", "THE_KEY");
        (await server.ChatAsync(key: s_otherKey)).Status.Should().Be(200);
        (await server.ChatAsync()).Status.Should().Be(401);
    }

    [Test]
    public async Task A_variable_without_a_key_lets_nobody_in()
    {
        await using var server = await RunningModelServer.StartAsync(false, new Dictionary<string, string>(), "--key-variable", "NO_SUCH_VARIABLE");
        (await server.ChatAsync()).Status.Should().Be(401);
        (await server.PostAsync(RunningModelServer.Body(), ("Authorization", "Bearer "))).Status.Should().Be(401);
    }

    [Test]
    public async Task A_key_over_its_rate_is_told_when_to_come_back_and_another_key_is_not_touched()
    {
        await using var server = await RunningModelServer.StartAsync();
        await File.WriteAllTextAsync(server.Keys.File("batch"), s_otherKey);
        server.Limit("requests-per-minute", "1");
        server.Limit("burst", "2");
        var first = await server.ChatAsync();
        (first.Status, first.Header("x-ratelimit-limit-requests"), first.Header("x-ratelimit-remaining-requests"), first.Header("Retry-After")).Should().Be((200, "1", "1", null));
        (await server.PostAsync("no JSON", Bearer())).Status.Should().Be(400, "a wrong request counts as well");

        var refused = await server.ChatAsync();
        (refused.Status, refused.Code, refused.Header("x-ratelimit-remaining-requests")).Should().Be((429, "rate_limit_exceeded", "0"));
        int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture).Should().BeInRange(30, 60, "one comes back a minute");
        (await server.GetAsync("/v1/models", "Bearer " + RunningModelServer.Key)).Status.Should().Be(429, "everything under /v1 counts");
        (await server.ChatAsync(key: s_otherKey)).Status.Should().Be(200);

        server.Limit("requests-per-minute", "20");
        var wait = int.Parse((await server.ChatAsync()).Header("Retry-After")!, CultureInfo.InvariantCulture);
        wait.Should().BeInRange(1, 3, "one comes back every 3 s");
        await Task.Delay(TimeSpan.FromSeconds(wait));
        (await server.ChatAsync()).Status.Should().Be(200, "refused requests were not counted");
    }

    [Test]
    public async Task A_new_key_under_the_same_id_has_no_new_rate()
    {
        await using var server = await RunningModelServer.StartAsync();
        server.Limit("requests-per-minute", "1");
        server.Limit("burst", "1");
        (await server.ChatAsync()).Status.Should().Be(200);
        await File.WriteAllTextAsync(server.Keys.File("gateway"), s_otherKey);
        (await server.ChatAsync(key: s_otherKey)).Status.Should().Be(429);
    }

    [TestCase("key", 429)]
    [TestCase("x-forwarded-for", 200)]
    public async Task What_is_counted_by_is_a_limit_too(string countedBy, int status)
    {
        await using var server = await RunningModelServer.StartAsync();
        server.Limit("requests-per-minute", "1");
        server.Limit("counted-by", countedBy);
        (await server.PostAsync(RunningModelServer.Body(), Bearer(), ("X-Forwarded-For", "10.0.0.1"))).Status.Should().Be(200);
        (await server.PostAsync(RunningModelServer.Body(), Bearer(), ("X-Forwarded-For", "10.0.0.2"))).Status.Should().Be(status);
    }

    [Test]
    public async Task A_limit_changes_while_it_runs()
    {
        await using var server = await RunningModelServer.StartAsync();
        (await server.ChatAsync(tokens: 100)).Status.Should().Be(200);
        server.Limit("max-tokens", "99");
        var refused = await server.ChatAsync(tokens: 100);
        (refused.Status, refused.Code, refused.Json.GetProperty("error").GetProperty("param").GetString()).Should().Be((400, "max_tokens_exceeded", "max_tokens"));
        (await server.ChatAsync(tokens: 99)).Status.Should().Be(200);
    }

    [TestCase("requests-per-minute", "many")]
    [TestCase("requests-per-minute", "0")]
    [TestCase("burst", "-1")]
    [TestCase("max-tokens", "")]
    [TestCase("max-body-bytes", "1e3")]
    [TestCase("counted-by", "moon")]
    public async Task A_limit_that_cannot_be_understood_serves_nobody(string name, string value)
    {
        await using var server = await RunningModelServer.StartAsync();
        server.Limit(name, value);
        var answer = await server.ChatAsync();
        (answer.Status, answer.Code).Should().Be((500, "misconfigured"));
        answer.Text.Should().Contain(name);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Too_long_a_body_is_refused_also_where_its_length_is_not_told(bool chunked)
    {
        await using var server = await RunningModelServer.StartAsync();
        server.Limit("max-body-bytes", "1000");
        var body = RunningModelServer.Body(prompt: new string('x', 1000));
        using HttpContent content = chunked ? new StreamContent(new Unseekable(Encoding.UTF8.GetBytes(body))) : new StringContent(body);
        var answer = await server.SendAsync(HttpMethod.Post, RunningModelServer.Chat, [Bearer()], content);
        (answer.Status, answer.Code).Should().Be((413, "request_too_large"));
        (await server.ChatAsync(prompt: new string('x', 500))).Status.Should().Be(200);
    }

    [Test]
    public async Task A_full_queue_is_an_error_for_everybody_and_who_hangs_up_leaves_it()
    {
        await using var server = await RunningModelServer.StartAsync("--slots", "1", "--queue", "1", "--token-microseconds", "1000000");
        using var patience = new CancellationTokenSource();
        var held = Enumerable.Range(0, 2).Select(_ => server.ChatAsync(tokens: 1000, cancel: patience.Token)).ToList();
        await server.ShowsAsync("vllm:num_requests_running{model_name=\"fleet-chat\"} 1\n", "vllm:num_requests_waiting{model_name=\"fleet-chat\"} 1\n");
        var refused = await server.ChatAsync(tokens: 1);
        (refused.Status, refused.Code).Should().Be((503, "overloaded"));

        await patience.CancelAsync();
        foreach (var call in held)
            await FluentActions.Awaiting(() => call).Should().ThrowAsync<OperationCanceledException>();
        await server.ShowsAsync("vllm:num_requests_running{model_name=\"fleet-chat\"} 0\n", "vllm:num_requests_waiting{model_name=\"fleet-chat\"} 0\n");
        (await server.ChatAsync(tokens: 1)).Status.Should().Be(200);
    }

    [Test]
    public async Task Metrics_count_by_the_id_of_the_key_and_hold_no_key()
    {
        await using var server = await RunningModelServer.StartAsync();
        await server.ChatAsync(tokens: 7, prompt: "to be found nowhere");
        await server.ChatAsync(key: s_otherKey);
        var metrics = await server.GetAsync("/metrics");
        metrics.Text.Should().Contain("# TYPE vllm:generation_tokens_total counter\nvllm:generation_tokens_total{model_name=\"fleet-chat\"} 7\n")
            .And.Contain("vllm:prompt_tokens_total{model_name=\"fleet-chat\"} 4\n")
            .And.Contain("vllm:num_requests_running{model_name=\"fleet-chat\"} 0\n")
            .And.Contain("model_server_requests_total{key_id=\"gateway\",code=\"200\"} 1\n")
            .And.Contain("model_server_requests_total{key_id=\"\",code=\"401\"} 1\n")
            .And.MatchRegex("(?m)^process_start_time_seconds 1[0-9]{9}")
            .And.NotContain(RunningModelServer.Key).And.NotContain(s_otherKey).And.NotContain("nowhere");
        (await server.GetAsync("/health")).Status.Should().Be(200);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task The_log_holds_ids_and_neither_keys_nor_questions_unless_it_is_told_to_hold_headers(bool logHeaders)
    {
        await using var server = await RunningModelServer.StartAsync(logHeaders ? ["--log-headers"] : []);
        await server.ChatAsync(prompt: "to be found nowhere");
        await server.SendAsync(HttpMethod.Post, $"{RunningModelServer.Chat}?key={s_otherKey}", []);
        await server.SendAsync(HttpMethod.Post, $"/v1/{s_otherKey}", []);
        await server.Process.SaysAsync("POST /v1/chat/completions 200 key=gateway");
        await server.Process.SaysAsync("POST /v1/chat/completions 401 key=none");
        await server.Process.SaysAsync("other 401 key=none");
        server.Process.Output.Should().NotContain("nowhere").And.NotContain(s_otherKey);
        server.Process.Output.Contains(RunningModelServer.Key, StringComparison.Ordinal).Should().Be(logHeaders);
    }

    private static (string, string) Bearer() => ("Authorization", "Bearer " + RunningModelServer.Key);

    // As the kubelet does: a new folder, then a link that is replaced in one step.
    private static void Publish(TestFolder keys, string folder, string key)
    {
        Directory.CreateDirectory(keys.File(folder));
        File.WriteAllText(Path.Combine(keys.File(folder), "gateway"), key);
        File.CreateSymbolicLink(keys.File("..new"), folder);
        // .NET has no rename that replaces a link to a folder.
        using var rename = System.Diagnostics.Process.Start("mv", ["-T", keys.File("..new"), keys.File("..data")]);
        rename.WaitForExit();
    }

    private sealed class Unseekable(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
