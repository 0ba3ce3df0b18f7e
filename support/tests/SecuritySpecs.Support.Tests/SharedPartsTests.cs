using SecuritySpecs.Fleet;

namespace SecuritySpecs.Tests;

/// <summary>What the runs on a cluster share.</summary>
public sealed class SharedPartsTests
{
    private const string Prometheus = "workloads/prometheus.yaml";
    private static readonly Dictionary<string, string> s_values = new() { ["NAMESPACE"] = "monitoring", ["NAME"] = "prometheus", ["IMAGE"] = "prometheus:test", ["FLEET"] = "fleet" };

    [Test]
    public void A_changed_configuration_renews_the_pods_that_read_it()
    {
        var before = Mark(_ => { });

        before.Should().NotBeNullOrEmpty();
        Mark(_ => { }).Should().Be(before, "the same configuration renews nothing");
        Mark(m => Map(m)["data"]!["prometheus.yml"] = "global: {}").Should().NotBe(before, "the configuration is another one");
        Mark(m => Map(m)["metadata"]!["name"] = "of-another-program").Should().BeNull("the pods do not read it");
    }

    private static JsonObject Map(Manifest manifest) => manifest.Objects.Single(o => (string?)o["kind"] == "ConfigMap");

    private static string? Mark(Action<Manifest> change)
    {
        var manifest = Manifest.Load(Path.Combine(RunOptions.FindRoot(), "fleet-fixtures"), Prometheus, s_values);
        change(manifest);
        SharedParts.MarkConfiguration(manifest);
        return (string?)manifest.Objects.Single(o => (string?)o["kind"] == "Deployment")["spec"]!["template"]!["metadata"]!["annotations"]?[SharedParts.Configuration];
    }
}
