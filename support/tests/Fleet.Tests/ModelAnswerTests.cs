using System.Net.Sockets;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>What the model server answers to a request, all on one server that nothing changes.</summary>
[TestFixture]
public sealed class ModelAnswerTests
{
    private static readonly (string, string) s_bearer = ("Authorization", "Bearer " + RunningModelServer.Key);
    private RunningModelServer _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await RunningModelServer.StartAsync();

    [OneTimeTearDown]
    public ValueTask EndAsync() => _server.DisposeAsync();

    [Test]
    public async Task The_same_question_has_the_same_answer_of_as_many_tokens_as_were_asked_for()
    {
        var answer = (await _server.ChatAsync(tokens: 5, prompt: "one two three")).Json;
        var text = answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        text.Split(' ').Should().HaveCount(5);
        answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().Should().Be(3);
        answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32().Should().Be(5);
        (await _server.ChatAsync(tokens: 5, prompt: "one two three")).Text.Should().Contain(text);
        (await _server.ChatAsync(tokens: 5, prompt: "another question")).Text.Should().NotContain(text);
    }

    [Test]
    public async Task A_stream_has_the_same_words_in_events_and_ends_with_the_usage()
    {
        var whole = (await _server.ChatAsync(tokens: 20)).Json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
        var stream = await _server.PostAsync(RunningModelServer.Body(20).Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal), s_bearer);
        var events = stream.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        events.Should().OnlyContain(e => e.StartsWith("data: ", StringComparison.Ordinal)).And.HaveCount(4);
        var parts = events[..^1].Select(e => JsonDocument.Parse(e["data: ".Length..]).RootElement).ToList();
        string.Concat(parts.Take(2).Select(p => p.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString())).Trim().Should().Be(whole);
        parts[2].GetProperty("usage").GetProperty("completion_tokens").GetInt32().Should().Be(20);
        events[^1].Should().Be("data: [DONE]");
    }

    [TestCase("Bearer {key}", 200)]
    [TestCase("bearer {key}", 200)]
    [TestCase(null, 401)]
    [TestCase("", 401)]
    [TestCase("Bearer", 401)]
    [TestCase("Bearer ", 401)]
    [TestCase("Bearer  {key}", 401)]
    [TestCase("Bearer {key}k", 401)]
    [TestCase("Bearer {key}, Bearer {key}", 401)]
    [TestCase("Bearer kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk", 401)]
    [TestCase("Basic {key}", 401)]
    [TestCase("{key}", 401)]
    public async Task A_key_opens_whole_and_as_a_bearers(string? authorization, int status)
    {
        var shown = authorization?.Replace("{key}", RunningModelServer.Key, StringComparison.Ordinal);
        (string, string)[] headers = shown is null ? [] : [("Authorization", shown)];
        foreach (var answer in (ModelAnswer[])[await _server.PostAsync(RunningModelServer.Body(), headers), await _server.SendAsync(HttpMethod.Get, "/v1/models", headers)])
        {
            answer.Status.Should().Be(status);
            answer.Text.Should().NotContain(RunningModelServer.Key);
            if (status == 401)
                (answer.Code, answer.Header("WWW-Authenticate")).Should().Be(("invalid_api_key", "Bearer"));
        }
    }

    [Test]
    public async Task Two_headers_of_authorization_are_no_key()
    {
        using var client = new TcpClient("127.0.0.1", _server.Address.Port);
        var header = $"Authorization: Bearer {RunningModelServer.Key}\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /v1/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{header}{header}\r\n"));
        using var reader = new StreamReader(client.GetStream());
        (await reader.ReadToEndAsync()).Should().StartWith("HTTP/1.1 401 ");
    }

    [TestCase("[]", 400, "invalid_json")]
    [TestCase("{\"model\":\"fleet-chat\"", 400, "invalid_json")]
    [TestCase("{\"model\":\"fleet-chat\",\"model\":\"fleet-chat\"}", 400, "invalid_json")]
    [TestCase("{\"model\":\"\\ud800\"}", 400, "invalid_json")]
    [TestCase("{}", 400, "missing_required_parameter")]
    [TestCase("{\"model\":\"other\"}", 404, "model_not_found")]
    [TestCase("{\"model\":\"fleet-chat\"}", 400, "invalid_value")]
    [TestCase("{\"model\":\"fleet-chat\",\"messages\":[]}", 400, "invalid_value")]
    [TestCase("{\"model\":\"fleet-chat\",\"messages\":[1]}", 400, "invalid_value")]
    [TestCase("{\"model\":\"fleet-chat\",\"messages\":[{\"content\":\"x\"}],\"max_tokens\":0}", 400, "invalid_value")]
    [TestCase("{\"model\":\"fleet-chat\",\"messages\":[{\"content\":\"x\"}],\"max_tokens\":1e9}", 400, "invalid_value")]
    [TestCase("{\"model\":\"fleet-chat\",\"messages\":[{\"content\":\"x\"}],\"max_tokens\":100001}", 400, "max_tokens_exceeded")]
    [TestCase("{\"model\":\"fleet-chat\",\"messages\":[{\"content\":\"x\"}],\"stream\":\"yes\"}", 400, "invalid_value")]
    public async Task A_wrong_request_is_told_what_is_wrong(string body, int status, string code)
    {
        var answer = await _server.PostAsync(body, s_bearer);
        (answer.Status, answer.Code).Should().Be((status, code));
    }

    [TestCase("GET", RunningModelServer.Chat, 405)]
    [TestCase("POST", "/v1/models", 405)]
    [TestCase("GET", "/v1/files", 404)]
    [TestCase("GET", "/V1/models", 404)]
    [TestCase("GET", "//v1/models", 404)]
    [TestCase("GET", "/", 404)]
    public async Task What_is_not_there_is_an_error_of_the_same_shape(string method, string path, int status)
    {
        var answer = await _server.SendAsync(new HttpMethod(method), _server.Address.AbsoluteUri.TrimEnd('/') + path, [s_bearer]);
        answer.Status.Should().Be(status);
        answer.Code.Should().NotBeNull();
    }
}
