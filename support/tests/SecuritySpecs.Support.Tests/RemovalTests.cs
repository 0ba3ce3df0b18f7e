using Microsoft.AspNetCore.Http;

namespace SecuritySpecs.Tests;

/// <summary>What should go is gone, or is told by name: no answer to a delete is thrown away.</summary>
[TestFixture]
public sealed class RemovalTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);
    private readonly Dictionary<string, JsonObject> _things = [];
    private readonly List<string> _deletes = [];
    private LoopbackServer _server = null!;

    [SetUp]
    public async Task StartServer()
    {
        _things.Clear();
        _deletes.Clear();
        _server = await LoopbackServer.StartAsync(AnswerAsync);
    }

    [TearDown]
    public async Task StopServer() => await _server.DisposeAsync();

    [Test]
    public async Task An_object_goes_once_and_is_not_there_afterwards()
    {
        Add("a");

        (await _server.Api.RemoveAsync("/things/a", "uid-a")).Should().BeTrue();
        (await _server.Api.RemoveAsync("/things/a", "uid-a")).Should().BeFalse();
        await _server.Api.AwaitGoneAsync("/things/a", "uid-a", Short);
    }

    [Test]
    public async Task Another_object_of_the_same_name_is_left_alone()
    {
        Add("a");

        (await _server.Api.RemoveAsync("/things/a", "uid-of-before")).Should().BeFalse();

        _things.Should().ContainKey("a", "the delete names the UID of the one of before");
        await _server.Api.AwaitGoneAsync("/things/a", "uid-of-before", Short);
    }

    [Test]
    public async Task A_refused_delete_is_an_error()
    {
        Add("refuses");

        var remove = () => _server.Api.RemoveAsync("/things/refuses", "uid-refuses");

        (await remove.Should().ThrowAsync<KubeApiException>()).WithMessage("*/things/refuses*500*");
    }

    [Test]
    public async Task What_a_finalizer_holds_is_not_gone()
    {
        Add("stays")["metadata"]!["finalizers"] = new JsonArray("somebody/guards");
        await _server.Api.RemoveAsync("/things/stays", "uid-stays");

        var wait = () => _server.Api.AwaitGoneAsync("/things/stays", "uid-stays", Short);

        (await wait.Should().ThrowAsync<TimeoutException>()).WithMessage("*/things/stays to be gone*somebody/guards*");
    }

    [Test]
    public async Task Whether_something_is_gone_that_may_not_be_read_is_not_known()
    {
        var wait = () => _server.Api.AwaitGoneAsync("/things/forbidden", null, Short);

        await wait.Should().ThrowAsync<KubeApiException>();
    }

    [Test]
    public async Task Leftovers_tell_what_went_and_what_stayed_and_one_that_stays_does_not_keep_the_rest()
    {
        foreach (var name in (string[])["refuses", "stays", "ends", "a"])
            Add(name);

        var removed = await Leftovers.RemoveObjectsAsync(_server.Api, run: null, shared: false);

        removed.Removed.Should().Equal("things/ends, which ends in its own time", "things/a");
        removed.Stayed.Should().HaveCount(2).And.ContainMatch("*things/refuses*500*").And.ContainMatch("things/stays: *it is there");
        removed.Invoking(r => r.OrThrow()).Should().Throw<EnvironmentException>().WithMessage("2 leftovers*refuses*stays*");
        _deletes.Should().OnlyContain(d => d.Contains("\"uid\"", StringComparison.Ordinal), "the name may be somebody else's by now");
    }

    [Test]
    public async Task Where_a_list_is_refused_nobody_knows_what_stayed()
    {
        Add("hides"); // the server refuses the list while this is there

        var removed = await Leftovers.RemoveObjectsAsync(_server.Api, run: null, shared: false);

        removed.Stayed.Should().ContainSingle().Which.Should().StartWith("whatever /apis/test/v1/things");
    }

    private JsonObject Add(string name) => _things[name] = new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["uid"] = "uid-" + name, ["labels"] = new JsonObject { [RunLabels.Run] = "dead" } },
    };

    private async Task AnswerAsync(HttpContext context)
    {
        var name = context.Request.Path.Value!.Split('/')[^1];
        var body = context.Request.ContentLength > 0 ? await JsonNode.ParseAsync(context.Request.Body) : null;
        var (code, answer) = (context.Request.Method, context.Request.Path.Value) switch
        {
            ("GET", "/apis") => (200, """{"groups": [{"preferredVersion": {"groupVersion": "test/v1"}}]}"""),
            ("GET", "/apis/test/v1") => (200, """{"resources": [{"name": "things", "namespaced": false, "verbs": ["list", "delete"]}]}"""),
            ("GET", "/api/v1") => (200, """{"resources": []}"""),
            ("GET", "/apis/test/v1/things") when _things.ContainsKey("hides") => (503, "{}"),
            ("GET", "/apis/test/v1/things") => (200, new JsonObject { ["items"] = new JsonArray([.. _things.Values.Select(t => t.DeepClone())]) }.ToJsonString()),
            ("GET", _) when name == "forbidden" => (403, "{}"),
            ("GET", var path) when path!.Contains("/things/", StringComparison.Ordinal) => _things.TryGetValue(name, out var thing) ? (200, thing.ToJsonString()) : (404, "{}"),
            ("GET", _) => (200, """{"items": []}"""),
            _ => (Delete(name, body), "{}"),
        };
        context.Response.StatusCode = code;
        await context.Response.WriteAsync(answer);
    }

    private int Delete(string name, JsonNode? options)
    {
        _deletes.Add($"{name} {options?.ToJsonString()}");
        if (!_things.TryGetValue(name, out var thing))
            return 404;
        if ((string?)options?["preconditions"]?["uid"] is { } uid && uid != (string?)thing["metadata"]!["uid"])
            return 409;
        switch (name)
        {
            case "refuses":
                return 500;
            case "stays":
                return 200;
            case "ends":
                thing["metadata"]!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
                return 200;
            default:
                _things.Remove(name);
                return 200;
        }
    }
}
