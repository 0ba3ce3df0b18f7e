using System.Collections.Concurrent;
using k8s;
using SecuritySpecs.Cluster.ControlPlane;
using SecuritySpecs.Cluster.Images;
using SecuritySpecs.Evidence;
using SecuritySpecs.Fleet;
using SecuritySpecs.Models;

namespace SecuritySpecs.Cluster;

/// <summary>The platform under test for one run: a cluster, the GPU fleet on it, and what they can do.</summary>
public sealed class Platform : IAsyncDisposable
{
    private readonly ClusterLease _alive;
    private readonly int _nodes;
    private readonly Lazy<Task<KubeApi>> _stranger;
    private readonly Lazy<Task<SharedGpu>> _sharedGpu;
    private readonly Lazy<Task<Telemetry>> _telemetry;
    private readonly Lazy<Task<ModelHub>> _modelHub;
    private readonly Capabilities _capabilities;
    private readonly PlatformHealth _health;

    private Platform(RunOptions options, ICluster cluster, KubeApi admin, GpuFleet fleet, ClusterLease alive, string version, int nodes)
    {
        options = options with { Required = ExpectedCapabilities.Resolve(options.Required, version) };
        (Options, Cluster, Admin, Fleet, _alive, Version, _nodes) = (options, cluster, admin, fleet, alive, version, nodes);
        Resources = new(admin);
        _stranger = new(async () => new(await LoginAsync((await ScratchNamespace.CreateAsync(admin, options.RunId, "stranger")).Name, "default"), "stranger"));
        _health = new(admin, fleet, cluster.ServerId);
        _sharedGpu = new(() => SharedGpu.DeployAsync(admin, options.Manifests, fleet, fleet.SharedCard!));
        _telemetry = new(async () =>
        {
            var telemetry = await Telemetry.DeployAsync(admin, options, fleet);
            Redactor.Add(telemetry.Token);
            return telemetry;
        });
        _modelHub = new(() => ModelHub.DeployAsync(admin, options.Manifests, fleet.NodeUnderTestOrAny));
        if (cluster.ServerId is { } server)
            (AuditLog, Datastore, SigningKey) = (new(admin, server), new(server), new(server));
        Kubectl = new(cluster, options);
        var detector = new CapabilityDetector(admin, options, fleet, AuditLog, Datastore);
        _capabilities = new(detector, cluster.KeptId, new()
        {
            [CapabilityDetector.SharedGpu] = () => detector.SharedGpuAsync(SharedGpuAsync),
            [CapabilityDetector.OutsideWorld] = () => detector.OutsideWorldAsync(() => OutsideWorld.DeployAsync(admin, options.Manifests, fleet)),
            [CapabilityDetector.Prometheus] = () => detector.PrometheusAsync(TelemetryAsync),
            [CapabilityDetector.NodePort] = detector.NodePortAsync,
            [CapabilityDetector.KubectlTool] = Kubectl.DetectAsync,
            [CapabilityDetector.Components] = Kubectl.DetectComponentsAsync,
        });
    }

    /// <summary>What the run was asked to do, with the fleet image filled in.</summary>
    public RunOptions Options { get; }

    /// <summary>The cluster.</summary>
    public ICluster Cluster { get; }

    /// <summary>The cluster admin; leaves no evidence unless told to (<see cref="KubeApi.RecordingTo"/>).</summary>
    public KubeApi Admin { get; }

    /// <summary>The API server's audit log; null where somebody else runs the cluster.</summary>
    public AuditLog? AuditLog { get; }

    /// <summary>The files of the datastore; null where somebody else runs the cluster.</summary>
    public Datastore? Datastore { get; }

    /// <summary>The key of the tokens of ServiceAccounts; null where somebody else runs the cluster.</summary>
    public SigningKey? SigningKey { get; }

    /// <summary>kubectl, for queries as a person makes them.</summary>
    public Kubectl Kubectl { get; }

    /// <summary>Where objects live on the API server.</summary>
    public ApiResources Resources { get; }

    /// <summary>The API server's version.</summary>
    public string Version { get; }

    /// <summary>The GPU fleet.</summary>
    public GpuFleet Fleet { get; }

    /// <summary>Knows every credential and Secret value of the run.</summary>
    public Redactor Redactor { get; } = new();

    /// <summary>From the start to an answering cluster, in milliseconds.</summary>
    public double ClusterReadyMs { get; private init; }

    /// <summary>From the start to the whole fleet allocatable, in milliseconds.</summary>
    public double FleetReadyMs { get; private init; }

    /// <summary>The scenarios that have ended: from then on what is labelled as theirs is a leftover, to be found like any other.</summary>
    public ConcurrentDictionary<string, bool> EndedScenarios { get; } = new();

    /// <summary>What scenarios await of the reference configuration.</summary>
    public RepeatedWaits Waits { get; } = new();

    /// <summary>Brings up everything that scenarios stand on.</summary>
    /// <param name="options">What the run was asked to do.</param>
    /// <param name="tell">Takes each step of preparing images.</param>
    /// <exception cref="EnvironmentException">Something that is no control is at fault; the message says what to do.</exception>
    public static async Task<Platform> StartAsync(RunOptions options, Action<string> tell)
    {
        var file = FleetFile.Read(Path.Combine(options.Fixtures, "fleet.yaml")) with { Profile = options.Profile };
        options = await new RunImages(options, tell).PrepareAsync();
        var clock = Stopwatch.StartNew();
        await Leftovers.RemoveContainersAsync();
        var cluster = await OpenAsync(options, file);
        var admin = new KubeApi(cluster.Admin, "cluster admin");
        try
        {
            var version = await VersionAsync(admin, cluster);
            var ready = clock.Elapsed.TotalMilliseconds;
            var alive = await EnterAsync(admin, options);
            var fleet = await GpuFleet.DeployAsync(admin, options.Manifests, file, () => Leftovers.RemoveObjectsAsync(admin, run: null, shared: false));
            var nodes = (await admin.GetUnrecordedAsync("/api/v1/nodes")).OrThrow().Items.Count;
            return new(options, cluster, admin, fleet, alive, version, nodes) { ClusterReadyMs = ready, FleetReadyMs = clock.Elapsed.TotalMilliseconds };
        }
        catch (Exception e)
        {
            var left = await TidyAsync(cluster, admin, options);
            throw new EnvironmentException($"{(e is EnvironmentException ? "" : "The platform could not be prepared: ")}{e.Message}{left}", e);
        }
    }

    /// <summary>What the cluster can do; detected once, while the first scenarios already run, and again at the end.</summary>
    public Task<CapabilityInfo> CapabilityAsync(string name) => _capabilities.AskAsync(name);

    /// <summary>What went in the middle of the run, after a scenario has failed: then no further one can be judged.</summary>
    /// <returns>A sentence; null where nothing went.</returns>
    public Task<string?> ProblemAsync() => _health.ProblemAsync();

    /// <summary>
    /// What went in the middle of the run, at its end: then its greens prove nothing. What the scenarios relied on is tried once more,
    /// for an enforcer that stops does not say so.
    /// </summary>
    /// <returns>A sentence each; none where the platform is what it was.</returns>
    public async Task<IReadOnlyList<string>> ProblemsAtTheEndAsync() =>
        await _health.ProblemAtTheEndAsync() is { } problem ? [problem] : await _capabilities.LostAsync(_health.Patience);

    /// <summary>The GPU that tenants share, deployed by whoever asks first. Ask for <see cref="CapabilityDetector.SharedGpu"/> before.</summary>
    public Task<SharedGpu> SharedGpuAsync() => _sharedGpu.Value;

    /// <summary>The fleet's telemetry, deployed by whoever asks first. Ask for <see cref="CapabilityDetector.Prometheus"/> before.</summary>
    public Task<Telemetry> TelemetryAsync() => _telemetry.Value;

    /// <summary>The run's registry of models, deployed by whoever asks first; for scenarios that need an image of workloads.</summary>
    public Task<ModelHub> ModelHubAsync() => _modelHub.Value;

    /// <summary>The cluster for the report.</summary>
    /// <returns>What it can do as far as that is known, and what could not be found out, a sentence each: then the run is in error.</returns>
    public async Task<(ClusterInfo Cluster, IReadOnlyList<string> Undetermined)> DescribeAsync()
    {
        var (known, undetermined) = await _capabilities.DescribeAsync(Options.Required);
        return (new(Cluster.Source, Cluster.Name, Version, _nodes, known), undetermined);
    }

    /// <summary>Access with a ServiceAccount's own short-lived token, which no report will hold.</summary>
    public async Task<KubernetesClientConfiguration> LoginAsync(string @namespace, string serviceAccount)
    {
        var path = $"/api/v1/namespaces/{@namespace}/serviceaccounts/{serviceAccount}/token";
        var answer = await Poll.UntilAsync($"ServiceAccount {@namespace}/{serviceAccount} to be there", () => Admin.PostAsync(path, new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenRequest", ["spec"] = new JsonObject { ["expirationSeconds"] = 3600 },
        }), a => a.Code != 404, a => a.ToString());
        var token = (string)answer.OrThrow().Body!["status"]!["token"]!;
        return AccessBy(token);
    }

    /// <summary>Access with a token, which no report will hold.</summary>
    public KubernetesClientConfiguration AccessBy(string token)
    {
        Redactor.Add(token);
        var access = AccessOfNobody();
        access.AccessToken = token;
        return access;
    }

    /// <summary>Access with a client certificate, whose key no report will hold; both PEM.</summary>
    public KubernetesClientConfiguration AccessBy(string certificate, string key)
    {
        Redactor.Add(key);
        var access = AccessOfNobody();
        access.ClientCertificateData = Base64(certificate);
        access.ClientCertificateKeyData = Base64(key);
        return access;
    }

    /// <summary>An account to which nobody has given anything: its rights are those that every account of the cluster has.</summary>
    public Task<KubeApi> StrangerAsync() => _stranger.Value;

    /// <summary>Removes everything that the run put into a cluster that stays; ends the run's own cluster.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!Cluster.EndsWithRun)
                await LeaveAsync();
        }
        finally
        {
            await Cluster.DisposeAsync();
            Admin.Dispose();
            if (_sharedGpu.IsValueCreated && _sharedGpu.Value.IsCompletedSuccessfully)
                (await _sharedGpu.Value).Dispose();
        }
    }

    private async Task LeaveAsync()
    {
        try
        {
            await Fleet.DisposeAsync();
        }
        finally
        {
            await using var lifecycle = await ClusterLease.TakeLifecycleAsync(Admin, Options.RunId);
            await _alive.DisposeAsync();
            // A kept cluster keeps its device plugin for the next run.
            (await Leftovers.RemoveObjectsAsync(Admin, Options.RunId, shared: Cluster is ExistingCluster)).OrThrow();
            // Where a kubelet has stopped that would take for ever.
            if (Cluster is ExistingCluster && !_health.IsBroken)
                await Leftovers.AwaitNamespacesAsync(Admin, Options.RunId);
        }
    }

    private KubernetesClientConfiguration AccessOfNobody()
    {
        var admin = Cluster.Admin;
        return new() { Host = admin.Host, SslCaCerts = admin.SslCaCerts, SkipTlsVerify = admin.SkipTlsVerify, TlsServerName = admin.TlsServerName };
    }

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    private static async Task<ICluster> OpenAsync(RunOptions options, FleetFile file)
    {
        if (options.Cluster != RunOptions.K3s)
            return ExistingCluster.FromKubeconfig(options.Cluster);
        var kept = options.Reuse ? await KeptCluster.FindAsync(KeptCluster.Recipe(options)) : null;
        return kept as ICluster ?? await K3sCluster.StartAsync(options, [.. file.RealNodes.Select(n => n.Name)]);
    }

    /// <summary>The version of an API server that the given access may administer.</summary>
    /// <exception cref="EnvironmentException">It does not answer, or the access is not an administrator's.</exception>
    public static async Task<string> VersionAsync(KubeApi admin, ICluster cluster)
    {
        try
        {
            var answer = await admin.GetUnrecordedAsync("/version");
            if (((answer.Body as JsonObject)?["gitVersion"] as JsonValue)?.TryGetValue(out string? version) != true || version is null)
            {
                throw answer is { Allowed: false, Reason: not null } ? (Exception)new KubeApiException(answer) : new EnvironmentException(
                    $"{cluster.Admin.Host} answers, but not as a Kubernetes API server does: {answer.Method} {answer.Path} -> {answer.Code}: "
                    + $"{OtherText.Told(answer.Body?.ToString() ?? "")}. Look at server in the kubeconfig: host, port and path.");
            }

            // The harness must be able to read all that it judges: a 403 on its own reads would look like 'absent'.
            (await admin.GetUnrecordedAsync("/api/v1/nodes")).OrThrow();
            (await admin.GetUnrecordedAsync("/api/v1/secrets?limit=1")).OrThrow();
            return version;
        }
        catch (NoAnswerException e)
        {
            throw new EnvironmentException($"The API server does not answer. {e.Message}", e);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            throw new EnvironmentException($"The API server at {cluster.Admin.Host} does not answer: {e.Message}", e);
        }
        catch (KubeApiException e)
        {
            throw new EnvironmentException($"The given access is no cluster administrator's, so nothing can be judged. {e.Answer}", e);
        }
    }

    // After a failure: what is there already goes. Where that fails too, the first failure is the one to tell.
    private static async Task<string> TidyAsync(ICluster cluster, KubeApi admin, RunOptions options)
    {
        try
        {
            if (!cluster.EndsWithRun)
                (await Leftovers.RemoveObjectsAsync(admin, options.RunId, shared: cluster is ExistingCluster)).OrThrow();
            await cluster.DisposeAsync();
            return "";
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or KubeApiException or EnvironmentException)
        {
            return $" (What run {options.RunId} left is removed by `support/specs clean`.)";
        }
    }

    private static async Task<ClusterLease> EnterAsync(KubeApi admin, RunOptions options)
    {
        await using var lifecycle = await ClusterLease.TakeLifecycleAsync(admin, options.RunId);
        await EnsureSharedNamespaceAsync(admin);
        var alive = await ClusterLease.TakeAliveAsync(admin, options.RunId);
        (await Leftovers.RemoveObjectsAsync(admin, run: null, shared: false)).OrThrow();
        return alive;
    }

    // Privileged, for the device plugin mounts a folder of the kubelet's.
    private static async Task EnsureSharedNamespaceAsync(KubeApi admin)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = GpuFleet.Namespace, ["labels"] = new JsonObject { ["pod-security.kubernetes.io/enforce"] = "privileged" } },
        };
        // A namespace that the last run of before is just leaving must be gone first.
        await Poll.UntilAsync($"namespace {GpuFleet.Namespace} to be there", async () =>
        {
            var there = await admin.GetUnrecordedAsync($"/api/v1/namespaces/{GpuFleet.Namespace}");
            return there.Code == 404 ? await admin.PostAsync("/api/v1/namespaces", body.DeepClone()) : there;
        }, a => a.Allowed && (string?)a.Body!["status"]?["phase"] != "Terminating", a => a.ToString(), TimeSpan.FromSeconds(60));
    }
}
