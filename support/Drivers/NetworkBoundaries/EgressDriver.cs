using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Fleet;
using SecuritySpecs.Network;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>How the metadata service is asked.</summary>
/// <param name="Words">As features say it: <c>with a token</c> or <c>without a token</c>.</param>
public sealed record MetadataForm(string Words)
{
    /// <summary>How the words look in a step.</summary>
    public const string Pattern = "with a token|without a token";
}

/// <summary>Whom the pods of tenants call: each other, the cluster's DNS, and the world outside.</summary>
public sealed partial class EgressDriver(ScenarioPlatform scenario, ReachabilityDriver reach, WorkloadDriver workloads)
{
    private const string NameLabel = "kubernetes.io/metadata.name";
    private const string DnsNamespace = "kube-system";
    private const string DnsLabel = "k8s-app";
    private const string DnsName = "kube-dns";

    // Any name will do: who answers is asked, not what.
    private const string AnyName = "kubernetes.default.svc.cluster.local";

    /// <summary>
    /// Sees to it that policies can select the namespace of the cluster's DNS by its name. Since 1.21 the API server writes that
    /// label; before, the platform does, and it stays.
    /// </summary>
    public async Task NameDnsNamespaceAsync()
    {
        var path = $"/api/v1/namespaces/{DnsNamespace}";
        var label = (string?)(await scenario.Admin.GetAsync(path)).OrThrow().Body!["metadata"]!["labels"]?[NameLabel];
        if (label == DnsNamespace)
            return;
        (await scenario.Admin.ApplyAsync(path, "security-specs/namespace-names", new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = DnsNamespace, ["labels"] = new JsonObject { [NameLabel] = DnsNamespace } },
        })).OrThrow();
    }

    /// <summary>A tenant passes a pod of its own off as the cluster's DNS, by the label that it knows it by.</summary>
    public static async Task PassOffAsDnsAsync(Tenant tenant, Workload workload) => (await tenant.Api.PatchAsync($"{tenant.Pods.Collection}/{workload.Name}",
        new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [DnsLabel] = DnsName } } })).OrThrow();

    /// <summary>Waits until a tenant's pod reaches exactly what it must.</summary>
    /// <param name="tenant">Whose pod.</param>
    /// <param name="workload">The pod.</param>
    /// <param name="places">Each place, a way to it, and whether it must be reached.</param>
    public async Task AwaitAsync(Tenant tenant, Workload workload, IEnumerable<(string Place, string At, bool Reached)> places)
    {
        var by = $"{workload} of tenant \"{tenant.Name}\"";
        var source = await reach.SourceAsync($"the {by}");
        var cells = await Task.WhenAll(places.Select(async p => new ExpectedCell(source, await TargetAsync(p.Place, p.At), p.Reached)));
        await reach.AwaitAsync($"what the {by} calls", cells);
    }

    /// <summary>Asks the metadata service from a tenant's pod for the credentials of the node.</summary>
    /// <param name="tenant">Whose pod.</param>
    /// <param name="workload">The pod.</param>
    /// <param name="form">How.</param>
    /// <returns>What it said; null where it said nothing.</returns>
    public async Task<string?> AskForCredentialsAsync(Tenant tenant, Workload workload, MetadataForm form)
    {
        await workloads.PodAsync(tenant, workload);
        var probe = await tenant.Pods.ProbeAsync(workload.Name, Metadata(form.Words));
        if (Token().Match(probe.Body ?? "") is { Success: true } token)
            scenario.Platform.Redactor.Add(token.Groups[1].Value);
        scenario.Note($"{workload} of tenant \"{tenant.Name}\"", $"the metadata service, asked {form.Words}, is {probe.Meaning} and says {probe.Body}");
        return probe.Body;
    }

    /// <summary>Tries the server of a tenant by its name, from another pod of the tenant.</summary>
    /// <returns>What came of it.</returns>
    public async Task<ProbeResult> FindServerAsync(Tenant tenant, Workload workload)
    {
        var target = (await reach.TargetAsync(tenant, new("server"), "its name")).Url;
        var probe = await tenant.Pods.ProbeAsync(workload.Name, target);
        scenario.Note($"{workload} of tenant \"{tenant.Name}\"", $"{target} is {probe.Meaning}");
        return probe.Result;
    }

    private async Task<ProbeTarget> TargetAsync(string place, string at) => (place, at) switch
    {
        ("the web site", "") => new(place, OutsideWorld.Site, OutsideWorld.SiteOwner),
        ("the bucket", "") => new(place, $"http://{OutsideWorld.Cloud}/", OutsideWorld.CloudOwner),
        ("the metadata service", _) => new($"{place} {at}", Metadata(at)),
        ("the outside resolver", _) => new($"{place} by {at}", Dns(at, OutsideWorld.Resolver)),
        ("the cluster's DNS", _) => new($"{place} by {at}", Dns(at, await ClusterDnsAsync())),
        (_, "UDP" or "TCP") => await ResolverOfAsync(place, at),
        _ => await WorkloadOfAsync(place, at),
    };

    private static string Metadata(string at) => at switch
    {
        "without a token" => $"http://{OutsideWorld.Metadata}{OutsideWorld.CredentialsPath}",
        "with a token" => $"imds://{OutsideWorld.Metadata}{OutsideWorld.CredentialsPath}",
        _ => throw new ArgumentException($"The metadata service is asked \"without a token\" or \"with a token\", not \"{at}\"."),
    };

    private static string Dns(string at, string server) => at switch
    {
        "UDP" => $"dns://{server}/{AnyName}",
        "TCP" => $"dns+tcp://{server}/{AnyName}",
        _ => throw new ArgumentException($"A resolver is asked by \"UDP\" or \"TCP\", not by \"{at}\"."),
    };

    private async Task<string> ClusterDnsAsync() => HostName.InUrl((string)(await scenario.Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{DnsNamespace}/services/{DnsName}"))
        .OrThrow().Body!["spec"]!["clusterIP"]!);

    private async Task<ProbeTarget> ResolverOfAsync(string place, string at)
    {
        var (tenant, workload) = reach.WorkloadOf(place);
        return new($"{place} by {at}", Dns(at, HostName.InUrl((string)(await workloads.PodAsync(tenant, workload))["status"]!["podIP"]!)));
    }

    private Task<ProbeTarget> WorkloadOfAsync(string place, string at)
    {
        var (tenant, workload) = reach.WorkloadOf(place);
        return reach.TargetAsync(tenant, workload, at);
    }

    // In what the metadata service says.
    [GeneratedRegex("\"Token\":\"([^\"]+)\"")]
    private static partial Regex Token();
}
