using SecuritySpecs.Cluster;
using SecuritySpecs.Evidence;
using k8s;

namespace SecuritySpecs.Drivers.Shared;

/// <summary>
/// What one scenario has of the platform: tenants of its own, the reference configuration applied for it, and its
/// evidence. Everything is removed when it ends.
/// </summary>
/// <param name="platform">The run's platform.</param>
/// <param name="recorder">The scenario's evidence.</param>
public sealed class ScenarioPlatform(Platform platform, ScenarioRecorder recorder)
{
    private readonly Dictionary<string, Tenant> _tenants = [];
    private readonly Lock _lock = new();
    private string? _brokenGpu;

    /// <summary>The cluster admin, whose requests are evidence.</summary>
    public KubeApi Admin { get; } = platform.Admin.RecordingTo(recorder.Record);

    /// <summary>The run's platform.</summary>
    public Platform Platform => platform;

    /// <summary>The scenario's own mark: the value of <see cref="RunLabels.Scenario"/> on all that it applies.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N")[..6];

    /// <summary>A tenant that the scenario has introduced.</summary>
    /// <exception cref="ArgumentException">It has not.</exception>
    public Tenant this[string name] => _tenants.TryGetValue(name, out var tenant) ? tenant
        : throw new ArgumentException($"There is no tenant \"{name}\" in this scenario; introduced were {string.Join(", ", _tenants.Keys)}.");

    /// <summary>The tenant introduced first, where it does not matter which.</summary>
    public Tenant AnyTenant => _tenants.Values.First();

    /// <summary>The values of the secrets that tenants keep, by tenant.</summary>
    public Dictionary<string, string> SecretValues { get; } = [];

    /// <summary>Makes a GPU of the node under test unhealthy until <see cref="HealGpuAsync"/> or the scenario's end.</summary>
    public Task BreakGpuAsync(string uuid)
    {
        _brokenGpu = uuid;
        return platform.Fleet.SwitchHealthAsync(uuid, healthy: false);
    }

    /// <summary>Makes the broken GPU healthy again, and waits until the node counts it.</summary>
    public async Task HealGpuAsync()
    {
        var fleet = platform.Fleet;
        await fleet.SwitchHealthAsync(_brokenGpu!, healthy: true);
        await Poll.UntilAsync("the node to have all of its GPUs again", () => fleet.AllocatableAsync(fleet.NodeUnderTest),
            n => n == fleet.Gate!.Capacity, n => $"{n} of {fleet.Gate!.Capacity} allocatable");
        _brokenGpu = null;
    }

    /// <summary>Keeps an observation in words as evidence.</summary>
    public void Note(string actor, string observation) => recorder.Note(actor, observation);

    /// <summary>A name that no other scenario or run uses, for objects that have no namespace.</summary>
    public string Unique(string name) => $"{name}-{platform.Options.RunId}-{Id}";

    /// <summary>Gives a tenant its namespace, account and rights by controls/tenant.yaml, and a token.</summary>
    /// <param name="name">What the feature calls it.</param>
    /// <param name="owner">The tenant whose further namespace it is; null for a tenant's first.</param>
    public async Task<Tenant> AddTenantAsync(string name, string? owner = null)
    {
        var @namespace = Unique(name);
        CleanUp.RemovePods(@namespace);
        await ApplyAsync("controls/tenant.yaml", new() { ["TENANT"] = owner ?? name, ["NAMESPACE"] = @namespace });
        var developer = await LoginAsync($"tenant \"{name}\"", @namespace, Tenant.ServiceAccount);
        var tenant = new Tenant(name, @namespace, developer, new(developer.Api, platform.Options, @namespace, Tenant.ServiceAccount, platform.Admin))
            { Owner = owner ?? name, RunId = platform.Options.RunId, Node = platform.Fleet.Info.RealNodes is [var node, ..] ? node : "none" };
        // Its rights are in force a moment after they are written; a scenario judges only then.
        await Poll.UntilAsync($"the rights of tenant \"{name}\" to be in force", () => tenant.Api.PeekAsync(tenant.Pods.Collection), a => a.Allowed, a => a.ToString());
        lock (_lock)
            _tenants.Add(name, tenant);
        return tenant;
    }

    /// <summary>Logs in as a ServiceAccount with a short-lived token of its own; its requests are evidence.</summary>
    /// <param name="who">Who it is, in the domain's words.</param>
    /// <param name="namespace">Where the ServiceAccount is.</param>
    /// <param name="serviceAccount">Its name.</param>
    public async Task<Identity> LoginAsync(string who, string @namespace, string serviceAccount) =>
        Login(who, $"system:serviceaccount:{@namespace}:{serviceAccount}", await platform.LoginAsync(@namespace, serviceAccount));

    /// <summary>Logs in with credentials that are there already; the requests made with them are evidence.</summary>
    /// <param name="who">Who it is, in the domain's words.</param>
    /// <param name="user">The user name that the API server takes them for.</param>
    /// <param name="access">The credentials.</param>
    public Identity Login(string who, string user, KubernetesClientConfiguration access)
    {
        var api = new KubeApi(access, who, recorder.Record);
        CleanUp.Dispose(api);
        return new(who, user, api);
    }

    /// <summary>Applies a file of fleet-fixtures as the cluster admin: its objects are created, or become what the file says.</summary>
    /// <param name="file">For example <c>controls/gpu-quota.yaml</c>.</param>
    /// <param name="values">Values for its placeholders.</param>
    /// <param name="edit">A mistake to make in its content first; null for the file as it is.</param>
    public async Task ApplyAsync(string file, Dictionary<string, string> values, ManifestEdit? edit = null)
    {
        var manifest = platform.Load(file, values);
        edit?.ApplyTo(manifest);
        var manager = "security-specs/" + file;
        foreach (var @object in manifest.Objects)
        {
            @object["metadata"]!["labels"]![RunLabels.Scenario] = Id;
            var path = await PathAsync(@object);
            var applied = (await Admin.ApplyAsync(path, manager, @object)).OrThrow($"fleet-fixtures/{file}{(edit is null ? "" : " " + edit.Phrase)}");
            // What is in a namespace goes with it, but for those that runs share.
            if ((string?)@object["kind"] == "Namespace" || ((string?)@object["metadata"]!["namespace"] is { } home && !Leftovers.SharedNamespaces.Contains(home)))
                continue;
            CleanUp.Remove(path, path.Contains(Id, StringComparison.Ordinal) ? null : (string)applied.Body!["metadata"]!["uid"]!);
        }
    }

    /// <summary>What is to be removed and undone when the scenario ends.</summary>
    public ScenarioCleanUp CleanUp { get; } = new(platform.Admin);

    /// <summary>
    /// Removes the objects of a file, and reads each back as gone. Of a namespace only what the file says about it is taken back: the
    /// namespace stays.
    /// </summary>
    /// <exception cref="KubeApiException">The API server refused that.</exception>
    /// <exception cref="TimeoutException">An object is still there.</exception>
    public async Task RemoveAsync(string file, Dictionary<string, string> values)
    {
        foreach (var @object in platform.Load(file, values).Objects)
        {
            var path = await PathAsync(@object);
            if ((string?)@object["kind"] == "Namespace")
            {
                var bare = (await Admin.ApplyAsync(path, "security-specs/" + file, Bare(@object))).OrThrow($"fleet-fixtures/{file}").Body!;
                if (StillOwns(bare, "security-specs/" + file))
                    throw new InvalidOperationException($"What fleet-fixtures/{file} says about {path} was taken back and is still there: {bare["metadata"]!.ToJsonString()}");
                continue;
            }

            (await Admin.DeleteAsync(path)).OrThrow($"fleet-fixtures/{file}");
            await platform.Admin.AwaitGoneAsync(path);
        }
    }

    /// <summary>The namespaces of this scenario's tenants, as an audit finds them: by the platform's own label on them.</summary>
    /// <exception cref="InvalidOperationException">There are none: an audit of nothing would find nothing.</exception>
    public async Task<IReadOnlyList<JsonNode>> TenantNamespacesAsync()
    {
        var selector = Uri.EscapeDataString($"{Tenant.Label},{RunLabels.Scenario}={Id}");
        var namespaces = (await Admin.GetAsync($"/api/v1/namespaces?labelSelector={selector}")).OrThrow().Items;
        return namespaces.Count > 0 ? [.. namespaces.Select(n => n!)] : throw new InvalidOperationException("No tenant of this scenario has a namespace.");
    }

    /// <summary>Removes everything that the scenario made.</summary>
    /// <param name="waitForPods">Return when none of its pods is there any more.</param>
    public Task RemoveAllAsync(bool waitForPods) => CleanUp.RunAsync(
        () => _brokenGpu is null ? Task.CompletedTask : HealGpuAsync(),
        () => waitForPods ? RemovePodsAsync() : Task.CompletedTask);

    /// <summary>Removes the pods of all tenants and waits until they are gone.</summary>
    public Task RemovePodsAsync() => Task.WhenAll(_tenants.Values.Select(RemovePodsAsync));

    private async Task<string> PathAsync(JsonObject @object) =>
        $"{await platform.Resources.CollectionAsync(@object)}/{(string)@object["metadata"]!["name"]!}";

    // By the fields that it has named and nobody has taken from it.
    private static bool StillOwns(JsonNode @object, string manager) => (@object["metadata"]!["managedFields"]?.AsArray() ?? [])
        .Any(m => (string?)m!["manager"] == manager && m["fieldsV1"]?["f:metadata"] is JsonObject { Count: > 0 });

    private static JsonObject Bare(JsonObject @object) => new()
    {
        ["apiVersion"] = (string)@object["apiVersion"]!, ["kind"] = (string)@object["kind"]!,
        ["metadata"] = new JsonObject { ["name"] = (string)@object["metadata"]!["name"]! },
    };

    private async Task RemovePodsAsync(Tenant tenant)
    {
        var path = $"/api/v1/namespaces/{tenant.Namespace}/pods";
        (await platform.Admin.DeleteAsync(path, new JsonObject { ["gracePeriodSeconds"] = 0 })).OrThrow();
        await Poll.UntilAsync($"the pods of tenant \"{tenant.Name}\" to be gone", () => platform.Admin.PeekAsync(path),
            a => a.OrThrow().Items.Count == 0, a => $"{a.Items.Count} pods");
    }
}
