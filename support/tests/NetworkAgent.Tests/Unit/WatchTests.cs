using System.Collections.Concurrent;
using SecuritySpecs.NetworkAgent.Watch;
using Shell = SecuritySpecs.OfflineCluster.Tests.Shell;

namespace SecuritySpecs.NetworkAgent.Tests.Unit;

/// <summary>A watch against an API server that says what a test wants it to say, request by request, and then nothing.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class WatchTests : IDisposable
{
    private const string Path = "/api/v1/namespaces";
    private readonly CancellationTokenSource end = new();
    private readonly Script script = new();
    private readonly ApiClient api;
    private readonly Store<Space> store = new(() => { });

    public WatchTests() => api = new ApiClient(script);

    public void Dispose()
    {
        end.Cancel();
        end.Dispose();
        api.Dispose();
        script.Dispose();
    }

    [Test]
    public async Task It_lists_once_and_goes_on_from_where_it_was_whenever_the_server_ends_a_watch()
    {
        script.Say(List("10", "a"));
        script.Say(Event("ADDED", "b", "11") + Event("MODIFIED", "a", "12"));
        script.Say(Event("BOOKMARK", "", "20"));
        script.Say(Event("DELETED", "a", "21"));
        await RunUntil(5);

        store.Items.Select(n => n.Name).Should().BeEquivalentTo("b");
        script.Asked.Should().Equal("list", "watch 10", "watch 12", "watch 20", "watch 21");
    }

    [Test]
    public async Task It_lists_anew_when_the_server_no_longer_knows_that_moment()
    {
        script.Say(List("10", "a", "gone"));
        script.Say("""{"message": "too old"}""", HttpStatusCode.Gone);
        script.Say(List("30", "a", "b"));
        script.Say("""{"type": "ERROR", "object": {"kind": "Status", "code": 410, "message": "too old resource version"}}""" + "\n");
        script.Say(List("40", "c"));
        await RunUntil(6);

        store.Items.Select(n => n.Name).Should().BeEquivalentTo("c");
        script.Asked.Should().Equal("list", "watch 10", "list", "watch 30", "list", "watch 40");
    }

    [Test]
    public async Task It_outlives_a_server_that_is_gone_answers_nonsense_or_refuses()
    {
        script.Fail();
        script.Say("""{"message": "not yet"}""", HttpStatusCode.Forbidden);
        script.Say(List("10", "a"));
        script.Fail();
        script.Say("{\"type\": \"ADD");
        script.Say("""{"message": "busy"}""", HttpStatusCode.TooManyRequests);
        script.Say(Event("ADDED", "b", "11"));
        await RunUntil(8);

        store.Items.Select(n => n.Name).Should().BeEquivalentTo("a", "b");
        script.Asked.Skip(3).Should().Equal("watch 10", "watch 10", "watch 10", "watch 10", "watch 11");
    }

    private async Task RunUntil(int requests)
    {
        _ = new ResourceWatch<Space>(api, Path, ObjectReader.Namespace, store).RunAsync(end.Token);
        await Shell.Await($"{requests} requests", () => Task.FromResult(script.Asked.Count >= requests ? "" : null), () => Task.FromResult(string.Join(", ", script.Asked)));
    }

    private static string List(string version, params string[] names) =>
        $$"""{"metadata": {"resourceVersion": "{{version}}"}, "items": [{{string.Join(", ", names.Select(n => $$"""{"metadata": {"name": "{{n}}"} }"""))}}]}""";

    private static string Event(string type, string name, string version) =>
        $$"""{"type": "{{type}}", "object": {"metadata": {"name": "{{name}}", "resourceVersion": "{{version}}"} } }""" + "\n";

    private sealed class Script : HttpMessageHandler
    {
        private readonly ConcurrentQueue<(HttpStatusCode Code, string? Body)> answers = new();

        public ConcurrentQueue<string> Asked { get; } = new();

        public void Say(string body, HttpStatusCode code = HttpStatusCode.OK) => answers.Enqueue((code, body));

        public void Fail() => answers.Enqueue((default, null));

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var query = System.Web.HttpUtility.ParseQueryString(request.RequestUri!.Query);
            Asked.Enqueue(query["watch"] is null ? "list" : $"watch {query["resourceVersion"]}");
            if (!answers.TryDequeue(out var answer)) await Task.Delay(Timeout.Infinite, cancellationToken);
            return answer.Body is null
                ? throw new HttpRequestException("connection refused")
                : new HttpResponseMessage(answer.Code) { Content = new StringContent(answer.Body, Encoding.UTF8, "application/json") };
        }
    }
}
