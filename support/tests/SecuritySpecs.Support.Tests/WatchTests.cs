using Microsoft.AspNetCore.Http;

namespace SecuritySpecs.Tests;

/// <summary>An object is awaited by a watch, whatever becomes of watch and object.</summary>
[TestFixture]
public sealed class WatchTests
{
    private const string Pods = "/api/v1/namespaces/blue/pods";
    private readonly List<string> _asked = [];
    private readonly Queue<Func<HttpContext, Task>> _watches = [];
    private readonly Queue<string?> _looks = [];
    private LoopbackServer _server = null!;

    [SetUp]
    public async Task Start()
    {
        _asked.Clear();
        _watches.Clear();
        _looks.Clear();
        _server = await LoopbackServer.StartAsync(AnswerAsync);
    }

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [Test]
    public async Task Who_is_there_already_needs_no_watch()
    {
        _looks.Enqueue("Running");

        await AwaitRunningAsync();

        _asked.Should().Equal($"{Pods}/web");
    }

    [Test]
    public async Task A_watch_tells_of_the_change_from_the_version_that_was_seen()
    {
        _looks.Enqueue("Pending");
        _watches.Enqueue(Events(("MODIFIED", "Pending"), ("MODIFIED", "Running")));

        var pod = await AwaitRunningAsync();

        ((string)pod["status"]!["phase"]!).Should().Be("Running");
        _asked.Should().Equal($"{Pods}/web", $"{Pods}?watch=1&fieldSelector=metadata.name=web&resourceVersion=7");
    }

    [Test]
    public async Task A_watch_that_ends_is_followed_by_another_look()
    {
        _looks.Enqueue("Pending");
        _watches.Enqueue(Events(("MODIFIED", "Pending")));
        _looks.Enqueue("Running");

        await AwaitRunningAsync();

        _asked.Should().HaveCount(3);
    }

    [Test]
    public async Task What_a_watch_says_of_itself_is_not_taken_for_the_object()
    {
        _looks.Enqueue("Pending");
        _watches.Enqueue(Events(("ERROR", "Running"))); // 410 Gone, and the like
        _looks.Enqueue("Pending");
        _watches.Enqueue(Events(("MODIFIED", "Running")));

        await AwaitRunningAsync();

        _asked.Should().HaveCount(4);
    }

    [Test]
    public async Task A_connection_that_is_cut_is_followed_by_another_look()
    {
        _looks.Enqueue("Pending");
        _watches.Enqueue(async context =>
        {
            await Events(("MODIFIED", "Pending"))(context);
            context.Abort();
        });
        _looks.Enqueue("Running");

        await AwaitRunningAsync();

        _asked.Should().HaveCount(3);
    }

    [Test]
    public async Task A_connection_that_is_cut_before_the_first_word_is_followed_by_another_look()
    {
        _looks.Enqueue("Pending");
        _watches.Enqueue(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        _looks.Enqueue("Running");

        await AwaitRunningAsync();

        _asked.Should().HaveCount(3);
    }

    [Test]
    public async Task Who_was_removed_is_not_waited_for()
    {
        _looks.Enqueue("Pending");
        _watches.Enqueue(Events(("DELETED", "Running")));
        _looks.Enqueue(null);

        var wait = () => AwaitRunningAsync();

        (await wait.Should().ThrowAsync<KubeApiException>()).WithMessage("*404*");
    }

    [Test]
    public async Task The_deadline_holds_while_the_watch_is_silent_and_the_message_says_what_was_seen_last()
    {
        _looks.Enqueue("Pending");
        _watches.Enqueue(async context =>
        {
            await Events(("MODIFIED", "Unknown"))(context);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        var wait = () => AwaitRunningAsync(TimeSpan.FromMilliseconds(300));

        (await wait.Should().ThrowAsync<TimeoutException>()).WithMessage("Waited 0.3 s for pod web to run; last seen: phase Unknown");
    }

    [Test]
    public async Task The_deadline_holds_where_every_watch_ends_at_once()
    {
        for (var i = 0; i < 10_000; i++)
        {
            _looks.Enqueue("Pending");
            _watches.Enqueue(Events());
        }

        var wait = () => AwaitRunningAsync(TimeSpan.FromMilliseconds(300));

        (await wait.Should().ThrowAsync<TimeoutException>()).WithMessage("*last seen: phase Pending");
        _asked.Count.Should().BeLessThan(20, "nobody is asked again without a pause");
    }

    private Task<JsonNode> AwaitRunningAsync() => AwaitRunningAsync(TimeSpan.FromSeconds(10));

    private Task<JsonNode> AwaitRunningAsync(TimeSpan deadline) => Watch.UntilAsync(_server.Api, Pods, "web", "pod web to run",
        p => (string?)p["status"]!["phase"] == "Running", p => $"phase {(string?)p["status"]!["phase"]}", deadline);

    private Task AnswerAsync(HttpContext context)
    {
        _asked.Add(context.Request.Path + context.Request.QueryString);
        if (context.Request.Query.ContainsKey("watch"))
            return _watches.Dequeue()(context);
        var phase = _looks.Dequeue();
        context.Response.StatusCode = phase is null ? 404 : 200;
        return context.Response.WriteAsync(phase is null ? """{"kind":"Status","reason":"NotFound","message":"no such pod"}""" : Pod(phase));
    }

    private static Func<HttpContext, Task> Events(params (string Type, string Phase)[] events) => async context =>
    {
        await context.Response.StartAsync();
        foreach (var (type, phase) in events)
            await context.Response.WriteAsync($$"""{"type":"{{type}}","object":{{Pod(phase)}}}""" + "\n");
        await context.Response.Body.FlushAsync();
    };

    private static string Pod(string phase) => $$$"""{"metadata":{"name":"web","resourceVersion":"7"},"status":{"phase":"{{{phase}}}"}}""";
}
