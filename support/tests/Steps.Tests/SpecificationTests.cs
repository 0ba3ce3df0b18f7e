using SecuritySpecs.Cluster;
using SecuritySpecs.Kube.Files;
using SecuritySpecs.Mutation;
using SecuritySpecs.Reports;
using SecuritySpecs.Reports.Phrases;
using SecuritySpecs.Tool.Mutate;

namespace Steps.Tests;

/// <summary>
/// A spec for the specs: what each control of the catalogue must have. Without a sentence of impact the catalogue cannot even be read.
/// </summary>
[TestFixture]
public sealed class SpecificationTests
{
    // The controls that no manifest under test sets up, and what plays the mutants there.
    private static readonly Dictionary<string, string> WithoutMutants = new()
    {
        ["controls-together"] = "it is about all files at once: each is judged by its own control",
        ["gpu-toolkit"] = "its fixes are data, and no manifest: how versions compare is tested in Support.Tests",
        ["cryptojacking"] = "it tells of other controls: each of their manifests has its mutants there",
        ["workload-sandboxing"] = "the RuntimeClass is the platform's own: how kernels are told apart is tested in Support.Tests",
        ["credentials-in-objects"] = "its rules are fleet-fixtures/secret-rules.toml: each has samples that it must find and near misses",
    };

    // The objects in which no operator has anything to change.
    private static readonly Dictionary<string, string> WithoutSettings = new()
    {
        ["controls/personas.yaml: Namespace"] = "it has a name and nothing else",
        ["controls/telemetry-rbac.yaml: ServiceAccount"] = "it has a name and nothing else: Prometheus needs its token",
        ["workloads/vgpu-plugin.yaml: ServiceAccount"] = "it has a name and nothing else: the plugin needs its token",
        ["workloads/vgpu-scheduler.yaml: ServiceAccount"] = "it has a name and nothing else: the scheduler needs its token",
        ["workloads/dcgm-exporter.yaml: Secret"] = "each run makes its value",
        ["workloads/vgpu-scheduler.yaml: Secret"] = "each run makes its values",
    };

    private static readonly string Root = RunOptions.FindRoot();
    private static readonly string Fixtures = Path.Combine(Root, "fleet-fixtures");
    private static readonly IReadOnlyList<FeatureStep> Steps = FeatureStep.Read(Root);
    private static readonly List<CatalogueRow> Rows = [.. Catalogue.Read(Root).Rows.Where(r => r.Planned is null)];
    private static readonly List<string> Controls = [.. Rows.Select(r => r.Id)];

    [Test]
    public void Every_control_has_an_allowed_twin_a_denial_with_a_reason_an_exposure_and_its_closure() =>
        Lacking(Steps).Should().BeEquivalentTo(Rows.SelectMany(r => r.NotShown.Keys.Select(k => $"{r.Id}: {k}")), "each control shows all four, but for what its not-shown in the catalogue gives a reason for");

    [TestCase("gpu-limit-range", "gpu-limit-range: Allowed", "gpu-limit-range: Denied", "gpu-limit-range: Exposed", "gpu-limit-range: Closed")]
    [TestCase("default-deny", "default-deny: Allowed", "default-deny: Denied", "default-deny: Exposed", "default-deny: Closed")]
    public void A_control_without_its_denials_is_named(string control, params string[] named) =>
        Lacking([.. Steps.Where(s => !IsOf(control, s) || !Observed.IsDenial(s))]).Except(Lacking(Steps)).Should().BeEquivalentTo(named);

    [Test]
    public void A_control_whose_mistakes_are_gone_has_no_exposure() =>
        Lacking([.. Steps.Where(s => !IsOf("least-privilege-rbac", s) || !s.Text.Contains("is granted", StringComparison.Ordinal)
                && !s.Text.Contains("grant is removed", StringComparison.Ordinal))])
            .Except(Lacking(Steps)).Should().Equal("least-privilege-rbac: Exposed", "least-privilege-rbac: Closed");

    [Test]
    public void Every_pattern_of_what_is_observed_fits_a_step() =>
        Observed.Patterns.Where(p => !Steps.Any(s => Regex.IsMatch(s.Text, p))).Should().Equal([], "no feature says it so any more");

    [Test]
    public void Every_control_has_mutants()
    {
        var scenarios = new Scenarios(FeatureIndex.Read(Root), LoadMap.Read(Root), FixtureFile.Read(Path.Combine(Root, "fleet-fixtures")), Killers.Read(Root));

        Controls.Except(Mutants.Files(Fixtures).SelectMany(scenarios.ControlsOf)).Should()
            .BeEquivalentTo(WithoutMutants.Keys, "fleet-fixtures/files.yaml says which files belong to which controls");
    }

    // Every operator is tried on every object of the kinds that it fits, so a control cannot lack the mutants of one of them. What it can
    // lack is an operator for an object.
    [Test]
    public void Every_object_of_the_files_has_mutants_of_its_own() =>
        Mutants.Files(Fixtures).SelectMany(f => Documents(f).Where(d => Mutants.OfText(f, d).Count == 0).Select(d => $"{f}: {Kind(d)}"))
            .Should().BeEquivalentTo(WithoutSettings.Keys, "support/Mutation/Operators needs an operator for every other kind");

    private static bool IsOf(string control, FeatureStep step) => step.Tags.Contains($"control:{control}");

    private static string[] Documents(string file) => Regex.Split(File.ReadAllText(Path.Combine(Fixtures, file)), "(?m)^---$");

    private static string Kind(string document) => Regex.Match(document, "(?m)^kind: (.*)$").Groups[1].Value;

    private static List<string> Lacking(IReadOnlyList<FeatureStep> steps)
    {
        var (controls, shown) = (steps.ToLookup(s => $"{s.Tags.Single(t => t.StartsWith("control:", StringComparison.Ordinal))}"), Observed.ByScenario(steps));
        return [.. Controls.SelectMany(c => Enum.GetValues<Shown>().Except(controls[$"control:{c}"].SelectMany(s => shown[(s.File, s.ScenarioLine)])).Select(s => $"{c}: {s}"))];
    }
}
