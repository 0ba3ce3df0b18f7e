using SecuritySpecs.PlatformAudit;

namespace SecuritySpecs.Reports;

/// <summary>What an audit has found, as <c>audit.json</c> has it.</summary>
/// <param name="SchemaVersion">The version of this form.</param>
/// <param name="At">When the cluster was read.</param>
/// <param name="Cluster">The context of the kubeconfig.</param>
/// <param name="Version">The API server's gitVersion.</param>
/// <param name="Tenants">The namespaces that were judged as tenants'.</param>
/// <param name="Findings">What was found, the worst first, without what the baseline accepts.</param>
/// <param name="Accepted">How many findings the baseline accepts.</param>
/// <param name="Unseen">Fingerprints of the baseline that were not found any more: take them out.</param>
/// <param name="Registries">Where images may come from; null where nobody has said: then that is not judged.</param>
public sealed record AuditResult(
    int SchemaVersion, DateTimeOffset At, string Cluster, string Version, IReadOnlyList<string> Tenants, IReadOnlyList<AuditedFinding> Findings, int Accepted, IReadOnlyList<string> Unseen,
    OwnRegistries? Registries = null)
{
    /// <summary>The version of the form that this code writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>What was not judged: what no object tells, and what nobody has said what is right; a sentence each.</summary>
    public IReadOnlyList<string> NotJudged =>
    [
        .. Registries is null ? [$"Where images come from was not judged: no {OwnRegistries.Option} named your registries, and no ValidatingAdmissionPolicy lists them as fleet-fixtures/controls/image-sources.yaml does."] : (string[])[],
        "An audit does not see whether the network enforces its policies, what policies of other kinds (Cilium's, Calico's, AdminNetworkPolicy) allow, or what admission webhooks decide.",
        "A program that listens on a port that its pod does not declare is not seen.",
    ];

    /// <summary>Judges by a baseline, and adds the controls' ids in frameworks.</summary>
    /// <param name="cluster">The context of the kubeconfig.</param>
    /// <param name="objects">The cluster.</param>
    /// <param name="findings">What was found.</param>
    /// <param name="baseline">The fingerprints that are accepted.</param>
    /// <param name="catalogue">The controls.</param>
    /// <param name="registries">Where images may come from; null where nobody has said.</param>
    public static AuditResult Of(string cluster, ClusterObjects objects, IReadOnlyList<AuditFinding> findings, IReadOnlySet<string> baseline, Catalogue catalogue, OwnRegistries? registries)
    {
        var open = findings.Where(f => !baseline.Contains(f.Fingerprint)).Select(f => new AuditedFinding(f.Fingerprint, f.Control, f.Severity, f.Target, f.Problem, f.Allows, f.Fix, Frameworks(catalogue, f.Control))).ToList();
        return new(CurrentSchema, DateTimeOffset.UtcNow, cluster, objects.Version, objects.Tenants, open, findings.Count - open.Count, [.. baseline.Except(findings.Select(f => f.Fingerprint)).Order(StringComparer.Ordinal)], registries);
    }

    /// <summary>The fingerprints of a baseline: an earlier audit.json, with whatever findings were taken out of it.</summary>
    /// <exception cref="BadInputException">It is no such file; the place is named.</exception>
    public static IReadOnlySet<string> ReadBaseline(string path)
    {
        try
        {
            var result = JsonSerializer.Deserialize<AuditResult>(File.ReadAllText(path), Posture.JsonOptions);
            return result is { SchemaVersion: CurrentSchema, Findings: { } findings } ? findings.Select(f => f.Fingerprint).ToHashSet()
                : throw new BadInputException(path, 0, $"no audit.json of version {CurrentSchema}");
        }
        catch (JsonException e)
        {
            throw new BadInputException(path, (int)(e.LineNumber ?? 0) + 1, $"no audit.json: {e.Message}");
        }
    }

    /// <summary>The JSON form.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Posture.JsonOptions) + "\n";

    private static IReadOnlyList<string> Frameworks(Catalogue catalogue, string control) =>
        [.. catalogue.Rows.Single(c => c.Id == control).Frameworks.SelectMany(f => f.Value.Select(id => $"{f.Key}: {id}"))];
}

/// <summary>A finding, as <c>audit.json</c> has it.</summary>
/// <param name="Fingerprint">What a baseline knows it by.</param>
/// <param name="Control">The control.</param>
/// <param name="Severity">How much it lets happen.</param>
/// <param name="Target">The object.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="Allows">What it allows.</param>
/// <param name="Fix">What to do.</param>
/// <param name="Frameworks">The control's ids in frameworks.</param>
public sealed record AuditedFinding(string Fingerprint, string Control, Severity Severity, string Target, string Problem, string Allows, string Fix, IReadOnlyList<string> Frameworks);
