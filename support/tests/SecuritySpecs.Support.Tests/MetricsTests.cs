using SecuritySpecs.Drivers.NetworkBoundaries;
using SecuritySpecs.Fleet;
using SecuritySpecs.Metrics;

namespace SecuritySpecs.Tests;

/// <summary>Series as they are read, written and found, and what an exporter may have of its node.</summary>
[TestFixture]
public sealed class MetricsTests
{
    private static readonly RunOptions Options = RunOptions.FromEnvironment() with { FleetImage = "fleet:1" };
    private static readonly GpuPool Pool = new("a100", "NVIDIA-A100", 81920, 1, 8, 1);

    [Test]
    public void Series_are_read_from_text_up_to_where_it_is_cut_off()
    {
        var series = Series.OfText("# HELP up Whether.\n# TYPE up gauge\nup 1\ngpu{UUID=\"GPU-1\",pod=\"a\\\"b,c\"} 7.5\ngpu{UUID=\"GPU-2\"} 8e1\ngpu{UUID=\"GPU-3\"} 9");

        series.Select(s => (s["__name__"], s[Series.Uuid], s["pod"], s.Value)).Should().Equal(("up", null, null, 1), ("gpu", "GPU-1", "a\"b,c", 7.5), ("gpu", "GPU-2", null, 80));
    }

    [Test]
    public void A_name_may_have_colons() =>
        Series.OfText("vllm:num_requests_waiting{model_name=\"m\"} 3\n").Should().ContainSingle(s => s["__name__"] == "vllm:num_requests_waiting" && s.Value == 3);

    [Test]
    public void Series_are_read_from_an_answer_to_a_query() =>
        Series.OfQuery(JsonNode.Parse("""{"data":{"result":[{"metric":{"__name__":"up","job":"x"},"value":[1.5,"0.25"]}]}}""")!)
            .Should().ContainSingle(s => s["job"] == "x" && s.Value == 0.25);

    [Test]
    public void A_remote_write_is_literal_snappy_of_one_series_with_sorted_labels()
    {
        var body = RemoteWrite.Body(new Dictionary<string, string> { ["b"] = new('x', 70), ["__name__"] = "m" }, 2, DateTimeOffset.FromUnixTimeMilliseconds(300));

        var (content, length) = Unsnap(body);
        length.Should().Be(content.Length);
        // WriteRequest { timeseries { labels { "__name__" "m" } labels { "b" "xx..." } samples { 2.0 at 300 } } }
        content.Should().StartWith(new byte[] { 0x0a, 106, 0x0a, 13, 0x0a, 8 });
        Encoding.ASCII.GetString(content).IndexOf("__name__", StringComparison.Ordinal).Should().BeLessThan(Encoding.ASCII.GetString(content).IndexOf("xxx", StringComparison.Ordinal));
        content.Should().EndWith(new byte[] { 0x12, 12, 0x09, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x10, 0xac, 0x02 });
    }

    // A length, then literals: a tag with the length less one in its upper six bits.
    private static (byte[] Content, int Length) Unsnap(byte[] body)
    {
        var content = new List<byte>();
        for (var i = 1; i < body.Length; i += 2 + (body[i] >> 2))
        {
            (body[i] & 3).Should().Be(0, "only literals are written");
            content.AddRange(body.Skip(i + 1).Take(1 + (body[i] >> 2)));
        }

        return ([.. content], body[0]);
    }

    [Test]
    public void The_reference_exporter_has_one_folder_of_its_node_to_read()
    {
        ExporterAudit.Findings(Exporter()).Should().BeEmpty();
    }

    [TestCase("with the network of the node", "has the network of the node")]
    [TestCase("with the port \"9400\" of the node", "has port 9400 of the node")]
    [TestCase("with the process table of the node", "has the process table of the node")]
    [TestCase("with the folder \"/\" of the node", "has the folder / of the node")]
    [TestCase("with the folders of the node writable", "may write the folder /var/lib/kubelet/pod-resources of the node")]
    [TestCase("with the token of its account", "has a token of its account")]
    [TestCase("with the capability \"SYS_ADMIN\"", "has the capability SYS_ADMIN")]
    public void A_mistake_in_an_exporter_is_found_and_no_other(string edit, string finding)
    {
        ExporterAudit.Findings(Exporter(edit)).Should().Equal(finding);
    }

    [Test]
    public void A_privileged_container_is_found_whatever_else_it_is()
    {
        var exporter = Exporter();
        exporter["spec"]!["initContainers"] = new JsonArray(new JsonObject { ["name"] = "i", ["securityContext"] = new JsonObject { ["privileged"] = true } });

        ExporterAudit.Findings(exporter).Should().Equal("is privileged", "keeps the default capabilities");
    }

    // Its template is the pod as the audit finds it.
    private static JsonNode Exporter(string? edit = null)
    {
        var manifest = Manifest.Load(Options.Fixtures, Telemetry.WorkloadFile, Telemetry.ExporterValues(Options, Pool, "fleet", "e", "secret"));
        if (edit is not null)
            ManifestEdit.Of(edit).ApplyTo(manifest);
        return manifest.Objects.Single(o => (string?)o["kind"] == "DaemonSet")["spec"]!["template"]!;
    }

    [Test]
    public void A_Prometheus_with_Kubernetes_discovery_is_deployed_as_the_file_has_it()
    {
        var manifest = Telemetry.LoadPrometheus(Options with { PrometheusImage = "prom/prometheus:v3" }, "monitoring", "p", "fleet");

        Config(manifest).Should().Contain("kubernetes_sd_configs").And.NotContain("file_sd_configs");
        Containers(manifest).Should().HaveCount(1);
    }

    [Test]
    public void Beside_a_Prometheus_without_it_a_container_finds_the_same_targets()
    {
        var manifest = Telemetry.LoadPrometheus(Options with { PrometheusImage = "securityspecs/prometheus:1" }, "monitoring", "p", "fleet");

        Config(manifest).Should().NotContain("kubernetes_sd_configs").And.Contain("/targets/dcgm-exporter.json").And.Contain("/targets/kubelet.json").And.Contain("relabel_configs");
        var finder = Containers(manifest)[1]!;
        finder["image"]!.ToString().Should().Be("fleet:1");
        finder["args"]!.AsArray().Select(a => a!.ToString()).Should().Equal(
            "prometheus-targets", "--dir", "/targets", "dcgm-exporter=pod:fleet:app.kubernetes.io/name=dcgm-exporter", "kubelet=node::security.specs/real-gpu-node");
    }

    [Test]
    public void The_Prometheus_that_is_pulled_is_pinned() =>
        File.ReadAllLines(Path.Combine(Options.Root, "support", "images", "prometheus", "image")).Where(l => !l.StartsWith('#'))
            .Should().ContainSingle().Which.Should().MatchRegex(@"^prom/prometheus:v[0-9]+\.[0-9]+\.[0-9]+$");

    private static string Config(Manifest manifest) => manifest.Objects.Single(o => (string?)o["kind"] == "ConfigMap")["data"]!["prometheus.yml"]!.ToString();

    private static JsonArray Containers(Manifest manifest) => manifest.Objects.Single(o => (string?)o["kind"] == "Deployment")["spec"]!["template"]!["spec"]!["containers"]!.AsArray();
}
