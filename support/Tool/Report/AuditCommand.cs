using SecuritySpecs.PlatformAudit;
using SecuritySpecs.Rbac;
using SecuritySpecs.Reports.Formats;
using SecuritySpecs.Secrets;

namespace SecuritySpecs.Tool.Report;

/// <summary><c>specs audit</c>: what is wrong with a cluster as it is. It reads, and asks for nothing but lists and versions.</summary>
internal static class AuditCommand
{
    private static readonly string[] Files = ["audit.json", "audit.sarif"];

    // As the API server's own audit log has it: by this its owner knows our requests.
    private const string UserAgent = "security-specs-audit";

    // The part of the bar that is for reading; the rest is for judging.
    private const double ReadingTakes = 0.7;

    /// <summary>Audits a cluster, prints the findings and writes them to the results.</summary>
    /// <param name="tenants">The label selector of tenants' namespaces.</param>
    /// <param name="baseline">An earlier audit.json, whose findings are accepted; null for none.</param>
    /// <param name="registries">Where images may come from, with commas; null for what the cluster's policies say.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>1 where something was found that the baseline does not accept.</returns>
    /// <exception cref="EnvironmentException">No cluster is named, it has no tenants, or it cannot be read.</exception>
    /// <exception cref="BadInputException">A file is wrong.</exception>
    public static async Task<int> RunAsync(string tenants, string? baseline, string? registries, CancellationToken cancel)
    {
        var options = RunOptions.FromEnvironment();
        if (options.Cluster == RunOptions.K3s)
            throw new EnvironmentException("audit wants --cluster KUBECONFIG[#CONTEXT]; that of a cluster that 'specs run --keep' left up is printed at the end of its run");
        var named = registries is null ? null : OwnRegistries.Parse(registries);
        var accepted = baseline is null ? new HashSet<string>() : AuditResult.ReadBaseline(baseline);
        var (catalogue, rules) = (Catalogue.Read(options.Root), Rules(options.Fixtures));
        await using var cluster = ExistingCluster.FromKubeconfig(options.Cluster);
        cluster.Admin.UserAgent = UserAgent;
        using var api = new KubeApi(cluster.Admin, "auditor");
        var audit = await Watch.Create().MeterAsync(async tell =>
        {
            var objects = await ReadAsync(api, cluster.Name, tenants, p => tell($"{p}", p.Share * ReadingTakes));
            var own = rules with { Registries = named ?? OwnRegistries.Of(objects) };
            var findings = ClusterAudit.Findings(objects, own, p => tell($"{p}", ReadingTakes + (p.Share * (1 - ReadingTakes))));
            return AuditResult.Of(cluster.Name, objects, findings, accepted, catalogue, own.Registries);
        }).WaitAsync(cancel);
        Print(audit);
        Directory.CreateDirectory(options.Results);
        string[] texts = [audit.ToJson(), AuditSarif.Render(audit, catalogue)];
        foreach (var (file, text) in Files.Zip(texts))
            await File.WriteAllTextAsync(Path.Combine(options.Results, file), text, cancel);
        Console.WriteLine($"\nReport: {string.Join(", ", Files.Select(f => Path.Combine(options.Results, f)))}");
        Console.WriteLine(Sum(audit));
        return audit.Findings.Count > 0 ? 1 : 0;
    }

    private static AuditRules Rules(string fixtures) => new(
        RightsOwners.Read(Path.Combine(fixtures, RightsOwners.FileName)), SecretRules.Read(fixtures), ToolkitFixes.Read(Path.Combine(fixtures, ToolkitFixes.FileName)));

    private static async Task<ClusterObjects> ReadAsync(KubeApi api, string cluster, string tenants, Action<AuditProgress> tell)
    {
        try
        {
            var objects = await ClusterObjects.ReadAsync(api, tenants, tell);
            return objects.Tenants.Count > 0 ? objects
                : throw new EnvironmentException($"no namespace of {cluster} has the labels {tenants}: choose the tenants' namespaces by --tenants SELECTOR, as kubectl's -l takes it");
        }
        catch (Exception e) when (e is KubeApiException or NoAnswerException)
        {
            throw new EnvironmentException($"the cluster cannot be read, and nothing can be judged by a part of it: {e.Message}", e);
        }
    }

    private static void Print(AuditResult audit)
    {
        Console.WriteLine($"{audit.Cluster}: Kubernetes {audit.Version}, {audit.Tenants.Count} {(audit.Tenants.Count == 1 ? "tenant" : "tenants")}");
        foreach (var finding in audit.Findings)
            Console.WriteLine($"\n{Word(finding.Severity),-8}  {finding.Target}: {finding.Problem}  [{finding.Control}, {finding.Fingerprint}]\n          {finding.Allows}\n          fix: {finding.Fix}");
        if (audit.Unseen.Count > 0)
            Console.WriteLine($"\nNot found any more; take them out of the baseline: {string.Join(", ", audit.Unseen)}");
        if (audit.Registries is { } own)
            Console.WriteLine($"\nImages may come from {string.Join(", ", own.Folders)}, as {own.Source} says.");
        Console.WriteLine($"\n{string.Join('\n', audit.NotJudged)}");
    }

    private static string Sum(AuditResult audit)
    {
        var parts = audit.Findings.CountBy(f => f.Severity).OrderBy(s => s.Key).Select(s => $"{s.Value} {Word(s.Key)}");
        return $"{audit.Findings.Count} findings{(audit.Findings.Count > 0 ? $": {string.Join(", ", parts)}" : "")}{(audit.Accepted > 0 ? $"; {audit.Accepted} accepted by the baseline" : "")}";
    }

    private static string Word(Severity severity) => severity.ToString().ToLowerInvariant();
}
