using SecuritySpecs.Cluster.Images;
using SecuritySpecs.Fleet;
using SecuritySpecs.OfflineCluster.Tests;

namespace SecuritySpecs.Tests;

/// <summary>
/// Several runs on one cluster that stays: a server and an agent of the offline image, kept, and used through its kubeconfig.
/// </summary>
[TestFixture]
public sealed class SharedClusterTests : IDisposable
{
    private const string CacheVariable = "XDG_CACHE_HOME";
    private readonly string? _cache = Environment.GetEnvironmentVariable(CacheVariable);
    private string _folder = "";
    private RunOptions _options = null!;
    private KubeApi _admin = null!;

    [OneTimeSetUp]
    public async Task StartCluster()
    {
        var (image, _) = await OfflineImage.RequireAsync();
        _options = await new RunImages(Options(RunOptions.K3s) with { K3sImage = image, Keep = true }, TestContext.Progress.WriteLine).PrepareAsync();
        _folder = Directory.CreateTempSubdirectory("specs-shared-").FullName;
        Environment.SetEnvironmentVariable(CacheVariable, _folder); // where the kept cluster is remembered
        var cluster = await K3sCluster.StartAsync(_options, ["shared-1", "shared-2"]);
        _admin = new(cluster.Admin, "platform admin");
        _options = _options with { Cluster = Path.Combine(RunOptions.CacheFolder, "kept", cluster.KeptId + ".kubeconfig"), Keep = false };
    }

    [OneTimeTearDown]
    public async Task RemoveCluster()
    {
        if (_folder.Length == 0)
            return;
        (await KeptCluster.RemoveAllAsync()).Should().Be(2, "server and agent were kept");
        Directory.Delete(_folder, recursive: true);
        Environment.SetEnvironmentVariable(CacheVariable, _cache);
    }

    [Test]
    public async Task Two_runs_at_once_have_a_fleet_each_and_leave_the_cluster_as_it_was()
    {
        var before = await ObjectsAsync();

        var platforms = await Task.WhenAll(Platform.StartAsync(Run("run-a"), TestContext.Progress.WriteLine), Platform.StartAsync(Run("run-b"), TestContext.Progress.WriteLine));
        platforms.Select(p => p.Fleet.Gpus).Should().Equal(32, 32);
        var shared = await Task.WhenAll(platforms.Select(p => p.SharedGpuAsync()));
        shared.Select(g => g.Uuid).Distinct().Should().ContainSingle("both deployed the same one").Which.Should().StartWith("GPU-");
        await platforms[0].DisposeAsync();

        var left = await _admin.GetAsync("/api/v1/nodes?labelSelector=security.specs/run");
        left.Body!["items"]!.AsArray().Select(n => (string)n!["metadata"]!["labels"]!["security.specs/run"]!).Should().HaveCount(4).And.OnlyContain(run => run == "run-b");
        (await platforms[1].Fleet.AllocatableAsync(platforms[1].Fleet.NodeUnderTest)).Should().Be(8, "the device plugin serves the run that goes on");
        await shared[1].AwaitIdleAsync(); // the shared GPU serves it too

        await platforms[1].DisposeAsync();
        // A kubelet of 1.20 takes its time over pods that end: 10 s as a rule, and over a minute was seen on a machine with much else to do.
        await Poll.UntilAsync("the cluster to be as it was", async () => (Objects: await ObjectsAsync(), Pods: await FleetPodsAsync()),
            s => s.Objects.SequenceEqual(before), s => $"{string.Join(", ", s.Objects.Except(before))}, with the pods {s.Pods}", TimeSpan.FromMinutes(3));
    }

    [Test]
    public async Task What_a_killed_run_left_is_removed_by_the_next()
    {
        (await _admin.PostAsync("/api/v1/namespaces", Labelled("Namespace", "dead-namespace"))).OrThrow();
        (await _admin.PostAsync("/apis/rbac.authorization.k8s.io/v1/clusterroles", Labelled("ClusterRole", "dead-role"))).OrThrow();

        await using (await Platform.StartAsync(Run("run-c"), TestContext.Progress.WriteLine))
        {
            (await _admin.GetAsync("/apis/rbac.authorization.k8s.io/v1/clusterroles/dead-role")).Code.Should().Be(404);
            await Poll.UntilAsync("the dead run's namespace to be gone", () => _admin.GetUnrecordedAsync("/api/v1/namespaces/dead-namespace"), a => a.Code == 404, a => a.ToString());
        }
    }

    public void Dispose() => _admin?.Dispose();

    // An id of its own each time: a test process that was killed leaves a network of that name.
    private static RunOptions Options(string cluster) => new(RunOptions.NewRunId(), cluster, "", null, null, false, false, false, "", [], RunOptions.FindRoot());

    private RunOptions Run(string id) => _options with { RunId = id };

    // Whatever a run might leave: cluster-scoped things of its kinds, labels of nodes, leases.
    private async Task<IReadOnlyList<string>> ObjectsAsync()
    {
        var paths = (string[])["/api/v1/namespaces", "/api/v1/nodes", "/apis/rbac.authorization.k8s.io/v1/clusterroles",
            "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases",
            "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"];
        var lists = await Task.WhenAll(paths.Select(_admin.GetUnrecordedAsync));
        return [.. lists.SelectMany(l => l.OrThrow().Body!["items"]!.AsArray())
            .Select(i => i!["metadata"]!).Select(m => $"{(string)m["name"]!} {string.Join(' ', Keys(m["labels"]).Concat(Keys(m["annotations"]).Where(a => a.StartsWith("hami.io/", StringComparison.Ordinal))))}").Order(StringComparer.Ordinal)];
    }

    private async Task<string> FleetPodsAsync() => string.Join(", ", (await _admin.GetUnrecordedAsync($"/api/v1/namespaces/{GpuFleet.Namespace}/pods")).OrThrow().Items
        .Select(p => $"{(string)p!["metadata"]!["name"]!} since {(string?)p["metadata"]!["deletionTimestamp"]} {p["status"]?["containerStatuses"]?.ToJsonString()}"));

    private static IEnumerable<string> Keys(JsonNode? map) => map?.AsObject().Select(l => l.Key) ?? [];

    private static JsonObject Labelled(string kind, string name) => new()
    {
        ["apiVersion"] = kind == "Namespace" ? "v1" : "rbac.authorization.k8s.io/v1", ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { [RunLabels.Run] = "deadrun0" } },
    };
}
