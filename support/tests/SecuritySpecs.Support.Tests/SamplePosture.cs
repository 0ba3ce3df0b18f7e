using SecuritySpecs.Reports.Phrases;

namespace SecuritySpecs.Tests;

/// <summary>The posture of a run of this project's own features, with evidence as a run has it, made without a cluster.</summary>
internal static class SamplePosture
{
    private static readonly string Root = RunOptions.FindRoot();

    /// <summary>The posture: one scenario has failed, one is inconclusive, and the others have passed.</summary>
    /// <param name="most">How many scenarios it has at most.</param>
    public static Posture Of(int most = int.MaxValue)
    {
        var features = FeatureIndex.Read(Root);
        var all = FeatureStep.Read(Root);
        var steps = all.ToLookup(s => (s.File, s.ScenarioLine));
        var catalogue = Catalogue.Read(Root);
        var builder = new PostureBuilder(catalogue, features, filtered: true, shown: Observed.ByScenario(all)) { Coverage = Coverage.Read(Root, catalogue) };
        foreach (var (place, number) in features.All.Where(p => !p.Tags.Contains("ignore")).Take(most).Select((p, n) => (p, n)))
        {
            var status = number switch { 3 => ResultStatus.Failed, 5 => ResultStatus.Inconclusive, _ => ResultStatus.Passed };
            builder.Add(new(place.Feature, place.Name, place.Line, number == 3 ? [.. place.Tags, "drill:quota-deleted"] : place.Tags, status, 1_234.5, status == ResultStatus.Passed ? null : $"Expected 403, but found 201 (scenario {number})",
                [.. steps[(place.Feature, place.Line)].Select((s, n) => Step(s, number, n))], status == ResultStatus.Failed ? FailureKind.Assertion : null));
        }

        var cluster = new ClusterInfo("k3s", "k3s in a container", "v1.36.2+k3s1", 5, [new("dra", true, "resource.k8s.io/v1 is served"), new("sandbox", false, "no RuntimeClass names a handler of a sandbox")]);
        var posture = builder.Build(new("025ea7c0", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddMinutes(4), 4_800, 7_300, null, null, false), cluster, new(32, ["a100-1"], ["a100-2", "h100-1", "l40s-1", "l40s-2"], Fleet()), []);
        return posture with { Mutants = [Mutant("a", MutantVerdict.Killed, "gpu-quota"), Mutant("b", MutantVerdict.Survived, "gpu-quota"), Mutant("c", MutantVerdict.Killed, "egress"), Mutant("d", MutantVerdict.Equivalent, "egress")] };
    }

    // Tenants "blue" and "green" hold so many GPUs of the first node.
    private static FleetNode[] Fleet(int blue = 0, int green = 0) =>
    [
        new("a100-1", "a100", true, 8, 7, [.. new GpuHolder[] { new("tenant \"blue\"", blue), new("tenant \"green\"", green) }.Where(h => h.Gpus > 0)], new Dictionary<string, string> { ["gpu-pool"] = "a100" }, []),
        .. from node in (string[])["a100-2", "h100-1", "l40s-1", "l40s-2"]
           let gpus = node[0] == 'l' ? 4 : 8
           select new FleetNode(node, node[..4], false, gpus, gpus, [], new Dictionary<string, string> { ["gpu-pool"] = node[..4] }, node[0] == 'h' ? ["gpu-pool=h100:NoSchedule"] : []),
    ];

    // One may read and must; he must not write, and may.
    private static EvidenceEntry WhoCan(string who, bool met) => new(who, "OBSERVE", "", null, null, "2 of 2 rows hold", DateTimeOffset.UnixEpoch, 0,
        new(["read the secret of blue", $"write as {who} of blue"], [new(who, [new(true, "allowed", true), new(false, met ? "denied" : "allowed", met)])], EvidenceGrid.WhoCan));

    private static MutantResult Mutant(string id, MutantVerdict verdict, string control) => new($"controls/{control}.yaml#{id}", $"controls/{control}.yaml", "raise", "- 2\n+ 200\n", false, verdict, null,
        [new("gpu-quota.feature: One", control, verdict == MutantVerdict.Killed ? ResultStatus.Failed : ResultStatus.Passed, null, null, 5)], [control]);

    // Names differ from scenario to scenario, as those of a run do.
    private static StepResult Step(FeatureStep step, int scenario, int number)
    {
        var tenant = $"specs-{(scenario * 7_919 + 104_729) % 1_000_003:x6}-blue";
        var evidence = Enumerable.Range(0, 3).Select(n => new EvidenceEntry("tenant \"blue\"", "POST", $"/api/v1/namespaces/{tenant}/pods?fieldManager=specs-{number}{n}", n == 0 ? 201 : 403, n == 0 ? null : "Forbidden",
            n == 0 ? null : $"pods \"gpu-{scenario * 31 + n:x8}\" is forbidden: exceeded quota: gpu-quota, requested: requests.nvidia.com/gpu={n}, used: requests.nvidia.com/gpu={number}, limited: requests.nvidia.com/gpu=2",
            DateTimeOffset.UnixEpoch, 3.2));
        var pictures = new EvidenceEntry("the server", "OBSERVE", "", null, null, "in 3 rounds in a row:\n  text", DateTimeOffset.UnixEpoch, 0,
            new(["the server at its pod IP", "the server at its service"], [new("the client", [new(true, "reached", true), new(false, "silence", true)]), new("the other", [EvidenceCell.NotTried, new(false, "reached", false)])]), new(1, 4, "GPUs"));
        if (scenario == 3 && number == 0)
            evidence = evidence.Append(pictures).Concat(from blue in (int[])[2, 5, 1] select new EvidenceEntry("the fleet", "OBSERVE", "", null, null, "seen", DateTimeOffset.UnixEpoch, 0, Fleet: Fleet(blue, green: 1)));
        if (scenario == 3 && number == 0)
            evidence = evidence.Concat(from persona in (string[])["the auditor", "the deployer"] select WhoCan(persona, met: persona == "the auditor"));
        if (scenario == 3 && number < 3)
            evidence = evidence.Append(new EvidenceEntry("quota of tenant \"blue\"", "OBSERVE", "", null, null, "seen", DateTimeOffset.UnixEpoch, 0, Bar: number switch { 0 => new(0, 1, "GPUs"), 1 => new(32, null, "GPUs"), _ => new(2, 1, "GPUs") }));
        return new(step.Keyword, step.Text, ResultStatus.Passed, 12.5, [.. evidence]);
    }
}
