using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>HAMi's webhook and scheduler, over a node with one GPU of 10000 MiB in 3 shares.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VgpuSchedulerTests : IDisposable
{
    private const string Gpu = """[{"id":"GPU-1","index":0,"count":3,"devmem":10000,"devcore":100,"type":"NVIDIA-A10","mode":"hami-core","health":true}]""";
    private TestFolder _folder = null!;
    private FakeApi _api = null!;
    private FleetProcess _scheduler = null!;
    private HttpClient _http = null!;
    private string _certificate = "";

    [SetUp]
    public async Task StartAsync()
    {
        (_folder, _api) = (new TestFolder(), await FakeApi.StartAsync("plain", "shared"));
        _api.Change("/api/v1/nodes/shared", Annotations("hami.io/node-nvidia-register", Gpu));
        Certify();
        _scheduler = FleetProcess.Start("vgpu-scheduler", "--tls-cert", _folder.File("crt"), "--tls-key", _folder.File("key"), "--port", "0", "--api", _api.Url);
        await _scheduler.SaysAsync("answering on port");
        var port = Regex.Match(_scheduler.Output, "answering on port ([0-9]+)").Groups[1].Value;
        _http = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == _certificate } }) { BaseAddress = new Uri($"https://127.0.0.1:{port}") };
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _scheduler.DisposeAsync();
        await _api.DisposeAsync();
        _folder.Dispose();
    }

    public void Dispose() => _http.Dispose();

    [Test]
    public async Task Writes_the_slice_on_the_pod_as_HAMi_does_and_binds_it()
    {
        Submit("p", memory: "3k", cores: "30");
        await BoundAsync("p");
        _api.Annotation("p", "hami.io/vgpu-devices-to-allocate").Should().Be("GPU-1,NVIDIA,3000,30:;");
        _api.Annotation("p", "hami.io/vgpu-devices-allocated").Should().Be("GPU-1,NVIDIA,3000,30:;");
        _api.Annotation("p", "hami.io/vgpu-node").Should().Be("shared");
        _api.Annotation("p", "hami.io/bind-phase").Should().Be("allocating");
        _api.Annotation("p", "hami.io/bind-time").Should().MatchRegex("^[0-9]{10}$").And.Be(_api.Annotation("p", "hami.io/vgpu-time"));
        ((string?)_api.Pod("p")["metadata"]!["labels"]!["hami.io/vgpu-node"]).Should().Be("shared");
        ((string?)_api.Node("shared")["metadata"]!["annotations"]!["hami.io/mutex.lock"]).Should().EndWith(",t,p");
    }

    [TestCase("7000", "10", "3001", "10", "CardInsufficientMemory")]
    [TestCase("1000", "70", "1000", "31", "CardInsufficientCore")]
    [TestCase("1000", "10", "1000", "100", "CardInsufficientCore")]
    [TestCase("1000", "0", "1000", "100", "ExclusiveDeviceAllocateConflict")]
    [TestCase("1000", "100", "1000", "0", "CardComputeUnitsExhausted")]
    public async Task Lets_wait_what_the_GPU_has_no_more(string memory, string cores, string moreMemory, string moreCores, string reason)
    {
        Submit("first", memory, cores);
        await PlacedAsync("first");
        Submit("second", moreMemory, moreCores);
        await WaitsAsync("second", $"0/2 nodes are available: 1 1/1 {reason}, 1 node unregistered.");
        _api.Remove("first");
        await BoundAsync("second");
    }

    [Test]
    public async Task Hands_out_no_more_slices_than_the_GPU_has_shares()
    {
        foreach (var pod in (string[])["a", "b", "c"])
        {
            Submit(pod, "100", "10");
            await PlacedAsync(pod);
        }
        Submit("d", "100", "10");
        await WaitsAsync("d", "0/2 nodes are available: 1 1/1 CardTimeSlicingExhausted, 1 node unregistered.");
    }

    [Test]
    public async Task Counts_a_pod_no_more_that_has_ended()
    {
        Submit("first", "10000", "10");
        await PlacedAsync("first");
        Submit("second", "10000", "10");
        await WaitsAsync("second", "CardInsufficientMemory");
        _api.Change(FakeApi.PodPath("first"), new JsonObject { ["status"] = new JsonObject { ["phase"] = "Succeeded" } });
        await BoundAsync("second");
    }

    [Test]
    public async Task Does_not_believe_a_tenant_who_writes_over_its_slice()
    {
        Submit("first", "10000", "10");
        await PlacedAsync("first");
        _api.Change(FakeApi.PodPath("first"), Annotations("hami.io/vgpu-devices-allocated", "GPU-1,NVIDIA,1,10:;"));
        _api.Change(FakeApi.PodPath("first"), Annotations("hami.io/vgpu-node", null));
        Submit("second", "10000", "10");
        await WaitsAsync("second", "CardInsufficientMemory");
    }

    [Test]
    public async Task Goes_on_where_a_tenant_writes_nonsense_on_its_pod()
    {
        var spec = Spec(new JsonObject { ["nvidia.com/vgpu"] = "1" });
        spec["nodeSelector"] = new JsonObject { ["kubernetes.io/hostname"] = "nowhere" };
        _api.AddPod("nonsense", spec, new JsonObject { ["hami.io/vgpu-node"] = "shared", ["hami.io/vgpu-devices-allocated"] = "nonsense" });
        Submit("p", "1000", "10");
        await BoundAsync("p");
        await _scheduler.SaysAsync("pod t/nonsense: 'nonsense' is no slice");
    }

    [Test]
    public async Task Binds_one_pod_at_a_time_to_a_node()
    {
        Submit("first", "1000", "10");
        await BoundAsync("first");
        Submit("second", "1000", "10");
        var first = FakeApi.PodPath("first");
        await Eventually.HoldsAsync(() => _api.Reads(first) >= 2, "the scheduler to look twice whether the first is still being handed its slice", () => $"{_api.Reads(first)} looks");
        _api.Pod("second")["spec"]!["nodeName"].Should().BeNull("the first has not got its slice yet");
        Release();
        await BoundAsync("second");
    }

    [Test]
    public async Task Waits_no_longer_for_a_locked_pod_that_is_gone()
    {
        Submit("first", "1000", "10");
        await BoundAsync("first");
        _api.Remove("first");
        Submit("second", "1000", "10");
        await BoundAsync("second");
    }

    [Test]
    public async Task A_pod_that_is_gone_before_its_binding_is_answered_holds_nothing()
    {
        _api.WhileAnsweringABinding = async () =>
        {
            _api.WhileAnsweringABinding = () => Task.CompletedTask;
            _api.Remove("all");
            await Task.Delay(300); // the watch tells of it meanwhile
        };
        Submit("all", memory: null, cores: "10");
        await _scheduler.SaysAsync("bound t/all");
        Submit("next", memory: null, cores: "10");
        await BoundAsync("next");
    }

    [Test]
    public async Task Gives_all_of_the_memory_where_none_is_named_and_a_part_where_percent_are()
    {
        Submit("all", memory: null, cores: "10");
        await BoundAsync("all");
        _api.Annotation("all", "hami.io/vgpu-devices-allocated").Should().Be("GPU-1,NVIDIA,10000,10:;");
        _api.Remove("all");
        _api.AddPod("half", Spec(new JsonObject { ["nvidia.com/vgpu"] = "1", ["nvidia.com/gpumem-percentage"] = "50" }));
        await BoundAsync("half");
        _api.Annotation("half", "hami.io/vgpu-devices-allocated").Should().Be("GPU-1,NVIDIA,5000,0:;");
    }

    [Test]
    public async Task Heeds_the_node_selector()
    {
        var spec = Spec(new JsonObject { ["nvidia.com/vgpu"] = "1" });
        spec["nodeSelector"] = new JsonObject { ["kubernetes.io/hostname"] = "plain" };
        _api.AddPod("p", spec);
        await WaitsAsync("p", "0/2 nodes are available: 1 node unregistered, 1 node(s) didn't match Pod's node affinity/selector.");
    }

    [TestCase("""{"nvidia.com/vgpu":"1","nvidia.com/gpumem":"3k","nvidia.com/gpucores":"30"}""", "", TestName = "The webhook hands a pod with a share to HAMi's scheduler")]
    [TestCase("""{"nvidia.com/gpumem":"3000"}""", "/spec/containers/0/resources/limits/nvidia.com~1vgpu=1", TestName = "The webhook takes memory alone as one share")]
    [TestCase("""{"nvidia.com/vgpu":"1"}""", "/spec/containers/0/resources/limits/nvidia.com~1gpucores=100", TestName = "The webhook takes a share without memory as the whole GPU")]
    public async Task The_webhook_completes(string limits, string change)
    {
        var changes = await MutateAsync(limits);
        changes.Should().Equal([.. change.Length > 0 ? (string[])[change] : [], "/spec/schedulerName=hami-scheduler"]);
    }

    [TestCase("""{"nvidia.com/gpu":"1"}""", "default-scheduler", TestName = "The webhook leaves whole GPUs alone")]
    [TestCase("""{"cpu":"1"}""", "default-scheduler", TestName = "The webhook leaves pods without GPUs alone")]
    [TestCase("""{"nvidia.com/vgpu":"1"}""", "batch-scheduler", TestName = "The webhook leaves pods of a foreign scheduler alone")]
    public async Task The_webhook_leaves_alone(string limits, string scheduler) => (await MutateAsync(limits, scheduler)).Should().BeEmpty();

    [TestCase("\"privileged\":true", "", "container main is privileged")]
    [TestCase("\"privileged\":false", "n", "pod has node assigned")]
    public async Task The_webhook_refuses(string security, string node, string why)
    {
        var response = await ReviewAsync(Pod("""{"nvidia.com/vgpu":"1"}""", "default-scheduler", security, node));
        ((bool)response["allowed"]!).Should().BeFalse();
        ((string?)response["status"]!["message"]).Should().Be(why);
    }

    [TestCase("""{"request":{"uid":"u"}}""")]
    [TestCase("no JSON")]
    public async Task The_webhook_answers_400_to_what_is_no_review(string body)
    {
        using var answer = await _http.PostAsync("/webhook", new StringContent(body));
        answer.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Test]
    public async Task Is_healthy_once_it_has_seen_the_pods_and_ends_by_SIGTERM()
    {
        var status = HttpStatusCode.ServiceUnavailable;
        await Eventually.HoldsAsync(() => (status = _http.GetAsync("/healthz").Result.StatusCode) == HttpStatusCode.OK, "200 from /healthz", () => $"{status}");
        (await _scheduler.TerminateAsync()).ExitCode.Should().Be(0);
    }

    private void Submit(string name, string? memory, string cores)
    {
        var limits = new JsonObject { ["nvidia.com/vgpu"] = "1", ["nvidia.com/gpucores"] = cores };
        if (memory is not null)
            limits["nvidia.com/gpumem"] = memory;
        _api.AddPod(name, Spec(limits));
    }

    private static JsonObject Spec(JsonObject limits) => new()
    {
        ["schedulerName"] = "hami-scheduler",
        ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["resources"] = new JsonObject { ["limits"] = limits } }),
    };

    private Task BoundAsync(string pod) => Eventually.HoldsAsync(() => (string?)_api.Pod(pod)["spec"]!["nodeName"] == "shared", $"{pod} to be bound", () => _api.Pod(pod).ToJsonString() + _scheduler.Output);

    /// <summary>Bound, and handed its slice.</summary>
    private async Task PlacedAsync(string pod)
    {
        await BoundAsync(pod);
        Release();
    }

    private void Release() => _api.Change("/api/v1/nodes/shared", Annotations("hami.io/mutex.lock", null));

    private Task WaitsAsync(string pod, string message) => Eventually.HoldsAsync(
        () => ((string?)_api.Pod(pod)["status"]!["conditions"]?[0]!["message"])?.Contains(message, StringComparison.Ordinal) == true,
        $"{pod} to wait: {message}", () => _api.Pod(pod).ToJsonString() + _scheduler.Output);

    private async Task<string[]> MutateAsync(string limits, string scheduler = "default-scheduler")
    {
        var response = await ReviewAsync(Pod(limits, scheduler));
        ((bool)response["allowed"]!).Should().BeTrue();
        var patch = (string?)response["patch"];
        return patch is null ? [] : [.. JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(patch)))!.AsArray().Select(c => $"{c!["path"]}={c["value"]}")];
    }

    private static string Pod(string limits, string scheduler, string security = "\"privileged\":false", string node = "") =>
        $$$"""{"spec":{"schedulerName":"{{{scheduler}}}","nodeName":"{{{node}}}","containers":[{"name":"main","resources":{"limits":{{{limits}}}},"securityContext":{ {{{security}}} }}]}}""";

    private async Task<JsonNode> ReviewAsync(string pod)
    {
        using var answer = await _http.PostAsync("/webhook", new StringContent($$$"""{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1","object":{{{pod}}}}}"""));
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        var response = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["response"]!;
        ((string?)response["uid"]).Should().Be("u-1");
        return response;
    }

    private static JsonObject Annotations(string name, string? value) => new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [name] = value } } };

    private void Certify()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        _certificate = certificate.GetCertHashString();
        File.WriteAllText(_folder.File("crt"), certificate.ExportCertificatePem());
        File.WriteAllText(_folder.File("key"), key.ExportPkcs8PrivateKeyPem());
    }
}
