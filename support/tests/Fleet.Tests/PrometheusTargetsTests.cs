namespace SecuritySpecs.FleetProgram.Tests;

/// <summary><c>fleet prometheus-targets</c>: the targets that Prometheus' own Kubernetes discovery would find.</summary>
[TestFixture]
public sealed class PrometheusTargetsTests
{
    [Test]
    public async Task The_kubelet_of_a_node_is_a_target()
    {
        await using var api = await FakeApi.StartAsync("a100-1");
        api.Change("/api/v1/nodes/a100-1", Kubelet("10.1.2.3"));
        using var folder = new TestFolder();
        await using var finder = FleetProcess.Start("prometheus-targets", "--dir", folder.Path, "--api", api.Url, "kubelet=node::gpu");
        await finder.SaysAsync("wrote");
        var target = JsonNode.Parse(await File.ReadAllTextAsync(folder.File("kubelet.json")))!.AsArray().Single()!;
        target["targets"]!.ToJsonString().Should().Be("""["10.1.2.3:10250"]""");
        target["labels"]!["__meta_kubernetes_node_name"]!.ToString().Should().Be("a100-1");
        target["labels"]!["__meta_kubernetes_node_label_kubernetes_io_hostname"]!.ToString().Should().Be("a100-1", "what may not be in a label's name is _");
    }

    [Test]
    public async Task Every_port_of_a_pod_is_a_target_while_the_pod_has_an_address()
    {
        await using var api = await FakeApi.StartAsync();
        api.AddPod("starting", Spec());
        api.AddPod("exporter", Spec());
        api.Change(FakeApi.PodPath("exporter"), new JsonObject { ["status"] = new JsonObject { ["podIP"] = "10.0.0.7" } });
        using var folder = new TestFolder();
        await using var finder = FleetProcess.Start("prometheus-targets", "--dir", folder.Path, "--api", api.Url, "gpu=pod:t:app=x");
        await finder.SaysAsync("wrote");
        var targets = JsonNode.Parse(await File.ReadAllTextAsync(folder.File("gpu.json")))!.AsArray();
        targets.Select(t => t!["targets"]![0]!.ToString()).Should().Equal("10.0.0.7:9400", "10.0.0.7:9401");
        var labels = targets[0]!["labels"]!;
        (labels["__meta_kubernetes_namespace"]!.ToString(), labels["__meta_kubernetes_pod_name"]!.ToString(), labels["__meta_kubernetes_pod_container_port_name"]!.ToString(), labels["__meta_kubernetes_pod_node_name"]!.ToString())
            .Should().Be(("t", "exporter", "metrics", "a100-1"));

        api.Change(FakeApi.PodPath("exporter"), new JsonObject { ["status"] = new JsonObject { ["podIP"] = null } });
        await Eventually.HoldsAsync(() => File.ReadAllText(folder.File("gpu.json")) == "[]", "no target", () => finder.Output);
    }

    [TestCase("", "--dir is missing")]
    [TestCase("--dir /tmp", "say at least one JOB")]
    [TestCase("--dir /tmp job=node:x:y", "'job=node:x:y': expected JOB=")]
    [TestCase("--dir /tmp job=pod::y", "'job=pod::y': expected JOB=")]
    [TestCase("--dir /tmp job=pod:x:", "'job=pod:x:': expected JOB=")]
    public async Task Wrong_usage_is_told(string arguments, string message)
    {
        var result = await FleetProcess.RunAsync(["prometheus-targets", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        result.ExitCode.Should().Be(2);
        result.Errors.Should().Contain(message);
    }

    private static JsonObject Kubelet(string address) => new()
    {
        ["status"] = new JsonObject
        {
            ["addresses"] = new JsonArray(new JsonObject { ["type"] = "Hostname", ["address"] = "a100-1" }, new JsonObject { ["type"] = "InternalIP", ["address"] = address }),
            ["daemonEndpoints"] = new JsonObject { ["kubeletEndpoint"] = new JsonObject { ["Port"] = 10250 } },
        },
    };

    private static JsonObject Spec() => new()
    {
        ["nodeName"] = "a100-1",
        ["containers"] = new JsonArray(new JsonObject
        {
            ["name"] = "c",
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "metrics", ["containerPort"] = 9400 }, new JsonObject { ["containerPort"] = 9401 }),
        }),
    };
}
