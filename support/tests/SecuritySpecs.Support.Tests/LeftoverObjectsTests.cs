using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using SecuritySpecs.Cluster.Images;

namespace SecuritySpecs.Tests;

/// <summary>What a run that was interrupted leaves on a cluster that stays.</summary>
[TestFixture]
public sealed class LeftoverObjectsTests
{
    private const string Leases = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
    private readonly ConcurrentDictionary<string, JsonObject> _objects = new();
    private readonly ConcurrentBag<string> _forced = [];

    [SetUp]
    public void Fill()
    {
        _objects.Clear();
        _forced.Clear();
        foreach (var run in (string[])["ended", "lives"])
        {
            Add($"/api/v1/nodes/h100-1-{run}", run);
            Add($"/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/h100-1-{run}", null);
            Add($"/api/v1/namespaces/blue-{run}", run);
            Add($"/api/v1/namespaces/blue-{run}/pods/job", null)["spec"] = new JsonObject { ["nodeName"] = $"h100-1-{run}" };
            Add($"{Leases}/security-specs-run-{run}", run, holder: run)["metadata"]!["labels"]!["security.specs/alive"] = "true";
        }

        Add("/api/v1/namespaces/kube-system", null);
        Add("/api/v1/nodes/real-1", null);
        Add($"{Leases}/security-specs-gpus", "ended", holder: "ended");
        Add($"{Leases}/security-specs-lifecycle", "ended", holder: "ended");
    }

    [Test]
    public async Task All_of_an_ended_run_goes_and_nothing_of_another()
    {
        await using var server = await LoopbackServer.StartAsync(AnswerAsync);

        var removed = await Leftovers.RemoveObjectsAsync(server.Api, "ended", shared: false);

        removed.Removed.Should().BeEquivalentTo("nodes/h100-1-ended", "namespaces/blue-ended");
        _objects.Keys.Where(k => k.Contains("ended", StringComparison.Ordinal)).Should().BeEmpty("nodes, their leases, and pods on them, which nobody would ever stop, are the run's, too");
        _forced.Should().Equal("/api/v1/namespaces/blue-ended/pods/job");
        _objects.Keys.Should().Contain([$"{Leases}/security-specs-lifecycle", "/api/v1/nodes/real-1", "/api/v1/namespaces/kube-system"]).And.NotContain($"{Leases}/security-specs-gpus");
        _objects.Keys.Count(k => k.Contains("lives", StringComparison.Ordinal)).Should().Be(5);
    }

    [Test]
    public async Task A_dry_run_tells_the_same_and_removes_nothing()
    {
        await using var server = await LoopbackServer.StartAsync(AnswerAsync);
        var before = _objects.Keys.ToList();

        var told = await Leftovers.RemoveObjectsAsync(server.Api, "ended", shared: true, dryRun: true);

        told.Removed.Should().BeEquivalentTo("nodes/h100-1-ended", "namespaces/blue-ended");
        told.Stayed.Should().BeEmpty();
        _objects.Keys.Should().BeEquivalentTo(before);
    }

    [Test]
    [Platform("Linux")]
    public async Task The_process_that_writes_the_report_is_asked_to_end_before_that_which_would_take_it_along()
    {
        using var cancel = new CancellationTokenSource();
        var heard = new ConcurrentQueue<string>();
        int? writer = null;
        // As the runner does: the parent's end is the child's.
        const string Script = """
            sh -c 'trap "sleep 0.3; echo written; exit" TERM; echo writer $$; while :; do sleep 0.05; done' & child=$!
            trap 'kill -KILL $child; exit' TERM
            while :; do sleep 0.05; done
            """;
        var run = ChildProcess.RunAsync(new ProcessStartInfo("sh", ["-c", Script]), line =>
        {
            heard.Enqueue(line.Split(' ')[0]);
            if (!line.StartsWith("writer ", StringComparison.Ordinal))
                return;
            writer = int.Parse(line["writer ".Length..], CultureInfo.InvariantCulture);
            cancel.CancelAfter(1);
        }, _ => { }, cancel.Token, askFirst: () => writer);

        await run.Invoking(async r => await r).Should().ThrowAsync<OperationCanceledException>();
        heard.Should().Equal("writer", "written");
    }

    private JsonObject Add(string path, string? run, string? holder = null)
    {
        var metadata = new JsonObject { ["name"] = path.Split('/')[^1], ["labels"] = run is null ? [] : new JsonObject { [RunLabels.Run] = run } };
        if (path.Contains("/pods/", StringComparison.Ordinal))
            metadata["namespace"] = path.Split('/')[^3];
        var added = _objects[path] = new JsonObject { ["metadata"] = metadata };
        if (holder is not null)
            added["spec"] = new JsonObject { ["holderIdentity"] = holder, ["renewTime"] = KubeTime.Micros(DateTime.UtcNow) };
        return added;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var body = context.Request.ContentLength > 0 ? await JsonNode.ParseAsync(context.Request.Body) : null;
        if (context.Request.Method == "DELETE" && (int?)body?["gracePeriodSeconds"] == 0)
            _forced.Add(path);
        // A namespace takes along what is in it.
        var gone = context.Request.Method == "DELETE" ? _objects.Keys.Where(k => k == path || k.StartsWith(path + "/", StringComparison.Ordinal)).ToList() : [];
        gone.ForEach(k => _objects.TryRemove(k, out _));
        JsonNode? answer = path switch
        {
            "/api/v1" => Resources("nodes", "namespaces"),
            "/apis" => new JsonObject { ["groups"] = new JsonArray() },
            _ when context.Request.Method == "GET" && context.Request.Query.Count == 0 => _objects.GetValueOrDefault(path)?.DeepClone(),
            _ when context.Request.Method == "GET" => new JsonObject { ["items"] = List(path, context.Request.Query["labelSelector"], context.Request.Query["fieldSelector"]) },
            _ => gone.Count > 0 ? new JsonObject() : null,
        };
        context.Response.StatusCode = answer is null ? 404 : 200;
        await context.Response.WriteAsync((answer ?? new JsonObject { ["kind"] = "Status" }).ToJsonString());
    }

    private static JsonObject Resources(params string[] names) => new()
    {
        ["resources"] = new JsonArray([.. names.Select(n => new JsonObject { ["name"] = n, ["namespaced"] = false, ["verbs"] = new JsonArray("list", "delete") })]),
    };

    private JsonArray List(string collection, string? label, string? field) => new([.. _objects
        .Where(o => collection == "/api/v1/pods" ? o.Key.Contains("/pods/", StringComparison.Ordinal) : o.Key[..o.Key.LastIndexOf('/')] == collection)
        .Where(o => string.IsNullOrEmpty(label) || o.Value["metadata"]!["labels"]![label] is not null)
        .Where(o => string.IsNullOrEmpty(field) || (string?)o.Value["spec"]?["nodeName"] == field.Split('=')[1])
        .Select(o => o.Value.DeepClone())]);
}
