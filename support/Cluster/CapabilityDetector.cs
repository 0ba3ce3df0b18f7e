using SecuritySpecs.Cluster.Canaries;
using SecuritySpecs.Cluster.ControlPlane;
using SecuritySpecs.Fleet;

namespace SecuritySpecs.Cluster;

/// <summary>
/// Finds out what a cluster can do: by what it does, wherever that can be tried. "It cannot" is a definite answer; whatever else
/// happens is an <see cref="UndeterminedException"/>.
/// </summary>
/// <param name="admin">The administrator.</param>
/// <param name="options">The run.</param>
/// <param name="fleet">The fleet as deployed.</param>
/// <param name="auditLog">The audit log; null where this program cannot read one.</param>
/// <param name="datastore">The datastore; null where this program cannot read its files.</param>
public sealed class CapabilityDetector(KubeApi admin, RunOptions options, GpuFleet fleet, AuditLog? auditLog = null, Datastore? datastore = null)
{
    /// <summary>A GPU is allocatable on a node with a kubelet.</summary>
    public const string Gpu = "gpu";

    /// <summary>The GPUs are ours: their health can be switched, and filling the whole fleet harms nobody.</summary>
    public const string OwnFleet = "own-fleet";

    /// <summary>There is an image to run tenants' workloads with.</summary>
    public const string WorkloadImage = "workload-image";

    /// <summary>The cluster enforces NetworkPolicies.</summary>
    public const string NetworkPolicy = "network-policy";

    /// <summary>Admission keeps the pods of a namespace to the nodes that its annotation names.</summary>
    public const string NodeSelector = "pod-node-selector";

    /// <summary>Admission keeps the pods of a namespace to the tolerations that its annotation lists.</summary>
    public const string TolerationRestriction = "pod-toleration-restriction";

    /// <summary>Tenants can share a GPU in slices. Found out by deploying that, so only when a scenario asks.</summary>
    public const string SharedGpu = "shared-gpu";

    /// <summary>There is something beyond the cluster to be kept from: simulated on the node. Found out by deploying that, so only when a scenario asks.</summary>
    public const string OutsideWorld = "outside-world";

    /// <summary>Prometheus scrapes the fleet's DCGM exporters. Found out by deploying both, so only when a scenario asks.</summary>
    public const string Prometheus = "prometheus";

    /// <summary>The node under test has as many GPUs as the largest <c>@gpus:N</c> asks for: <see cref="MostGpus"/>.</summary>
    public const string GpuRoom = "gpu-room";

    /// <summary>A certificate request that is approved comes back signed.</summary>
    public const string CertificateSigning = "certificate-signing";

    /// <summary>The kubelet's own port is reached from where this program runs.</summary>
    public const string KubeletPort = "kubelet-port";

    /// <summary>A Service's port on the nodes is reached from where this program runs. Found out with a pod, so only when a scenario asks.</summary>
    public const string NodePort = "node-port";

    /// <summary>A volume of a pod can be an image.</summary>
    public const string ImageVolumes = "image-volumes";

    /// <summary>A quota can select pods by an affinity to other namespaces.</summary>
    public const string AffinityQuota = "affinity-quota";

    /// <summary>A pod can name amounts of CPU and memory for all its containers together.</summary>
    public const string PodLevelResources = "pod-level-resources";

    /// <summary>Admission has every image pulled anew, whatever a pod says.</summary>
    public const string AlwaysPull = "always-pull";

    /// <summary>A RuntimeClass of the platform starts pods in a sandbox with a kernel of their own.</summary>
    public const string Sandbox = "sandbox-runtime";

    /// <summary>There is a kubectl to run the queries of runbooks with. Found out by running it, so only when a scenario asks.</summary>
    public const string KubectlTool = "kubectl";

    /// <summary>The kustomize in kubectl knows components. Found out by running it, so only when a scenario asks.</summary>
    public const string Components = "kustomize-components";

    /// <summary>The largest number that a scenario's <c>@gpus:N</c> may have.</summary>
    public const int MostGpus = 4;

    private const string NamespaceNames = "namespace-names";
    private const string PodSecurity = "pod-security-admission";
    private const string AdmissionPolicy = "validating-admission-policy";
    private const string Dns = "cluster-dns";
    private const string EphemeralContainers = "ephemeral-containers";
    private const string Dra = "dra";
    private const string Auditing = "audit-log";
    private const string ControlPlane = "control-plane-files";

    /// <summary>Every name that <c>@needs:</c> and <c>--require</c> may use.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        Gpu, GpuRoom, OwnFleet, SharedGpu, OutsideWorld, Prometheus, WorkloadImage, NamespaceNames, PodSecurity, AdmissionPolicy, NetworkPolicy,
        EphemeralContainers, NodeSelector, TolerationRestriction, Dns, CertificateSigning, KubeletPort, NodePort, Dra, Auditing, ControlPlane,
        ImageVolumes, AlwaysPull, AffinityQuota, PodLevelResources, Sandbox, KubectlTool, Components,
    ];

    /// <summary>Those of <see cref="Names"/> that <see cref="Detect"/> finds out: the others take a deployment each, when a scenario asks.</summary>
    public static IReadOnlyList<string> DetectedAtOnce => [.. Names.Except([SharedGpu, OutsideWorld, Prometheus, NodePort, KubectlTool, Components])];

    private readonly ApiResources _resources = new(admin);

    /// <summary>Begins to detect capabilities; each is known on its own, for some take seconds.</summary>
    /// <param name="wanted">Which of <see cref="DetectedAtOnce"/>.</param>
    /// <param name="patience">How long what a cluster starts with may be on its way; null for as long as that takes.</param>
    public IReadOnlyDictionary<string, Task<CapabilityInfo>> Detect(IEnumerable<string> wanted, TimeSpan? patience = null)
    {
        var questions = Questions(patience);
        return wanted.ToDictionary(name => name, name => questions[name]());
    }

    private Dictionary<string, Func<Task<CapabilityInfo>>> Questions(TimeSpan? patience) => new()
    {
        [Gpu] = () => Known(GpuOnANode()),
        [GpuRoom] = () => Known(RoomForGpus()),
        [OwnFleet] = () => Known(new(OwnFleet, fleet.IsOurs, fleet.IsOurs ? "this project's device plugin advertises the GPUs" : "the cluster's GPUs are somebody else's, or there are none")),
        [WorkloadImage] = () => Known(new(WorkloadImage, options.FleetImage is not null, options.FleetImage ?? "no --fleet-image was given")),
        [NamespaceNames] = () => TriedAsync(NamespaceNames, NamespaceNamesAsync),
        [PodSecurity] = () => TriedAsync(PodSecurity, PodSecurityAsync),
        [AdmissionPolicy] = () => TriedAsync(AdmissionPolicy, () => ServedAsync(AdmissionPolicy, "admissionregistration.k8s.io/v1", "validatingadmissionpolicies")),
        [NetworkPolicy] = () => TriedAsync(NetworkPolicy, new NetworkPolicyCanary(admin, options, fleet).DetectAsync),
        [EphemeralContainers] = () => TriedAsync(EphemeralContainers, EphemeralContainersAsync),
        [NodeSelector] = () => TriedAsync(NodeSelector, new PoolAdmissionCanary(admin, options).NodeSelectorAsync),
        [TolerationRestriction] = () => TriedAsync(TolerationRestriction, new PoolAdmissionCanary(admin, options).TolerationRestrictionAsync),
        [ImageVolumes] = () => TriedAsync(ImageVolumes, new ImageCanary(admin, options).VolumesAsync),
        [AlwaysPull] = () => TriedAsync(AlwaysPull, new ImageCanary(admin, options).AlwaysPullAsync),
        [AffinityQuota] = () => TriedAsync(AffinityQuota, new QuotaCanary(admin, options).AffinityAsync),
        [PodLevelResources] = () => TriedAsync(PodLevelResources, new QuotaCanary(admin, options).PodLevelAsync),
        [Sandbox] = () => TriedAsync(Sandbox, () => SandboxCanary.DetectAsync(admin)),
        [Dns] = () => TriedAsync(Dns, () => DnsAsync(patience)),
        [CertificateSigning] = () => TriedAsync(CertificateSigning, new SigningCanary(admin, options).DetectAsync),
        [KubeletPort] = () => TriedAsync(KubeletPort, new PortCanary(admin, options, fleet).KubeletAsync),
        [Dra] = () => TriedAsync(Dra, () => ServedAsync(Dra, "resource.k8s.io/v1", "deviceclasses")),
        [Auditing] = () => TriedAsync(Auditing, AuditLogAsync),
        [ControlPlane] = () => TriedAsync(ControlPlane, ControlPlaneAsync),
    };

    /// <summary>Whether tenants can share a GPU here.</summary>
    /// <param name="deploy">Deploys what that takes.</param>
    public Task<CapabilityInfo> SharedGpuAsync(Func<Task<Fleet.SharedGpu>> deploy) =>
        !fleet.IsOurs ? Known(new(SharedGpu, false, "the cluster's GPUs are somebody else's, or there are none: none is divided there"))
        : fleet.SharedCard is null ? Known(new(SharedGpu, false, "fleet.yaml has no section shared"))
        : TriedAsync(SharedGpu, async () => new(SharedGpu, true, $"{(await deploy()).Uuid} on node {fleet.NodeOf(fleet.SharedCard.Pool)} is divided"));

    /// <summary>Whether there is a world outside here.</summary>
    /// <param name="deploy">Deploys what that takes.</param>
    public Task<CapabilityInfo> OutsideWorldAsync(Func<Task> deploy) =>
        options.FleetImage is null ? Known(new(OutsideWorld, false, "no --fleet-image was given to play it with"))
        : TriedAsync(OutsideWorld, async () =>
        {
            try
            {
                await deploy();
                return new(OutsideWorld, true, "a web site, a resolver and a cloud's metadata service are simulated beyond the node under test");
            }
            catch (EnvironmentException e) when (e.Message.Contains(Fleet.OutsideWorld.PlaceIsTaken, StringComparison.Ordinal))
            {
                return new(OutsideWorld, false, e.Message);
            }
        });

    /// <summary>Whether a Service's port on the nodes is reached from here.</summary>
    public Task<CapabilityInfo> NodePortAsync() =>
        options.FleetImage is null ? Known(new(NodePort, false, "no --fleet-image was given to run a server with"))
        : TriedAsync(NodePort, new PortCanary(admin, options, fleet).NodePortAsync);

    /// <summary>Whether Prometheus scrapes the fleet here.</summary>
    /// <param name="deploy">Deploys what that takes.</param>
    public Task<CapabilityInfo> PrometheusAsync(Func<Task<Telemetry>> deploy) =>
        !fleet.IsOurs ? Known(new(Prometheus, false, "the cluster's GPUs are somebody else's, or there are none: their exporters are not this project's to deploy"))
        : options.PrometheusImage is null ? Known(new(Prometheus, false, "no --prometheus-image was given"))
        : TriedAsync(Prometheus, async () =>
        {
            await deploy();
            return new(Prometheus, true, $"{options.PrometheusImage} scrapes the DCGM exporters of {fleet.Info.RealNodes.Count} real nodes and their kubelets");
        });

    private static async Task<CapabilityInfo> TriedAsync(string name, Func<Task<CapabilityInfo>> detect)
    {
        try
        {
            return await detect();
        }
        catch (Exception e)
        {
            throw new UndeterminedException(name, e);
        }
    }

    private static Task<CapabilityInfo> Known(CapabilityInfo info) => Task.FromResult(info);

    private CapabilityInfo GpuOnANode() => fleet.Gate is { } gate
        ? new(Gpu, true, $"node {fleet.NodeUnderTest} has {gate.Capacity} allocatable {fleet.Resource}")
        : new(Gpu, false, $"no real node has allocatable {fleet.Resource}, and no --fleet-image was given to deploy a fleet with");

    private CapabilityInfo RoomForGpus()
    {
        var capacity = fleet.Gate?.Capacity ?? 0;
        return new(GpuRoom, capacity >= MostGpus, $"the node under test has {capacity} GPUs, and some scenario asks for {MostGpus} at once");
    }

    private async Task<CapabilityInfo> ServedAsync(string name, string version, string resource)
    {
        var served = await _resources.ServesAsync(version, resource);
        return new(name, served, $"the API server {(served ? "serves" : "does not serve")} {resource} of {version}");
    }

    private async Task<CapabilityInfo> AuditLogAsync()
    {
        if (auditLog is null)
            return new(Auditing, false, "somebody else runs the API server, and its audit log, if it writes one, is not readable through the API");
        var size = (await auditLog.ReadAsync()).Length;
        return new(Auditing, true, $"a request of just now is in the log, which has {size / 1024} KiB");
    }

    private async Task<CapabilityInfo> ControlPlaneAsync()
    {
        if (datastore is null)
            return new(ControlPlane, false, "somebody else runs the API server, and the files of its datastore and its keys are not readable through the API");
        var files = await datastore.FilesAsync();
        return new(ControlPlane, files > 0, $"the container of the API server has {files} files below {Datastore.Folder}");
    }

    // Alpha (1.16 to 1.22, off unless asked for) it was an object of a kind of its own; since 1.23 it is a part of the pod.
    private async Task<CapabilityInfo> EphemeralContainersAsync()
    {
        var kind = await _resources.KindAsync("v1", "pods/ephemeralcontainers");
        return new(EphemeralContainers, kind == "Pod", kind is null ? "the API server does not serve pods/ephemeralcontainers" : $"the API server serves pods/ephemeralcontainers as {kind}");
    }

    // 1.21 behind a gate that is on, 1.22 for good.
    private async Task<CapabilityInfo> NamespaceNamesAsync()
    {
        var name = $"canary-name-{options.RunId}";
        var answer = await admin.PostAsync("/api/v1/namespaces?dryRun=All",
            new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } });
        var label = (string?)answer.OrThrow().Body!["metadata"]!["labels"]?["kubernetes.io/metadata.name"];
        return new(NamespaceNames, label == name, label == name
            ? "the API server labels a namespace with its name"
            : "the API server does not label a namespace with its name");
    }

    // Where the Service is, its pods may only be on their way: a cluster is used as soon as its first node is Ready.
    private async Task<CapabilityInfo> DnsAsync(TimeSpan? patience)
    {
        const string Path = "/api/v1/namespaces/kube-system/endpoints/kube-dns";
        var service = await admin.GetUnrecordedAsync("/api/v1/namespaces/kube-system/services/kube-dns");
        if (service.Code == 404)
            return new(Dns, false, "there is no Service kube-system/kube-dns");
        service.OrThrow();
        await Poll.UntilAsync("Service kube-system/kube-dns to have ready endpoints", () => admin.GetUnrecordedAsync(Path),
            a => (a.Code == 404 ? a : a.OrThrow()) is { Allowed: true } && (a.Body!["subsets"]?.AsArray() ?? []).Any(s => s!["addresses"] is not null), a => a.Body?["subsets"]?.ToJsonString() ?? "none", patience);
        return new(Dns, true, "Service kube-system/kube-dns has ready endpoints");
    }

    private async Task<CapabilityInfo> PodSecurityAsync()
    {
        await using var space = await ScratchNamespace.CreateAsync(admin, options.RunId, "canary-psa", new() { ["pod-security.kubernetes.io/enforce"] = "restricted" });
        var pod = new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = new JsonObject { ["name"] = "privileged" },
            ["spec"] = new JsonObject
            {
                ["automountServiceAccountToken"] = false,
                ["containers"] = new JsonArray(new JsonObject { ["name"] = "c", ["image"] = "canary", ["securityContext"] = new JsonObject { ["privileged"] = true } }),
            },
        };
        // A namespace's default ServiceAccount comes a moment after the namespace.
        var answer = await Poll.UntilAsync("a verdict on a privileged pod in a restricted namespace",
            () => admin.PostAsync($"/api/v1/namespaces/{space.Name}/pods?dryRun=All", pod.DeepClone()),
            a => a.Allowed || a.Message?.Contains("PodSecurity", StringComparison.Ordinal) == true, a => a.ToString());
        return new(PodSecurity, !answer.Allowed, answer.Allowed
            ? "a privileged pod was admitted (dry run) in a namespace that enforces restricted"
            : "a privileged pod was refused in a namespace that enforces restricted");
    }
}
