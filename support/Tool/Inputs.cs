using SecuritySpecs.Drills;
using SecuritySpecs.Fleet;
using SecuritySpecs.Kube.Files;
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
        Collect(problems, () => RightsOwners.Read(options.Manifests.PathOf(RightsOwners.FileName)));
        var manifests = options.Manifests;
        // Every control has a file in whatever folder is under test: one that is missing there is told here.
        foreach (var file in Manifests(options.Fixtures))
            Collect(problems, () => Manifest.Parse(Told(manifests, file), TextFile.Read(manifests.PathOf(file), Told(manifests, file))));
        problems.AddRange(options.Required.Except([.. CapabilityDetector.Names, ExpectedCapabilities.Keyword])
            .Select(r => $"--require {r}: no such capability; known are {string.Join(", ", CapabilityDetector.Names)}, and {ExpectedCapabilities.Keyword} for all that its version must have"));
        if (options.Cluster != RunOptions.K3s)
            await CollectAsync(problems, () => ServerAnswersAsync(options.Cluster));
        foreach (var problem in problems)
            await Console.Error.WriteLineAsync(problem);
        if (problems.Count > 0)
            throw new EnvironmentException("nothing was run: correct what is named above");
    }

    private static string Told(RunManifests manifests, string file) =>
        manifests.PathOf(file) is var path && path.StartsWith(manifests.Folder, StringComparison.Ordinal) ? $"fleet-fixtures/{file}" : path;

    private static IEnumerable<string> Manifests(string fixtures) =>
        ((string[])["controls", "drills", "workloads"]).SelectMany(f => Directory.EnumerateFiles(Path.Combine(fixtures, f), "*.yaml"))
        .Select(f => Path.GetRelativePath(fixtures, f)).Where(f => f != RightsOwners.FileName).Order(StringComparer.Ordinal);

    private static async Task ServerAnswersAsync(string option)
    {
        await using var cluster = ExistingCluster.FromKubeconfig(option);
        using var api = new KubeApi(cluster.Admin, "platform admin");
        await Platform.VersionAsync(api, cluster);
    }

    private static void Collect(List<string> problems, Action check) => CollectAsync(problems, () =>
    {
        check();
        return Task.CompletedTask;
    }).GetAwaiter().GetResult();

    private static async Task CollectAsync(List<string> problems, Func<Task> check)
    {
        try
        {
            await check();
        }
        catch (Exception e) when (e is EnvironmentException or BadInputException)
        {
            problems.Add(e.Message);
        }
    }
}
