using SecuritySpecs.Drivers.TenantIsolation;

namespace SecuritySpecs.Steps.TenantIsolation;

/// <summary>Jobs on slices of the GPU that tenants share, and the memory cap of a slice.</summary>
[Binding]
public sealed class GpuMemorySteps(ScenarioPlatform scenario, ScenarioState state, GpuShareDriver shares)
{
    private readonly List<JobOutcome> _jobs = [];

    private JobOutcome Job => _jobs.Count > 0 ? _jobs[^1] : throw new InvalidOperationException("No step of this scenario has run a GPU job yet.");

    [StepArgumentTransformation("(" + CapEvasion.Phrases + ")", Name = "evasion")]
    public static CapEvasion ToEvasion(string words) => CapEvasion.Of(words);

    [StepArgumentTransformation("(" + JobRequest.Forms + ")", Name = "job")]
    public static JobRequest ToJob(string words) => JobRequest.Of(words);

    [StepArgumentTransformation("(" + JobFailure.Forms + ")", Name = "cause")]
    public static JobFailure ToCause(string words) => JobFailure.Of(words);

    [When("tenant {string} runs {job}")]
    public async Task WhenRuns(string tenant, JobRequest job)
    {
        _jobs.Add(await shares.RunAsync(scenario[tenant], job.Job, job.Evasion));
        state.Pod = Job.Pod;
    }

    [When("tenant {string} submits {job}")]
    public async Task WhenSubmits(string tenant, JobRequest job) => state.Pod = await shares.SubmitAsync(scenario[tenant], job.Job, job.Evasion);

    [Then("the job holds {int} MiB of the GPU")]
    public void ThenHolds(int memory) => Job.HeldMiB.Should().Be(memory, "the job should hold its memory, but: {0}", Job.Failure);

    [Then("the job fails because {cause}")]
    public void ThenFails(JobFailure cause) => cause.Is(Job.Failure).Should().BeTrue("the job should fail because {0}, but: {1}", cause.Words, Job.Failure);

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
}
