using Microsoft.AspNetCore.Http;
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

    [Test]
    public async Task What_a_mistake_has_taken_out_of_a_file_goes_from_a_cluster_that_has_it()
    {
        const string File = "workloads/vgpu-scheduler.yaml";
        var values = new Dictionary<string, string> { ["NAMESPACE"] = "fleet", ["IMAGE"] = "image", ["NODE"] = "node", ["CERTIFICATE"] = "", ["KEY"] = "" };
        var run = new RunManifests(Path.Combine(RunOptions.FindRoot(), "fleet-fixtures"), "run", "image");
        var text = run.SourceOf(File);
        var webhook = text.IndexOf("kind: MutatingWebhookConfiguration", StringComparison.Ordinal);
        var before = text[..text.LastIndexOf("---", webhook, StringComparison.Ordinal)];
        var mutant = new PlannedMutant("m", File, before);

        (run with { Mutants = [mutant] }).Load(File, values).TakenOut.Select(o => (string)o["kind"]!).Should().Equal("MutatingWebhookConfiguration");
        (run with { Mutants = [mutant with { File = "workloads/prometheus.yaml" }] }).Load(File, values).TakenOut.Should().BeEmpty();

        var deleted = new List<string>();
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            if (context.Request.Method == "DELETE")
                deleted.Add(context.Request.Path);
            context.Response.StatusCode = context.Request.Method == "DELETE" ? 404 : 200;
            await context.Response.WriteAsync("""{"kind": "APIResourceList", "resources": [{"name": "mutatingwebhookconfigurations", "kind": "MutatingWebhookConfiguration", "namespaced": false}]}""");
        });
        var one = (run with { Mutants = [mutant] }).Load(File, values);
        await SharedParts.ApplyAsync(server.Api, "test", one with { Objects = [] });

        deleted.Should().Equal("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/security-specs-vgpu");
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
