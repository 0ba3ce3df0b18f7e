using SecuritySpecs.Drills;
using SecuritySpecs.Fleet;
using SecuritySpecs.Kube.Manifests;
using SecuritySpecs.Rbac;
using SecuritySpecs.Reports.Phrases;

namespace SecuritySpecs.Tool;

/// <summary>Everything that people wrote, judged before minutes are spent on images.</summary>
internal static class Inputs
{
    /// <summary>Looks at features, fixtures and what was asked for; prints <c>file:line: problem</c> for each mistake.</summary>
    /// <exception cref="EnvironmentException">There is one.</exception>
    public static async Task CheckAsync(RunOptions options)
    {
        var problems = new List<string>();
        Collect(problems, () =>
        {
            var catalogue = Catalogue.Read(options.Root);
            problems.AddRange(new FeatureTags(catalogue, CapabilityDetector.Names, [.. Runbook.Read(options.Root).Select(r => r.Drill)]).Problems(FeatureIndex.Read(options.Root)));
        });
        if (problems.Count == 0 && StepAssembly.Load(options.Root) is { } bindings)
            problems.AddRange(new StepCheck(bindings).Problems(options.Root, options.Filter));
        Collect(problems, () => FleetFile.Read(Path.Combine(options.Fixtures, "fleet.yaml")));
        Collect(problems, () => RightsOwners.Parse(options.Manifests.SourceOf(RightsOwners.FileName)), $"fleet-fixtures/{RightsOwners.FileName}", options.Manifests.NameOf(RightsOwners.FileName));
        var manifests = options.Manifests;
        foreach (var file in Manifests(options.Fixtures))
            Collect(problems, () => Manifest.Parse(manifests.NameOf(file), manifests.SourceOf(file)));
        problems.AddRange(options.Required.Except([.. CapabilityDetector.Names, ExpectedCapabilities.Keyword])
            .Select(r => $"--require {r}: no such capability; known are {string.Join(", ", CapabilityDetector.Names)}, and {ExpectedCapabilities.Keyword} for all that its version must have"));
        if (options.Cluster != RunOptions.K3s)
            await CollectAsync(problems, () => ServerAnswersAsync(options.Cluster));
        foreach (var problem in problems)
            await Console.Error.WriteLineAsync(problem);
        if (problems.Count > 0)
            throw new EnvironmentException("nothing was run: correct what is named above");
    }

    private static IEnumerable<string> Manifests(string fixtures) =>
        ((string[])["controls", "drills", "workloads"]).SelectMany(f => Directory.EnumerateFiles(Path.Combine(fixtures, f), "*.yaml"))
        .Select(f => Path.GetRelativePath(fixtures, f)).Where(f => f != RightsOwners.FileName).Order(StringComparer.Ordinal);

    private static async Task ServerAnswersAsync(string option)
    {
        await using var cluster = ExistingCluster.FromKubeconfig(option);
        using var api = new KubeApi(cluster.Admin, "platform admin");
        await Platform.VersionAsync(api, cluster);
    }

    private static void Collect(List<string> problems, Action check, string file = "", string? told = null) => CollectAsync(problems, () =>
    {
        check();
        return Task.CompletedTask;
    }, file, told).GetAwaiter().GetResult();

    // What reads a file by the name that it has here does not know where a platform has its own.
    private static async Task CollectAsync(List<string> problems, Func<Task> check, string file = "", string? told = null)
    {
        try
        {
            await check();
        }
        catch (Exception e) when (e is EnvironmentException or BadInputException)
        {
            problems.Add(told is null ? e.Message : e.Message.Replace(file, told, StringComparison.Ordinal));
        }
    }
}
