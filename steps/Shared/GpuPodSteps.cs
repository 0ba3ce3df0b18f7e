using SecuritySpecs.Drivers.Shared.Pods;

namespace SecuritySpecs.Steps.Shared;

/// <summary>Pods with GPUs: many of them, and what they are given.</summary>
[Binding]
public sealed partial class GpuPodSteps(ScenarioPlatform scenario, ScenarioState state, GpuPodDriver gpuPods)
{
    private Fleet.GpuFleet Fleet => scenario.Platform.Fleet;

    [Given("the fleet of {int} nodes with {int} GPUs")]
    public void GivenTheFleet(int nodes, int gpus)
    {
        var fleet = Fleet.Info;
        (fleet.RealNodes.Count + fleet.ApiOnlyNodes.Count).Should().Be(nodes, "fleet.yaml says so");
        fleet.Gpus.Should().Be(gpus, "fleet.yaml says so");
    }

    [When("tenant {string} submits {int} pods with {int} GPU each, one after another")]
    public async Task WhenSubmitsInTurn(string tenant, int pods, int gpus)
    {
        var answers = new List<ApiAnswer>();
        for (var i = 0; i < pods; i++)
            answers.Add((await gpuPods.SubmitAsync(scenario[tenant], gpus, Placement.Nowhere)).Answer);
        state.Series = answers;
    }

    [When("tenant {string} submits {int} pods with {int} GPU each, all at once")]
    public async Task WhenSubmitsAtOnce(string tenant, int pods, int gpus)
    {
        var submitted = await Task.WhenAll(Enumerable.Range(0, pods).Select(_ => gpuPods.SubmitAsync(scenario[tenant], gpus, Placement.Nowhere)));
        state.Series = [.. submitted.Select(p => p.Answer)];
        var inFlight = state.Series.Max(a => state.Series.Count(b => b.At <= a.At && a.At < b.At + b.Duration));
        inFlight.Should().BeGreaterThan(1, "the requests should meet at the API server, or nothing is shown about a race");
        scenario.Note("cluster admin", $"{inFlight} of the {pods} requests were under way at one moment");
    }

    [When("tenant {string} runs {int} pods with {int} GPU each")]
    public async Task WhenRunsSeveral(string tenant, int pods, int gpus)
    {
        foreach (var pod in await Task.WhenAll(Enumerable.Range(0, pods).Select(_ => gpuPods.RunAsync(scenario[tenant], gpus))))
            state.Pod = pod;
    }

    [When("tenant {string} runs a pod with all GPUs that the node has left")]
    public async Task WhenRunsWithAllLeft(string tenant)
    {
        var left = await Fleet.AllocatableAsync(Fleet.NodeUnderTest);
        left.Should().BePositive("the pod shall hold GPUs");
        state.Pod = await gpuPods.RunAsync(scenario[tenant], left);
    }

    [When("the running pod of tenant {string} finishes")]
    public Task WhenFinishes(string tenant) => gpuPods.FinishAsync(state.Pods.Last(p => p.Tenant.Name == tenant && p.Answer.Allowed));

    [When("tenant {string} runs pods until it holds every GPU of the fleet")]
    public async Task WhenRunsUntilFull(string tenant) => (await gpuPods.FillAsync(scenario[tenant])).Should().Be(Fleet.Gpus, "the tenant should hold the whole fleet");

    [When("tenant {string} runs pods until its quota refuses")]
    public async Task WhenRunsUntilRefused(string tenant) =>
        (await gpuPods.FillAsync(scenario[tenant])).Should().BeLessThan(Fleet.Gpus, "the quota should refuse before the fleet is full");

    [When("the pods of all tenants are removed")]
    public Task WhenThePodsAreRemoved() => scenario.Tenants.RemovePodsAsync();

    [Then("tenant {string} holds {int} GPU(s)")]
    public async Task ThenHolds(string tenant, int gpus) => (await gpuPods.HeldAsync(scenario[tenant])).Should().Be(gpus);

    [Then("the pod runs on a GPU node")]
    public async Task ThenOnAGpuNode() => (await Fleet.AllocatableAsync(await gpuPods.NodeOfAsync(state.Pod))).Should().BePositive("the pod's node should have GPUs");

    [Then("the pod finds no free GPU on any node of the fleet")]
    public Task ThenNoFreeGpuAnywhere() => ThenNoFreeGpuAsync(Fleet.Info.RealNodes.Count + Fleet.Info.ApiOnlyNodes.Count);

    [Then("the pod finds no free GPU on that node")]
    public Task ThenNoFreeGpuThere() => ThenNoFreeGpuAsync(1);

    [Then("the pods of tenants {string} and {string} run on the same GPU node")]
    public async Task ThenOnTheSameNode(string one, string other)
    {
        var nodes = await Task.WhenAll(state.Pods.Where(p => p.Tenant.Name == one || p.Tenant.Name == other).Select(gpuPods.NodeOfAsync));
        nodes.Should().HaveCount(2).And.OnlyContain(n => n == nodes[0], "this shows that a namespace does not isolate the node");
    }

    [Then("the pod sees exactly {int} GPU(s) by its UUID")]
    public async Task ThenSees(int gpus)
    {
        var seen = await gpuPods.VisibleGpusAsync(state.Pod);
        seen.Should().HaveCount(gpus, "NVIDIA_VISIBLE_DEVICES should name what the pod was given").And.OnlyContain(g => Uuid().IsMatch(g), "NVIDIA names GPUs so");
        if (Fleet.IsOurs)
            seen.Should().BeSubsetOf(await Fleet.GpuIdsAsync(), "these are the node's GPUs");
    }

    [Then("the pod sees no GPU")]
    public async Task ThenSeesNone() => (await gpuPods.VisibleGpusAsync(state.Pod)).Should().BeEmpty("the pod asked for none");

    [Then("its second container sees no GPU")]
    public async Task ThenTheSecondSeesNone() => (await gpuPods.VisibleGpusAsync(state.Pod, PodTrait.SecondContainer)).Should().BeEmpty("this container asked for none");

    [Then("all of their GPUs are on one node and different")]
    public async Task ThenDifferent()
    {
        var nodes = await Task.WhenAll(state.Pods.Select(gpuPods.NodeOfAsync));
        nodes.Distinct().Should().ContainSingle("GPUs of two nodes differ in any case");
        await scenario.NoteFleetAsync();
        var gpus = (await Task.WhenAll(state.Pods.Select(p => gpuPods.VisibleGpusAsync(p)))).SelectMany(g => g).ToList();
        gpus.Should().HaveCount(4).And.OnlyHaveUniqueItems("no GPU may be two pods' at once");
    }

    // The scheduler counts the nodes that fail for each reason: "0/5 nodes are available: 5 Insufficient nvidia.com/gpu."
    private async Task ThenNoFreeGpuAsync(int nodes)
    {
        var message = await state.Pod.Tenant.Pods.WaitUnschedulableAsync(state.Pod.Name);
        scenario.Note("scheduler", message);
        await scenario.NoteFleetAsync();
        var full = Regex.Match(message, $"([0-9]+) Insufficient {Regex.Escape(Fleet.Resource)}");
        (full.Success ? int.Parse(full.Groups[1].Value, CultureInfo.InvariantCulture) : 0).Should().BeGreaterThanOrEqualTo(nodes,
            "the scheduler should find the GPUs of {0} node(s) taken, but it said: {1}", nodes, message);
    }

    [GeneratedRegex("^(GPU|MIG)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    private static partial Regex Uuid();
}
