using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecuritySpecs.Fleet;

/// <summary>
/// The one GPU that tenants share in slices, HAMi's way: a device plugin that hands out its shares, and a scheduler with a mutating
/// webhook that accounts them. Deployed when a scenario first asks for it; shared by the runs on a cluster as the device plugin is.
/// </summary>
public sealed class SharedGpu : IDisposable
{
    /// <summary>The extended resource that stands for a share.</summary>
    public const string Resource = "nvidia.com/vgpu";

    /// <summary>A slice's memory in MiB, HAMi's name.</summary>
    public const string Memory = "nvidia.com/gpumem";

    /// <summary>A slice's computing time in percent, HAMi's name.</summary>
    public const string Cores = "nvidia.com/gpucores";

    /// <summary>HAMi's scheduler; its webhook writes this into pods.</summary>
    public const string Scheduler = "hami-scheduler";

    /// <summary>The label of the namespaces that HAMi's webhook watches.</summary>
    public const string TenantLabel = "security.specs/shared-gpu";

    /// <summary>What HAMi's parts write on a node; removed with the last run.</summary>
    public static readonly IReadOnlyList<string> NodeAnnotations = [Register, "hami.io/mutex.lock"];

    // A scenario that takes one of these parts holds at most 2000 MiB: even with what removed pods still hold the GPU has enough.
    private const int Parts = 4;
    private const string Register = "hami.io/node-nvidia-register";
    private const string Manager = "security-specs/shared-gpu";
    private const string Lease = "shared-gpu";
    private const string Service = "vgpu-scheduler";
    private const string Namespace = GpuFleet.Namespace;
    private static readonly TimeSpan Rollout = TimeSpan.FromSeconds(120);
    private readonly KubeApi _admin;
    private readonly RunManifests _run;
    private readonly SharedCard _card;
    private (string, string)? _certificate;

    private SharedGpu(KubeApi admin, RunManifests run, GpuFleet fleet, SharedCard card)
    {
        (_admin, _run, _card, Node) = (admin, run, card, fleet.NodeOf(card.Pool));
        Gate = new(admin, run.Id, Parts, () => fleet.FreeDeadRunsPodsAsync(Node), Lease);
    }

    /// <summary>The node that has it.</summary>
    public string Node { get; }

    /// <summary>Its UUID.</summary>
    public string Uuid { get; private set; } = "";

    /// <summary>Its memory in MiB.</summary>
    public int MemoryMiB => _card.MemoryMiB;

    /// <summary>Lets one scenario at a time fill it, or a few hold a slice each.</summary>
    public GpuGate Gate { get; }

    /// <summary>Deploys it, and waits until a pod can get a share.</summary>
    /// <exception cref="TimeoutException">It did not come up; the message says how far it got.</exception>
    public static async Task<SharedGpu> DeployAsync(KubeApi admin, RunManifests run, GpuFleet fleet, SharedCard card)
    {
        var shared = new SharedGpu(admin, run, fleet, card);
        // Two runs that come at once agree on one certificate.
        await using var lease = await ClusterLease.TakeAsync(admin, Lease + "-deployment", run.Id, TimeSpan.FromMinutes(2));
        await shared.ApplyAsync("workloads/vgpu-plugin.yaml");
        await shared.ApplyAsync("workloads/vgpu-scheduler.yaml");
        await shared.AwaitAsync();
        return shared;
    }

    /// <summary>Waits until nobody holds any of its memory: a pod that was removed by force may run on for a moment.</summary>
    public Task AwaitIdleAsync() => Poll.UntilAsync($"all {MemoryMiB} MiB of the shared GPU to be free", TryTakeAllAsync, o => o.ExitCode == 0, o => o.Stderr);

    /// <inheritdoc/>
    public void Dispose() => Gate.Dispose();

    private async Task<ExecOutcome> TryTakeAllAsync()
    {
        var pods = await _admin.GetUnrecordedAsync($"/api/v1/namespaces/{Namespace}/pods?labelSelector={Uri.EscapeDataString("app.kubernetes.io/name=fleet-vgpu-plugin")}");
        var pod = pods.OrThrow().Items.First(p => p!["metadata"]!["deletionTimestamp"] is null)!;
        return await _admin.ExecAsync(Namespace, (string)pod["metadata"]!["name"]!, "vgpu-plugin",
            "env", $"NVIDIA_VISIBLE_DEVICES={Uuid}", "fleet", "gpu-job", "--memory-mib", Text(MemoryMiB), "--gpu-dir", "/run/fleet-vgpu/memory");
    }

    private async Task ApplyAsync(string file)
    {
        var (certificate, key) = await CertificateAsync();
        await SharedParts.ApplyAsync(_admin, Manager, _run.Load(file, new Dictionary<string, string>
        {
            ["NAMESPACE"] = Namespace, ["NAME"] = "vgpu-plugin", ["IMAGE"] = _run.FleetImage!, ["POOL"] = _card.Pool.Name, ["NODE"] = Node,
            ["INDEX"] = Text(_card.Pool.GpusPerNode), ["PRODUCT"] = _card.Product, ["MEMORY"] = Text(_card.MemoryMiB), ["SHARES"] = Text(_card.Shares),
            ["CERTIFICATE"] = certificate, ["KEY"] = key,
        }));
    }

    // Another run's stays: the webhook may be serving with it.
    private async Task<(string Certificate, string Key)> CertificateAsync()
    {
        var secret = await _admin.GetUnrecordedAsync($"/api/v1/namespaces/{Namespace}/secrets/{Service}-tls");
        if (secret.Code != 404)
            return ((string)secret.OrThrow().Body!["data"]!["tls.crt"]!, (string)secret.Body!["data"]!["tls.key"]!);
        _certificate ??= Certify();
        return _certificate.Value;
    }

    // Its own authority, for nobody but the API server looks at it, and that knows just this one.
    private static (string, string) Certify()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Service}.{Namespace}.svc", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName($"{Service}.{Namespace}.svc");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddYears(1));
        return (Base64(certificate.ExportCertificatePem()), Base64(key.ExportPkcs8PrivateKeyPem()));
    }

    private async Task AwaitAsync()
    {
        await GpuFleet.AwaitRolloutAsync(_admin, $"/apis/apps/v1/namespaces/{Namespace}/daemonsets/vgpu-plugin");
        await SharedParts.AwaitDeploymentAsync(_admin, Namespace, Service);
        var node = await Poll.UntilAsync($"{_card.Shares} allocatable {Resource} on node {Node}", () => _admin.GetUnrecordedAsync($"/api/v1/nodes/{Node}"),
            a => (string?)a.OrThrow().Body!["status"]!["allocatable"]![Resource] == Text(_card.Shares),
            a => (string?)a.Body!["status"]!["allocatable"]![Resource] ?? "none", Rollout);
        Uuid = (string)JsonNode.Parse((string)node.Body!["metadata"]!["annotations"]![Register]!)![0]!["id"]!;
        await AwaitWebhookAsync();
    }

    // A ready pod is not reached by its Service's address at once.
    private async Task AwaitWebhookAsync()
    {
        await using var space = await ScratchNamespace.CreateAsync(_admin, _run.Id, "canary-vgpu", new() { [TenantLabel] = "true" });
        var pod = _run.Load("workloads/vgpu-job.yaml", new Dictionary<string, string> { ["NAME"] = "canary", ["NAMESPACE"] = space.Name, ["IMAGE"] = "canary" }).Objects[0];
        await Poll.UntilAsync("the webhook to hand a pod to HAMi's scheduler", () => _admin.PostAsync($"/api/v1/namespaces/{space.Name}/pods?dryRun=All", pod.DeepClone()),
            a => (string?)a.Body?["spec"]?["schedulerName"] == Scheduler, a => a.ToString(), Rollout);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
