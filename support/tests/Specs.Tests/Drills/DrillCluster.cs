using SecuritySpecs.Cluster;
using SecuritySpecs.Cluster.Images;
using SecuritySpecs.Kube;

namespace Specs.Tests.Drills;

/// <summary>A cluster of the drills' own, which they break and mend while a run works on it as on somebody's cluster.</summary>
internal sealed class DrillCluster : IAsyncDisposable
{
    private const string Accounts = "/api/v1/namespaces/kube-system/serviceaccounts";
    private readonly ICluster _cluster;
    private readonly string _container;
    private readonly string _folder;
    private ClusterLease? _alive;

    private DrillCluster(ICluster cluster, string container, string folder, string fleetImage)
    {
        (_cluster, _container, _folder, FleetImage) = (cluster, container, folder, fleetImage);
        Admin = new(cluster.Admin, "drill");
    }

    /// <summary>The account whose token <see cref="KubeconfigWithTokenAsync"/> hands out.</summary>
    public const string TokenAccount = $"{Accounts}/drill";

    /// <summary>The administrator.</summary>
    public KubeApi Admin { get; }

    /// <summary>The fleet's image as its node knows it.</summary>
    public string FleetImage { get; }

    /// <summary>Starts one; its files go to a folder.</summary>
    public static async Task<DrillCluster> StartAsync(string folder)
    {
        var id = RunOptions.NewRunId();
        var asked = RunOptions.FromEnvironment() with { RunId = id, Cluster = RunOptions.K3s, Keep = false, Results = folder };
        var options = await new RunImages(asked, TestContext.Progress.WriteLine).PrepareAsync();
        var cluster = await K3sCluster.StartAsync(options, ["drill"]);
        var drills = new DrillCluster(cluster, Containers.OfRun(id).Single(), folder, options.FleetImage!);
        // As another run would, so that what runs share stays from one drill to the next.
        drills._alive = await ClusterLease.TakeAliveAsync(drills.Admin, id);
        return drills;
    }

    /// <summary>Leaves the cluster to the runs: what they share goes with the next that ends.</summary>
    public async Task LeaveAsync()
    {
        if (_alive is not null)
            await _alive.DisposeAsync();
        _alive = null;
    }

    /// <summary>A command in the cluster's container.</summary>
    public Outcome Exec(string script) => Command.Run("docker", new Dictionary<string, string?>(), "exec", _container, "sh", "-c", script);

    /// <summary>Signals a component that is a process of its own; k3s has them all in one, so there a test is skipped.</summary>
    public void Signal(string signal, string component)
    {
        if (Exec($"pidof {component}").ExitCode != 0)
            Assert.Ignore($"Needs a cluster with {component} as a process of its own.");
        var outcome = Exec($"kill -{signal} $(pidof {component})");
        outcome.ExitCode.Should().Be(0, outcome.Errors);
    }

    /// <summary>A kubeconfig of the administrator.</summary>
    public string Kubeconfig()
    {
        var text = Exec("cat /etc/rancher/k3s/k3s.yaml").Output;
        return Write("admin.yaml", Regex.Replace(text, @"(?<=server: )\S+", _cluster.Admin.Host));
    }

    /// <summary>A kubeconfig with the token of <see cref="TokenAccount"/>, an administrator.</summary>
    /// <remarks>
    /// The API server hands out no token for less than ten minutes, so a drill ends one by deleting its account. Both are answered with
    /// the same 401 Unauthorized, which does not say why.
    /// </remarks>
    public async Task<string> KubeconfigWithTokenAsync()
    {
        var name = TokenAccount.Split('/')[^1];
        (await Admin.PostAsync(Accounts, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } })).OrThrow();
        (await Admin.PostAsync("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = "cluster-admin" },
            ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = name, ["namespace"] = "kube-system" }),
        })).OrThrow();
        var token = (string)(await Admin.PostAsync($"{TokenAccount}/token", new JsonObject { ["spec"] = new JsonObject() })).OrThrow().Body!["status"]!["token"]!;
        var authority = Regex.Match(File.ReadAllText(Kubeconfig()), @"certificate-authority-data: (\S+)").Groups[1].Value;
        return Write("token.yaml", $$$"""
            apiVersion: v1
            kind: Config
            current-context: drill
            clusters: [{name: drill, cluster: {server: "{{{_cluster.Admin.Host}}}", certificate-authority-data: {{{authority}}} }}]
            users: [{name: drill, user: {token: {{{token}}} }}]
            contexts: [{name: drill, context: {cluster: drill, user: drill}}]
            """);
    }

    /// <summary>What runs have left in the cluster: objects with their label that are not on their way out.</summary>
    public async Task<IReadOnlyList<string>> LeftoversAsync()
    {
        var found = new List<string>();
        foreach (var collection in await new ApiResources(Admin).ClusterScopedCollectionsAsync())
        {
            var list = await Admin.GetUnrecordedAsync($"{collection}?labelSelector={Uri.EscapeDataString(RunLabels.Run)}");
            found.AddRange(list.Items.Where(i => i!["metadata"]!["deletionTimestamp"] is null).Select(i => $"{collection}/{(string)i!["metadata"]!["name"]!}"));
        }

        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        Admin.Dispose();
        await _cluster.DisposeAsync();
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        file.Write(Encoding.UTF8.GetBytes(text));
        return path;
    }
}
