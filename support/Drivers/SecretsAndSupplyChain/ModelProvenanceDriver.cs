using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Models;

namespace SecuritySpecs.Drivers.SecretsAndSupplyChain;

/// <summary>What an init container said about a model, and what became of the server behind it.</summary>
/// <param name="ExitCode">How the init container ended.</param>
/// <param name="Message">What the pod's status says.</param>
/// <param name="Started">Whether the server has started.</param>
/// <param name="Answer">What the server answers.</param>
public sealed record ModelVerdict(int ExitCode, string Message, bool Started, ApiAnswer Answer)
{
    /// <summary>Whether the model was refused for a reason.</summary>
    public bool Refuses(string reason) => ExitCode == 1 && Message.StartsWith("model refused: ", StringComparison.Ordinal)
        && Message.Contains(reason, StringComparison.Ordinal);
}

/// <summary>Model servers of tenants as controls/model-provenance.yaml has them, and what they serve.</summary>
public sealed class ModelProvenanceDriver(ScenarioPlatform scenario, PodFactory factory)
{
    private const string File = "controls/model-provenance.yaml";
    private const int Port = 8000;

    // A little more than the deadline in the file.
    private static readonly TimeSpan VerifierEnds = TimeSpan.FromSeconds(11);
    private static readonly TimeSpan Judging = TimeSpan.FromSeconds(60);
    private readonly Dictionary<Tenant, Server> _latest = [];

    /// <summary>Starts a model server, and does not wait for it.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="model">A phrase of <see cref="ModelOffer"/>.</param>
    /// <param name="edit">A mistake to make in the file first; null for the file as it is.</param>
    public async Task StartAsync(Tenant tenant, string model, ManifestEdit? edit)
    {
        var hub = await scenario.Platform.ModelHubAsync();
        var offer = ModelOffer.Of(model, hub.Models);
        var server = _latest[tenant] = new(factory.NextName("model-server"), offer);
        var values = new Dictionary<string, string>
        {
            ["REGISTRY"] = hub.Address(offer.Attack), ["MODEL"] = offer.Asked.Repository,
            ["REVISION"] = offer.ByTag || edit is not null ? offer.Asked.Tag : offer.Asked.Digest,
            ["PUBLIC_KEY"] = hub.Models.PublicKey.Replace("\n", "\\n", StringComparison.Ordinal),
        };
        await ApplyKeyAsync(tenant, new(values) { ["NAME"] = server.Pod, ["NAMESPACE"] = tenant.Namespace, ["IMAGE"] = "" });
        await tenant.Pods.AddAsync(server.Pod, File, scenario.Platform.Fleet.NodeUnderTestOrAny, pod => Change(pod, offer, edit), values);
    }

    /// <summary>The files that a tenant's latest model server serves, each with its digest, and those that it was sent.</summary>
    /// <exception cref="TimeoutException">It serves nothing; the message says how far it got.</exception>
    public async Task<(IReadOnlyList<string> Served, IReadOnlyList<string> Sent)> ServedAsync(Tenant tenant)
    {
        var server = _latest[tenant];
        await tenant.Pods.WaitReadyAsync(server.Pod);
        var served = ((string)(await AskAsync(tenant, server)).OrThrow().Body!).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        scenario.Note(Name(tenant, server), $"serves {string.Join(", ", served)}");
        return (served, PublishedModel.Told(server.Offer.Sent));
    }

    /// <summary>The files that the author signed, each with its digest.</summary>
    public async Task<IReadOnlyList<string>> SignedAsync() =>
        PublishedModel.Told((await scenario.Platform.ModelHubAsync()).Models.Of(ModelShelf.Main).Files);

    /// <summary>What is in a tenant's latest model server where attackers leave their mark, and the mark.</summary>
    public async Task<(string Found, string Mark)> MarkAsync(Tenant tenant)
    {
        var server = _latest[tenant];
        await tenant.Pods.WaitReadyAsync(server.Pod);
        var outcome = await tenant.Api.ExecAsync(tenant.Namespace, server.Pod, "main", "cat", ModelShelf.MarkFile);
        return ($"{outcome.Stdout}{outcome.Stderr}".Trim(), (await scenario.Platform.ModelHubAsync()).Models.Mark);
    }

    /// <summary>Waits until the init container of a tenant's latest model server has run for longer than a verifier does.</summary>
    /// <exception cref="TimeoutException">It has ended; the message says how far it got.</exception>
    public async Task AwaitWaitingAsync(Tenant tenant)
    {
        var (server, admin) = (_latest[tenant], scenario.Platform.Admin);
        await Poll.UntilAsync($"{Name(tenant, server)} to wait for its model for {VerifierEnds.TotalSeconds} s",
            async () => (await admin.GetUnrecordedAsync($"{tenant.Pods.Collection}/{server.Pod}")).OrThrow().Body!,
            pod => (string?)Fetch(pod)?["state"]?["running"]?["startedAt"] is { } since && admin.ServerTime - Time(since) > VerifierEnds,
            Describe, Judging);
    }

    /// <summary>Waits until the init container of a tenant's latest model server has judged its model, and looks at the server.</summary>
    /// <exception cref="TimeoutException">It has not; the message says how far it got.</exception>
    public async Task<ModelVerdict> VerdictAsync(Tenant tenant)
    {
        var server = _latest[tenant];
        var pod = await Watch.UntilAsync(scenario.Platform.Admin, tenant.Pods.Collection, server.Pod,
            $"{Name(tenant, server)} to judge its model", p => Ended(p) is not null, Describe, Judging);
        var (ended, main) = (Ended(pod)!, pod["status"]!["containerStatuses"]![0]!);
        var verdict = new ModelVerdict((int)ended["exitCode"]!, ((string?)ended["message"] ?? "").Trim(),
            (bool?)main["started"] == true || main["containerID"] is not null, await AskAsync(tenant, server));
        scenario.Note(Name(tenant, server), $"its init container ended with {verdict.ExitCode}: {verdict.Message}");
        return verdict;
    }

    // The platform's own, in the tenant's namespace.
    private async Task ApplyKeyAsync(Tenant tenant, Dictionary<string, string> values)
    {
        foreach (var @object in scenario.Load(File, values).Objects.Skip(1))
        {
            var path = $"{await scenario.Platform.Resources.CollectionAsync(@object)}/{(string)@object["metadata"]!["name"]!}";
            (await scenario.Admin.ApplyAsync(path, $"security-specs/{File}", @object)).OrThrow(scenario.Files.NameOf(File));
        }
    }

    private void Change(JsonObject pod, ModelOffer offer, ManifestEdit? edit)
    {
        if (offer.IsArchive)
            pod["spec"]!["initContainers"]![0]!["args"]!.AsArray().Add($"--archive={ModelShelf.Archive}");
        if (edit is not null)
            scenario.Files.Break(new(File, [pod]) { Told = scenario.Files.NameOf(File) }, edit);
    }

    private Task<ApiAnswer> AskAsync(Tenant tenant, Server server) =>
        scenario.Admin.GetAsync($"{tenant.Pods.Collection}/{server.Pod}:{Port}/proxy/model");

    private static string Name(Tenant tenant, Server server) => $"{server.Pod} of tenant \"{tenant.Name}\" with {server.Offer.Phrase}";

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static JsonNode? Fetch(JsonNode pod) => pod["status"]?["initContainerStatuses"]?[0];

    // The last try that has ended: another one may be under way.
    private static JsonNode? Ended(JsonNode pod) => Fetch(pod)?["state"]?["terminated"] ?? Fetch(pod)?["lastState"]?["terminated"];

    private static string Describe(JsonNode pod) => Fetch(pod)?.ToJsonString() ?? "no status of an init container";

    private sealed record Server(string Pod, ModelOffer Offer);
}
