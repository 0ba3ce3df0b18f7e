namespace SecuritySpecs.FleetProgram.Tests;

/// <summary><c>fleet dcgm-exporter</c>: what it tells, of whom, and who may switch it.</summary>
[TestFixture]
public sealed class DcgmExporterTests
{
    private const string Utilization = "DCGM_FI_DEV_GPU_UTIL";
    private const string Xid = "DCGM_FI_DEV_XID_ERRORS";

    [Test]
    public async Task Metrics_are_in_Prometheus_text_format()
    {
        await using var exporter = await RunningExporter.StartAsync();
        using var response = await exporter.GetAsync("/metrics");
        response.Content.Headers.ContentType!.ToString().Should().Be("text/plain; version=0.0.4; charset=utf-8");
        var text = await response.Content.ReadAsStringAsync();
        text.Should().EndWith("\n");
        text.TrimEnd('\n').Split('\n').Should().OnlyContain(line => IsLine(line));
        foreach (var field in new[] { Utilization, Xid, "DCGM_FI_DEV_FB_USED", "DCGM_FI_DEV_FB_FREE", "DCGM_FI_DEV_GPU_TEMP", "DCGM_FI_DEV_POWER_USAGE", "DCGM_FI_PROF_GR_ENGINE_ACTIVE" })
            text.Should().MatchRegex($@"# HELP {field} \S.*\n# TYPE {field} gauge\n{field}\{{gpu=""0"".*\n{field}\{{gpu=""1"".*\n", "a field has its head and one series a GPU");
    }

    private static bool IsLine(string line) =>
        System.Text.RegularExpressions.Regex.IsMatch(line, @"^(# HELP \w+ .+|# TYPE \w+ (gauge|counter)|\w+\{\w+=""[^""]*""(,\w+=""[^""]*"")*\} [0-9.E+]+)$");

    [Test]
    public async Task Every_series_says_which_GPU_of_which_host_it_is_about()
    {
        await using var exporter = await RunningExporter.StartAsync();
        await using var plugin = await RunningPlugin.StartAsync(gpus: 2, node: "a100-1");
        (await exporter.UuidsAsync()).Should().Equal(await plugin.UuidsAsync(), "exporter and device plugin mean the same GPUs");
        var series = await exporter.SeriesAsync(Utilization);
        series[1].Labels.Should().MatchRegex(@"^gpu=""1"",UUID=""GPU-[0-9a-f-]{36}"",pci_bus_id=""00000000:0F:00\.0"",device=""nvidia1"",modelName=""NVIDIA-A100"",Hostname=""a100-1""$");
    }

    [TestCase("v1")]
    [TestCase("v1alpha1")]
    public async Task The_holder_of_a_GPU_is_named_as_long_as_it_holds_it(string version)
    {
        await using var exporter = await RunningExporter.StartAsync(await FakePodResources.StartAsync(version));
        var uuids = await exporter.UuidsAsync();
        exporter.Kubelet.Give("green", "train", "main", "nvidia.com/gpu", uuids[1]);
        exporter.Kubelet.Give("green", "plain", "main", "example.com/nic", "eth7");
        var held = await exporter.SeriesAsync(Utilization);
        held[1].Labels.Should().EndWith(@",container=""main"",namespace=""green"",pod=""train""");
        held[1].Value.Should().BeGreaterThan(0, "a GPU that is held works");
        held[0].Labels.Should().NotContain("namespace");
        held[0].Value.Should().Be(0);
        (await exporter.ValuesAsync("DCGM_FI_DEV_FB_USED")).Should().Equal(0, 61440);
        (await exporter.ValuesAsync("DCGM_FI_DEV_FB_FREE")).Should().Equal(81920, 20480);

        exporter.Kubelet.Pods.PodResources.Clear();
        (await exporter.SeriesAsync(Utilization)).Should().OnlyContain(s => !s.Labels.Contains("green") && s.Value == 0);
    }

    [Test]
    public async Task A_kubelet_that_does_not_tell_is_said_once_and_the_GPUs_are_served_without_holders()
    {
        await using var exporter = await RunningExporter.StartAsync();
        exporter.Kubelet.Give("green", "train", "main", "nvidia.com/gpu", (await exporter.UuidsAsync())[0]);
        exporter.Kubelet.Refuses = true;
        (await exporter.SeriesAsync(Utilization)).Should().HaveCount(2).And.OnlyContain(s => !s.Labels.Contains("green"));
        await exporter.TextAsync();
        await exporter.Process.SaysAsync("does not tell who holds the GPUs: not ready");
        exporter.Process.Output.Split("does not tell").Should().HaveCount(2);
        exporter.Kubelet.Refuses = false;
        (await exporter.SeriesAsync(Utilization))[0].Labels.Should().Contain("green");
    }

    [Test]
    public async Task What_would_end_a_label_is_escaped()
    {
        await using var exporter = await RunningExporter.StartAsync();
        exporter.Kubelet.Give("green", "a\"b\\c\nd", "main", "nvidia.com/gpu", (await exporter.UuidsAsync())[0]);
        (await exporter.TextAsync()).Should().Contain(@"pod=""a\""b\\c\nd""}");
    }

    [TestCase("xid", Xid, 79)]
    [TestCase("thermal", "DCGM_FI_DEV_GPU_TEMP", 97)]
    [TestCase("thermal", "DCGM_FI_DEV_SM_CLOCK", 210)]
    [TestCase("ecc", Xid, 48)]
    [TestCase("ecc", "DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", 12)]
    public async Task Anybody_can_make_the_open_exporter_raise_an_alarm(string scenario, string field, double value)
    {
        await using var exporter = await RunningExporter.StartAsync(null, "--scenario", "open");
        var before = await exporter.ValuesAsync(field);
        before.Should().NotContain(value);
        (await exporter.SwitchAsync($$"""{"scenario":"{{scenario}}","gpu":1}""")).Status.Should().Be(HttpStatusCode.NoContent);
        (await exporter.ValuesAsync(field)).Should().Equal(before[0], value);
        (await exporter.SwitchAsync("""{"scenario":"healthy"}""")).Status.Should().Be(HttpStatusCode.NoContent);
        (await exporter.ValuesAsync(field)).Should().Equal(before);
    }

    [Test]
    public async Task A_GPU_at_work_can_be_made_to_look_idle()
    {
        await using var exporter = await RunningExporter.StartAsync(null, "--scenario", "open");
        exporter.Kubelet.Give("green", "train", "main", "nvidia.com/gpu", await exporter.UuidsAsync());
        await exporter.SwitchAsync("""{"scenario":"idle"}""");
        (await exporter.ValuesAsync(Utilization)).Should().Equal(0, 0);
        (await exporter.ValuesAsync("DCGM_FI_DEV_FB_USED")).Should().Equal(0, 0);
    }

    [Test]
    public async Task The_switch_obeys_nobody_without_the_token_and_follows_the_Secret()
    {
        using var folder = new TestFolder();
        var file = folder.File("token");
        await File.WriteAllTextAsync(file, "right\n");
        await using var exporter = await RunningExporter.StartAsync(null, "--scenario", "token", "--scenario-token-file", file);
        const string Alarm = """{"scenario":"xid","gpu":0}""";
        foreach (var wrong in new[] { null, "Bearer wrong", "Bearer righ", "Bearer right-and-more", "Basic right", "right" })
            (await exporter.SwitchAsync(Alarm, wrong)).Status.Should().Be(HttpStatusCode.Unauthorized, wrong);
        (await exporter.ValuesAsync(Xid)).Should().Equal(0, 0);

        (await exporter.SwitchAsync(Alarm, "Bearer right")).Status.Should().Be(HttpStatusCode.NoContent);
        (await exporter.ValuesAsync(Xid)).Should().Equal(79, 0);
        await File.WriteAllTextAsync(file, "new");
        (await exporter.SwitchAsync(Alarm, "Bearer right")).Status.Should().Be(HttpStatusCode.Unauthorized);
        (await exporter.SwitchAsync(Alarm, "Bearer new")).Status.Should().Be(HttpStatusCode.NoContent);
        foreach (var nothing in new[] { "", "\n" })
        {
            await File.WriteAllTextAsync(file, nothing);
            (await exporter.SwitchAsync(Alarm, "Bearer")).Status.Should().Be(HttpStatusCode.Unauthorized, "an empty token opens nothing");
        }
        File.Delete(file);
        (await exporter.SwitchAsync(Alarm, "Bearer new")).Status.Should().Be(HttpStatusCode.Unauthorized, "a token that is gone opens nothing");
    }

    [Test]
    public async Task The_switch_is_off_unless_somebody_asks_for_it()
    {
        await using var exporter = await RunningExporter.StartAsync();
        (await exporter.SwitchAsync("""{"scenario":"xid"}""")).Status.Should().Be(HttpStatusCode.NotFound);
        (await exporter.ValuesAsync(Xid)).Should().Equal(0, 0);
        using var health = await exporter.GetAsync("/health");
        health.StatusCode.Should().Be(HttpStatusCode.OK);
        using var other = await exporter.GetAsync("/");
        other.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [TestCase("")]
    [TestCase("xid")]
    [TestCase("[]")]
    [TestCase("""{"scenario":"melt"}""")]
    [TestCase("""{"scenario":"XID"}""")]
    [TestCase("""{"scenario":"1"}""")]
    [TestCase("""{"scenario":"xid","gpu":2}""")]
    [TestCase("""{"scenario":"xid","gpu":-1}""")]
    [TestCase("""{"scenario":"xid","gpu":"all"}""")]
    public async Task What_is_no_scenario_changes_nothing_and_is_told_what_there_is(string body)
    {
        await using var exporter = await RunningExporter.StartAsync(null, "--scenario", "open");
        var (status, text) = await exporter.SwitchAsync(body);
        status.Should().Be(HttpStatusCode.BadRequest);
        text.Should().Contain("healthy, xid, thermal, ecc, idle").And.Contain("0 to 1");
        (await exporter.ValuesAsync(Xid)).Should().Equal(0, 0);
    }

    [Test]
    public async Task It_ends_when_it_is_told_to()
    {
        await using var exporter = await RunningExporter.StartAsync();
        await exporter.TextAsync();
        (await exporter.Process.TerminateAsync()).ExitCode.Should().Be(0);
    }
}
