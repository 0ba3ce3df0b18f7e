using SecuritySpecs.Drivers.Shared.Refusals;
using SecuritySpecs.Drivers.TenantIsolation;

namespace SecuritySpecs.Steps.TenantIsolation;

/// <summary>Jobs on slices of the GPU that tenants share, and the memory cap of a slice.</summary>
[Binding]
public sealed class GpuMemorySteps(ScenarioPlatform scenario, ScenarioState state, GpuShareDriver shares)
{
    private const int SmallMiB = 1000;
    private readonly List<JobOutcome> _jobs = [];

    private JobOutcome Job => _jobs.Count > 0 ? _jobs[^1] : throw new InvalidOperationException("No step of this scenario has run a GPU job yet.");

    [StepArgumentTransformation("(" + CapEvasion.Phrases + ")", Name = "evasion")]
    public static CapEvasion ToEvasion(string phrase) => CapEvasion.Of(phrase);

    [When("tenant {string} runs a GPU job of {int} MiB in a slice of {int} MiB")]
    public Task WhenRuns(string tenant, int memory, int slice) => RunAsync(tenant, new(memory, slice));

    [When("tenant {string} runs a GPU job of {int} MiB in a slice of {int} MiB that {evasion}")]
    public Task WhenRunsAndEvades(string tenant, int memory, int slice, CapEvasion evasion) => RunAsync(tenant, new(memory, slice), evasion);

    [When("tenant {string} runs a GPU job in a slice of {int} MiB and {int} %")]
    public Task WhenRunsInASlice(string tenant, int slice, int cores) => RunAsync(tenant, new(SmallMiB, slice, cores));

    [When("tenant {string} submits a GPU job in a slice of {int} MiB and {int} %")]
    public async Task WhenSubmitsInASlice(string tenant, int slice, int cores) => state.Pod = await shares.SubmitAsync(scenario[tenant], new(SmallMiB, slice, cores));

    [Then("the job holds {int} MiB of the GPU")]
    public void ThenHolds(int memory) => Job.HeldMiB.Should().Be(memory, "the job should hold its memory, but: {0}", Job.Failure);

    [Then("the job fails by the cap of {int} MiB")]
    public void ThenFailsByTheCap(int cap) => Job.Failure.Should().Contain("CUDA_ERROR_OUT_OF_MEMORY: HAMi-core:").And.Contain($"the cap of this container is {cap} MiB");

    [Then("the job fails because the GPU has no memory left")]
    public void ThenFailsByTheGpu() => Job.Failure.Should().Contain("CUDA_ERROR_OUT_OF_MEMORY: the GPU:").And.Contain("MiB free");

    [Then("the job gets no GPU: no HAMi scheduler placed it")]
    public void ThenNotPlaced() => Job.Failure.Should().StartWith("UnexpectedAdmissionError").And.Contain("no binding pod found on node");

    [Then("the job gets no GPU: it was handed none")]
    public void ThenNoneHanded() => Job.Failure.Should().Contain("CUDA_ERROR_NO_DEVICE: this container was handed no share of a GPU");

    [Then("the jobs hold memory of one and the same GPU")]
    public async Task ThenOfTheSameGpu() =>
        _jobs.Select(j => j.Gpu).Should().HaveCountGreaterThan(1).And.AllBe((await scenario.Platform.SharedGpuAsync()).Uuid, "they share one physical GPU");

    [Then("the job is handed {int} MiB and {int} % as HAMi hands out a slice")]
    public async Task ThenHanded(int memory, int cores)
    {
        var (pods, name) = (Job.Pod.Tenant.Pods, Job.Pod.Name);
        (await pods.EnvironmentAsync(name, "CUDA_DEVICE_MEMORY_LIMIT_0")).Should().Be($"{memory}m");
        (await pods.EnvironmentAsync(name, "CUDA_DEVICE_SM_LIMIT")).Should().Be($"{cores}");
        (await pods.EnvironmentAsync(name, "NVIDIA_VISIBLE_DEVICES")).Should().Be(Job.Gpu);
        var annotations = (await shares.ReadAsync(Job.Pod))["metadata"]!["annotations"]!;
        ((string?)annotations["hami.io/vgpu-devices-allocated"]).Should().Be($"{Job.Gpu},NVIDIA,{memory},{cores}:;");
        ((string?)annotations["hami.io/bind-phase"]).Should().Be("success");
    }

    [Then("the job waits: {string}")]
    public async Task ThenWaits(string reason)
    {
        var message = await state.Pod.Tenant.Pods.WaitUnschedulableAsync(state.Pod.Name);
        scenario.Note("hami-scheduler", message);
        message.Should().Contain(reason);
    }

    [Then("tenant {string} gets a GPU job admitted")]
    public Task ThenAdmitted(string tenant) => JudgedAsync(tenant, null, a => a.Allowed, "to be admitted");

    [Then("tenant {string} gets a GPU job that {evasion} admitted")]
    public Task ThenEvasionAdmitted(string tenant, CapEvasion evasion) => JudgedAsync(tenant, evasion, a => a.Allowed, "to be admitted");

    [Then("tenant {string} gets a GPU job that {evasion} refused by {refusal}")]
    public Task ThenEvasionRefused(string tenant, CapEvasion evasion, PodRefusal refusal) => JudgedAsync(tenant, evasion, refusal.Is, $"to be refused, {refusal}");

    // A policy is in force a moment after it was written: looked at until it is. Nothing is kept.
    private async Task JudgedAsync(string tenant, CapEvasion? evasion, Func<ApiAnswer, bool> judged, string verdict) => state.Pod = await Poll.UntilAsync(
        $"a GPU job {(evasion is null ? "" : $"that {evasion.Phrase} ")}{verdict}", () => shares.SubmitAsync(scenario[tenant], new(SmallMiB, 3 * SmallMiB), evasion, dryRun: true),
        p => judged(p.Answer), p => p.Answer.ToString());

    private async Task RunAsync(string tenant, GpuJob job, CapEvasion? evasion = null)
    {
        _jobs.Add(await shares.RunAsync(scenario[tenant], job, evasion));
        state.Pod = Job.Pod;
    }
}
