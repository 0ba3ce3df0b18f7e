using SecuritySpecs.Cluster;
using SecuritySpecs.Evidence;
using k8s;

namespace SecuritySpecs.Drivers.Shared;

/// <summary>What one scenario has of the platform: who asks, and the parts in which tenants, manifests and clean-up are kept.</summary>
public sealed class ScenarioPlatform
{
    private readonly ScenarioRecorder _recorder;

    /// <summary>Begins a scenario.</summary>
    /// <param name="platform">The run's platform.</param>
    /// <param name="recorder">The scenario's evidence.</param>
    /// <param name="mutant">A mistake in a file that the scenario loads; null for none.</param>
    /// <param name="notProvided">Ends the scenario, for the controls under test lack what it is told.</param>
    public ScenarioPlatform(Platform platform, ScenarioRecorder recorder, PlannedMutant? mutant = null, Action<string>? notProvided = null)
    {
        (Platform, _recorder) = (platform, recorder);
        var files = platform.Options.Manifests;
        Files = files with { Loaded = recorder.Loaded, NotProvided = notProvided, Mutants = mutant is null ? files.Mutants : [mutant, .. files.Mutants] };
        Admin = platform.Admin.RecordingTo(recorder.Record);
        CleanUp = new(platform.Admin);
        Manifests = new(this);
        Tenants = new(this);
    }

    /// <summary>The run's platform.</summary>
    public Platform Platform { get; }

    /// <summary>The files of fleet-fixtures as the scenario loads them, which is part of its result.</summary>
    public RunManifests Files { get; }

    /// <summary>The cluster admin, whose requests are evidence.</summary>
    public KubeApi Admin { get; }

    /// <summary>The scenario's tenants.</summary>
    public ScenarioTenants Tenants { get; }

    /// <summary>The reference configuration as it is applied for the scenario.</summary>
    public ScenarioManifests Manifests { get; }

    /// <summary>What is to be removed and undone when the scenario ends.</summary>
    public ScenarioCleanUp CleanUp { get; }

    /// <summary>The scenario's own mark: the value of <see cref="RunLabels.Scenario"/> on all that it applies.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N")[..6];

    /// <summary>A tenant that the scenario has introduced.</summary>
    /// <exception cref="ArgumentException">It has not.</exception>
    public Tenant this[string name] => Tenants[name];

    /// <summary>A manifest of fleet-fixtures, its objects labelled as this run's.</summary>
    /// <param name="file">For example <c>controls/gpu-quota.yaml</c>.</param>
    /// <param name="values">Values for its placeholders.</param>
    public Manifest Load(string file, IReadOnlyDictionary<string, string> values) => Files.LoadOwn(file, values);

    /// <summary>A name that no other scenario or run uses, for objects that have no namespace.</summary>
    public string Unique(string name) => $"{name}-{Platform.Options.RunId}-{Id}";

    /// <summary>Keeps an observation in words as evidence.</summary>
    /// <param name="actor">Who observed.</param>
    /// <param name="observation">What.</param>
    /// <param name="grid">The same as a picture, where many things were tried at once.</param>
    /// <param name="bar">The same as a picture, where something was counted.</param>
    public void Note(string actor, string observation, EvidenceGrid? grid = null, EvidenceBar? bar = null) => _recorder.Note(actor, observation, grid, bar);

    /// <summary>Keeps as evidence who holds which of the fleet's GPUs now. Other scenarios may hold some at the same time.</summary>
    public async Task NoteFleetAsync()
    {
        var tenants = Tenants.Namespaces.ToDictionary(t => t.Value, t => $"tenant \"{t.Key}\"");
        var nodes = await Platform.Fleet.LookAsync(n => tenants.GetValueOrDefault(n, "others"));
        var held = nodes.SelectMany(n => n.Holders).GroupBy(h => h.Who, (who, h) => $"{who} {h.Sum(x => x.Gpus)}").ToList();
        _recorder.Note("the fleet", $"held of its {nodes.Sum(n => n.Gpus)} GPUs: {(held.Count == 0 ? "none" : string.Join(", ", held))}", fleet: nodes);
    }

    /// <summary>Logs in as a ServiceAccount with a short-lived token of its own; its requests are evidence.</summary>
    /// <param name="who">Who it is, in the domain's words.</param>
    /// <param name="namespace">Where the ServiceAccount is.</param>
    /// <param name="serviceAccount">Its name.</param>
    public async Task<Identity> LoginAsync(string who, string @namespace, string serviceAccount) =>
        Login(who, $"system:serviceaccount:{@namespace}:{serviceAccount}", await Platform.LoginAsync(@namespace, serviceAccount));

    /// <summary>Logs in with credentials that are there already; the requests made with them are evidence.</summary>
    /// <param name="who">Who it is, in the domain's words.</param>
    /// <param name="user">The user name that the API server takes them for.</param>
    /// <param name="access">The credentials.</param>
    public Identity Login(string who, string user, KubernetesClientConfiguration access)
    {
        var api = new KubeApi(access, who, _recorder.Record);
        CleanUp.Dispose(api);
        return new(who, user, api);
    }

    /// <summary>Removes everything that the scenario made.</summary>
    /// <param name="waitForPods">Return when none of its pods is there any more.</param>
    /// <param name="isBroken">Whether the platform broke: then nothing is waited for. What stays goes with the run.</param>
    public Task EndAsync(bool waitForPods, bool isBroken) => isBroken ? CleanUp.RunAsync(wait: false)
        : CleanUp.RunAsync(wait: true, () => waitForPods ? Tenants.RemovePodsAsync() : Task.CompletedTask);
}
