using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Tests;

/// <summary>A repair is checked: what a scenario made is gone or restored, or the scenario fails by name.</summary>
[TestFixture]
public sealed class CleanUpTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    [Test]
    public async Task What_stays_is_told_by_name_and_keeps_nothing_else_from_being_removed()
    {
        await using var server = await ServerAsync(["/things/a", "/things/refuses", "/things/stays", "/api/v1/namespaces/forbidden/pods"]);
        var done = new List<string>();
        var cleanUp = new ScenarioCleanUp(server.Server.Api) { Patience = Short };
        foreach (var name in (string[])["refuses", "stays", "a", "gone-already"])
            cleanUp.Remove($"/things/{name}");
        cleanUp.RemovePods("forbidden");
        cleanUp.Undo(() => throw new TimeoutException("the GPU stays broken", new HttpRequestException("no connection")));
        cleanUp.Undo(() => Task.Run(() => done.Add("undone")));

        var run = () => cleanUp.RunAsync(wait: true, () => throw new InvalidOperationException("the pods stay"), () => Task.Run(() => done.Add("first")));

        (await run.Should().ThrowAsync<LeftBehindException>()).Which.Message.Should().Match(
            "The scenario left something behind: the pods stay; *DELETE /things/refuses*500*; *DELETE /api/v1/namespaces/forbidden/pods*403*; the GPU stays broken Caused by: no connection; *for /things/stays to be gone*");
        done.Should().Equal("first", "undone");
        server.Things.Keys.Should().NotContain("/things/a");
    }

    [Test]
    public async Task Where_all_is_gone_nothing_is_told()
    {
        await using var server = await ServerAsync(["/things/a"]);
        var cleanUp = new ScenarioCleanUp(server.Server.Api) { Patience = Short };
        cleanUp.Remove("/things/a", "uid-a");
        cleanUp.RemovePods("gone-already");

        await cleanUp.RunAsync(wait: true);

        server.Things.Should().BeEmpty();
    }

    [Test]
    public async Task A_lease_that_somebody_else_has_taken_since_is_not_given_back()
    {
        await using var server = await FakeApiServer.StartAsync();
        var lease = await ClusterLease.TakeAsync(server.Api, "test", "run-a", Short);
        var taken = server.Leases.Should().ContainSingle().Which;
        taken.Value["spec"]!["holderIdentity"] = "run-b";

        await lease.DisposeAsync();

        server.Leases.Should().ContainKey(taken.Key);
    }

    [Test]
    public async Task A_lease_that_somebody_else_has_taken_since_is_not_renewed()
    {
        await using var server = await FakeApiServer.StartAsync();
        await using var lease = await ClusterLease.TakeAsync(server.Api, "test", "run-a", Short);
        var taken = server.Leases.Should().ContainSingle().Which.Value;
        taken["spec"]!["renewTime"] = "2026-01-01T00:00:00.000000Z";
        await lease.RenewOnceAsync();
        RenewTime().Should().NotStartWith("2026-01-01", "nobody else has it");
        server.Leases.Values.Single()["spec"]!["holderIdentity"] = "run-b";
        server.Leases.Values.Single()["spec"]!["renewTime"] = "2026-01-01T00:00:00.000000Z";

        await lease.RenewOnceAsync();

        RenewTime().Should().StartWith("2026-01-01");

        string RenewTime() => (string)server.Leases.Values.Single()["spec"]!["renewTime"]!;
    }

    [Test]
    public async Task A_lease_that_may_not_be_written_is_an_error_and_no_other_run()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Method == "GET" ? 404 : 403;
            return context.Response.WriteAsync("""{"kind": "Status", "reason": "Forbidden", "message": "leases are forbidden"}""");
        });

        var take = () => ClusterLease.TakeAsync(server.Api, "test", "run-a", Short);

        (await take.Should().ThrowAsync<KubeApiException>()).Which.Message.Should().Contain("403 Forbidden: leases are forbidden");
    }

    [Test]
    public async Task A_scratch_namespace_can_be_had_again_while_the_first_is_still_on_its_way_out()
    {
        var there = new ConcurrentDictionary<string, bool>();
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            if (context.Request.Method == "POST")
                context.Response.StatusCode = there.TryAdd((string)(await JsonNode.ParseAsync(context.Request.Body))!["metadata"]!["name"]!, true) ? 201 : 409;
            await context.Response.WriteAsync("""{"metadata": {"uid": "uid-a"}}""");
        });

        await using (await ScratchNamespace.CreateAsync(server.Api, "run-a", "canary")) { }
        await using (await ScratchNamespace.CreateAsync(server.Api, "run-a", "canary")) { }

        there.Should().HaveCount(2);
    }

    [TestCase(1, 30, true, TestName = "A lease that has run out by the API server's clock is free though it does not look so by a clock that is behind")]
    [TestCase(-1, 0, false, TestName = "A lease that is fresh by the API server's clock is held though it does not look so by a clock that is ahead")]
    public async Task Leases_go_by_the_API_servers_clock(int hoursAhead, int secondsAgo, bool isFree)
    {
        await using var server = await FakeApiServer.StartAsync(TimeSpan.FromHours(hoursAhead));
        await using (await ClusterLease.TakeAsync(server.Api, "test", "run-a", Short))
        {
            var renewed = server.Leases.Should().ContainSingle().Which.Value["spec"]!;
            var now = DateTimeOffset.UtcNow.AddHours(hoursAhead);
            DateTimeOffset.Parse((string)renewed["renewTime"]!, CultureInfo.InvariantCulture).Should().BeCloseTo(now, TimeSpan.FromSeconds(5));
            renewed["renewTime"] = KubeTime.Micros(now.AddSeconds(-secondsAgo).UtcDateTime);

            var take = async () => (await ClusterLease.TakeAsync(server.Api, "test", "run-b", Short)).DisposeAsync();

            if (isFree)
                await take.Should().NotThrowAsync();
            else
                await take.Should().ThrowAsync<TimeoutException>().WithMessage("*held by run run-a");
        }
    }

    private static async Task<FakeThings> ServerAsync(string[] things)
    {
        var there = new ConcurrentDictionary<string, bool>(things.Select(t => KeyValuePair.Create(t, true)));
        return new(await LoopbackServer.StartAsync(context => AnswerAsync(context, there)), there);
    }

    private static Task AnswerAsync(HttpContext context, ConcurrentDictionary<string, bool> there)
    {
        var path = context.Request.Path.Value!;
        context.Response.StatusCode = !there.ContainsKey(path) ? 404 : context.Request.Method == "GET" ? 200 : Delete(path, there);
        return context.Response.WriteAsync("""{"metadata": {"uid": "uid-a"}}""");
    }

    private static int Delete(string path, ConcurrentDictionary<string, bool> there)
    {
        if (path.Contains("forbidden", StringComparison.Ordinal))
            return 403;
        if (path.Contains("refuses", StringComparison.Ordinal))
            return 500;
        if (!path.Contains("stays", StringComparison.Ordinal))
            there.TryRemove(path, out _);
        return 200;
    }

    private sealed record FakeThings(LoopbackServer Server, ConcurrentDictionary<string, bool> Things) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
