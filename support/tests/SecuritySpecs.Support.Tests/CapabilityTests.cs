using SecuritySpecs.Cluster.Canaries;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using SecuritySpecs.Drivers.TenantIsolation;
using SecuritySpecs.Fleet;
using SecuritySpecs.Network;

namespace SecuritySpecs.Tests;

/// <summary>"This cluster cannot" is a definite answer; whatever else happens is an error.</summary>
[TestFixture]
public sealed class CapabilityTests
{
    private const string Requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    private static RunOptions Options => RunOptions.FromEnvironment() with { RunId = "canarytest", FleetImage = null };

    [TestCase("cluster-dns", "/api/v1/namespaces/kube-system/services/kube-dns")]
    [TestCase("dra", "/apis/resource.k8s.io/v1")]
    [TestCase("validating-admission-policy", "/apis/admissionregistration.k8s.io/v1")]
    public async Task Not_found_is_a_no_and_a_refusal_or_a_crash_is_an_error(string capability, string path)
    {
        (await AskAsync(capability, path, 404)).Present.Should().BeFalse();

        foreach (var code in (int[])[403, 500, 503])
        {
            var ask = () => AskAsync(capability, path, code);
            (await ask.Should().ThrowAsync<UndeterminedException>($"{code} says nothing about the cluster")).WithMessage($"Whether this cluster has {capability} could not be found out: *{code}*");
        }
    }

    [TestCase("audit-log")]
    [TestCase("control-plane-files")]
    public async Task What_is_in_the_container_of_a_cluster_that_somebody_else_runs_is_a_no_with_the_reason(string capability)
    {
        var answer = await AskAsync(capability, "/", 500);

        answer.Present.Should().BeFalse();
        answer.How.Should().StartWith("somebody else runs the API server");
    }

    [TestCase("namespace-names", "/api/v1/namespaces")]
    [TestCase("pod-security-admission", "/api/v1/namespaces")]
    [TestCase("pod-node-selector", "/api/v1/namespaces")]
    [TestCase("pod-toleration-restriction", "/api/v1/namespaces")]
    [TestCase("certificate-signing", Requests)]
    [TestCase("ephemeral-containers", "/api/v1")]
    [TestCase("image-volumes", "/api/v1/namespaces")]
    [TestCase("always-pull", "/api/v1/namespaces")]
    [TestCase("affinity-quota", "/api/v1/namespaces")]
    [TestCase("pod-level-resources", "/api/v1/namespaces")]
    public async Task A_canary_that_crashes_is_an_error(string capability, string path)
    {
        var ask = () => AskAsync(capability, path, 500);

        (await ask.Should().ThrowAsync<UndeterminedException>()).Which.Capability.Should().Be(capability);
    }

    [Test]
    public async Task A_deployment_that_does_not_come_up_is_an_error_and_a_place_that_is_taken_is_a_no()
    {
        await using var server = await LoopbackServer.StartAsync(EmptyClusterAsync);
        var detector = new CapabilityDetector(server.Api, Options with { FleetImage = "fleet" }, await FleetAsync(server));

        var fails = () => detector.OutsideWorldAsync(() => throw new TimeoutException("no pod"));
        await fails.Should().ThrowAsync<UndeterminedException>();
        var crashes = () => detector.OutsideWorldAsync(() => throw new EnvironmentException("fleet: no CAP_NET_ADMIN"));
        await crashes.Should().ThrowAsync<UndeterminedException>();
        (await detector.OutsideWorldAsync(() => throw new EnvironmentException("fleet: a metadata service answers at 169.254.169.254 already"))).Present.Should().BeFalse();
    }

    [Test]
    public void What_the_outside_world_says_of_a_taken_place_is_what_its_program_says()
    {
        var program = File.ReadAllText(Path.Combine(RunOptions.FindRoot(), "fleet-fixtures", "Fleet", "Network", "Outside", "OutsideWorldRole.cs"));

        program.Should().Contain(OutsideWorld.PlaceIsTaken);
    }

    [TestCase(ProbeResult.TimedOut, ProbeResult.Open, true)]
    [TestCase(ProbeResult.Refused, ProbeResult.Open, true)]
    [TestCase(ProbeResult.Open, ProbeResult.Open, false)]
    public async Task A_policy_is_enforced_or_not_while_the_twin_is_reached(ProbeResult denied, ProbeResult twin, bool enforced) =>
        (await PolicyAsync(denied, twin)).Present.Should().Be(enforced);

    [TestCase(ProbeResult.TimedOut, ProbeResult.TimedOut, TestName = "A network that is broken enforces nothing")]
    [TestCase(ProbeResult.Unresolved, ProbeResult.Open, TestName = "A probe that went wrong is no denial")]
    [TestCase(ProbeResult.Open, ProbeResult.CutOff, TestName = "A twin that is not reached shows nothing")]
    public async Task Nothing_is_known(ProbeResult denied, ProbeResult twin)
    {
        var judge = () => PolicyAsync(denied, twin);

        await judge.Should().ThrowAsync<TimeoutException>();
    }

    [TestCase("""{"certificate": "bWFkZQ==", "conditions": [{"type": "Approved"}]}""", true)]
    [TestCase("""{"conditions": [{"type": "Approved"}]}""", false)]
    [TestCase("""{"conditions": [{"type": "Approved"}, {"type": "Failed"}]}""", false)]
    public async Task A_signer_signs_or_does_not(string status, bool signs)
    {
        var removed = false;
        await using var server = await LoopbackServer.StartAsync(context => Signer(context, status, () => removed = true));

        (await new SigningCanary(server.Api, Options) { Patience = Short }.DetectAsync()).Present.Should().Be(signs);

        removed.Should().BeTrue("the request is the canary's to remove");
    }

    [Test]
    public async Task A_request_that_is_not_approved_any_more_shows_nothing_about_the_signer()
    {
        await using var server = await LoopbackServer.StartAsync(context => Signer(context, "{}", () => { }));

        var detect = () => new SigningCanary(server.Api, Options) { Patience = Short }.DetectAsync();

        await detect.Should().ThrowAsync<InvalidOperationException>();
    }

    [Test]
    public async Task A_port_is_out_of_reach_only_while_the_API_server_reaches_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var open = ((IPEndPoint)listener.LocalEndpoint).Port;
        (await PortAsync(open, 200)).Present.Should().BeTrue();
        listener.Stop();

        (await PortAsync(open, 200)).Present.Should().BeFalse();
        var ask = () => PortAsync(open, 503);
        await ask.Should().ThrowAsync<TimeoutException>("what the API server does not reach either may not have come up");
    }

    [TestCase("""{"spec": {"volumes": [{"name": "canary", "image": {"reference": "registry.example/canary"}}]}}""", 201, true)]
    [TestCase("""{"spec": {"volumes": [{"name": "canary", "emptyDir": {}}]}}""", 201, false, Description = "1.20 does not know the field")]
    [TestCase("""{"message": "spec.volumes[0]: Required value: must specify a volume type"}""", 422, false, Description = "its gate is off")]
    public async Task An_image_is_kept_as_a_volume_or_is_not(string pod, int code, bool isKept) =>
        (await ImagesAsync(pod, code, c => c.VolumesAsync())).Present.Should().Be(isKept);

    [TestCase("""{"metadata": {"name": "a"}, "handler": "kata-qemu"}""", "a")]
    [TestCase("""{"metadata": {"name": "a"}, "handler": "runsc"}""", "a")]
    [TestCase("""{"metadata": {"name": "a", "labels": {"security.specs/sandbox": "true"}}, "handler": "vm"}""", "a")]
    [TestCase("""{"metadata": {"name": "a", "labels": {"security.specs/sandbox": "false"}}, "handler": "vm"}""", null)]
    [TestCase("""{"metadata": {"name": "a"}, "handler": "nvidia"}""", null)]
    public async Task A_sandbox_is_found_by_its_handler_or_its_label(string runtime, string? name)
    {
        await using var server = await LoopbackServer.StartAsync(context => AnswerAsync(context, 200, $$"""{"items": [{{runtime}}]}"""));

        (await SandboxCanary.FindAsync(server.Api)).Should().Be(name);
    }

    [TestCase("Linux version 6.1\nb1", "Linux version 6.1\nb1", false, TestName = "One kernel")]
    [TestCase("Linux version 6.1\nb1", "Linux version 6.1\nb2", true, TestName = "A virtual machine of the node's own version")]
    [TestCase("Linux version 6.1\nb1", "Linux version 4.4.0", true, TestName = "gVisor, which does not say when it was started")]
    [TestCase("Linux version 6.1\nb1", "Linux version 6.1", false, TestName = "A file that is hidden makes no other kernel")]
    public void Kernels_are_told_apart(string one, string other, bool differ) => Kernel.Of(one).IsOtherThan(Kernel.Of(other)).Should().Be(differ);

    [TestCase("Always", true)]
    [TestCase("IfNotPresent", false)]
    public async Task Admission_rewrites_the_pull_policy_or_does_not(string stored, bool isRewritten)
    {
        var capability = await ImagesAsync($$"""{"spec": {"containers": [{"imagePullPolicy": "{{stored}}"}] } }""", 201, c => c.AlwaysPullAsync());

        capability.Present.Should().Be(isRewritten);
        capability.How.Should().Contain($"was stored with {stored}");
    }

    [Test]
    public async Task A_canary_that_is_refused_for_another_reason_shows_nothing_about_images()
    {
        var volumes = () => ImagesAsync("""{"message": "denied by a policy"}""", 403, c => c.VolumesAsync());
        var pulls = () => ImagesAsync("""{"message": "denied by a policy"}""", 403, c => c.AlwaysPullAsync());

        await volumes.Should().ThrowAsync<KubeApiException>();
        await pulls.Should().ThrowAsync<KubeApiException>();
    }

    [Test]
    public void Every_capability_is_expected_of_some_version_or_says_why_not()
    {
        ExpectedCapabilities.All.Select(c => c.Name).Should().BeEquivalentTo(CapabilityDetector.Names).And.OnlyHaveUniqueItems();
        ExpectedCapabilities.Of("v1.20.2").Should().Contain("gpu").And.NotContain("namespace-names");
        ExpectedCapabilities.All.Where(c => c.Since is null).Should().OnlyContain(c => c.WhyNot != null);
        ExpectedCapabilities.Of("v1.36.4+k3s1").Should().Contain("dra").And.HaveCount(CapabilityDetector.Names.Count - 2);
        ExpectedCapabilities.Resolve(["gpu", ExpectedCapabilities.Keyword], "v1.22.0").Should().Contain("namespace-names").And.OnlyHaveUniqueItems();
    }

    [Test]
    public void The_largest_number_of_GPUs_that_a_scenario_asks_for_is_known() =>
        FeatureIndex.Read(RunOptions.FindRoot()).All.SelectMany(p => p.Tags).Where(t => t.StartsWith("gpus:", StringComparison.Ordinal))
            .Select(t => int.TryParse(t["gpus:".Length..], out var n) ? n : 0).Max().Should().Be(CapabilityDetector.MostGpus);

    [TestCase(404, "The cluster lost cluster-dns in the middle of the run: there is no Service kube-system/kube-dns.")]
    [TestCase(200, "At the end of the run: Whether this cluster has cluster-dns could not be found out: Waited 0.2 s for Service kube-system/kube-dns to have ready endpoints*")]
    public async Task What_scenarios_relied_on_is_tried_again_at_the_end(int service, string lost)
    {
        var isGone = false;
        await using var server = await LoopbackServer.StartAsync(context => !context.Request.Path.Value!.EndsWith("/kube-dns", StringComparison.Ordinal) ? EmptyClusterAsync(context)
            : AnswerAsync(context, isGone ? service : 200, isGone ? "{}" : """{"subsets": [{"addresses": []}]}"""));
        var detector = new CapabilityDetector(server.Api, Options, await FleetAsync(server));
        var (asked, unasked) = (new Capabilities(detector, kept: null, []), new Capabilities(detector, kept: null, []));
        (await asked.AskAsync("cluster-dns")).Present.Should().BeTrue();
        (await asked.LostAsync(Short)).Should().BeEmpty();

        isGone = true;

        (await asked.LostAsync(Short)).Should().ContainSingle().Which.Should().Match(lost);
        (await unasked.LostAsync(Short)).Should().BeEmpty("no scenario relied on it");
    }

    private static Task<CapabilityInfo> PolicyAsync(ProbeResult denied, ProbeResult twin)
    {
        var under = false;
        return new NetworkPolicyCanary(null!, Options, null!) { Patience = Short }.JudgeAsync(
            () => Task.FromResult<NetworkPolicyCanary.Seen>(under ? new(denied, twin) : new(ProbeResult.Open, ProbeResult.Open)),
            () => Task.FromResult(under = true), () => Task.FromResult(under = false));
    }

    private static async Task<CapabilityInfo> PortAsync(int port, int twin)
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = twin;
            return Task.CompletedTask;
        });
        return await new PortCanary(server.Api, Options, null!) { Patience = Short }.JudgeAsync("node-port", "127.0.0.1", port, "/twin");
    }

    private static async Task<CapabilityInfo> ImagesAsync(string pod, int code, Func<ImageCanary, Task<CapabilityInfo>> detect)
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Request.Path.Value!.EndsWith("/pods", StringComparison.Ordinal)
            ? AnswerAsync(context, code, pod) : AnswerAsync(context, 200, """{"metadata": {"name": "space", "uid": "1"}}"""));
        return await detect(new(server.Api, Options));
    }

    private static async Task<CapabilityInfo> AskAsync(string capability, string path, int code)
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Request.Path == path ? AnswerAsync(context, code, "{}") : EmptyClusterAsync(context));
        return await new CapabilityDetector(server.Api, Options, await FleetAsync(server)).Detect([capability])[capability];
    }

    private static Task<GpuFleet> FleetAsync(LoopbackServer server) =>
        GpuFleet.DeployAsync(server.Api, Options.Manifests, FleetFile.Read(Path.Combine(Options.Fixtures, "fleet.yaml")), () => Task.CompletedTask);

    // No node, no resource, and a verdict of 422 on whatever is created.
    private static Task EmptyClusterAsync(HttpContext context) => context.Request.Method switch
    {
        "GET" when context.Request.Path == "/api/v1/nodes" => AnswerAsync(context, 200, """{"items": []}"""),
        "GET" when context.Request.Path.Value!.EndsWith("/kube-dns", StringComparison.Ordinal) => AnswerAsync(context, 404, "{}"),
        "GET" => AnswerAsync(context, 200, """{"resources": []}"""),
        _ => AnswerAsync(context, 422, "{}"),
    };

    private static Task Signer(HttpContext context, string status, Action removed)
    {
        if (context.Request.Method == "DELETE")
            removed();
        return AnswerAsync(context, 200, $$"""{"metadata": {"name": "canary", "uid": "1"}, "status": {{(context.Request.Method == "GET" ? status : "{}")}}}""");
    }

    private static Task AnswerAsync(HttpContext context, int code, string body)
    {
        context.Response.StatusCode = code;
        return context.Response.WriteAsync(body);
    }
}
