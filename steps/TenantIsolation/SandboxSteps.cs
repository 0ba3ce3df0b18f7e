using SecuritySpecs.Drivers.TenantIsolation;

namespace SecuritySpecs.Steps.TenantIsolation;

/// <summary>Pods that run on a kernel of their own.</summary>
[Binding]
public sealed class SandboxSteps(ScenarioPlatform scenario, ScenarioState state, SandboxDriver sandbox, GpuPodDriver gpuPods)
{
    [When("tenant {string} runs a pod in the sandbox of the platform")]
    public async Task WhenRuns(string tenant) => state.Pod = await sandbox.RunAsync(scenario[tenant]);

    [Then("the pods of tenants {string} and {string} share a node and its kernel")]
    public async Task ThenShare(string one, string other)
    {
        var (first, second) = await KernelsAsync(one, other);
        first.IsOtherThan(second).Should().BeFalse("neither pod is in a sandbox: {0} and {1}", first, second);
    }

    [Then("the pods of tenants {string} and {string} share a node, and each has a kernel of its own")]
    public async Task ThenEachItsOwn(string one, string other)
    {
        var (first, second) = await KernelsAsync(one, other);
        first.IsOtherThan(second).Should().BeTrue("a pod in a sandbox does not run on the kernel of the pod beside it, but one sees {0} and the other {1}", first, second);
    }

    private async Task<(Kernel One, Kernel Other)> KernelsAsync(string one, string other)
    {
        var (first, second) = (LatestOf(one), LatestOf(other));
        (await gpuPods.NodeOfAsync(first)).Should().Be(await gpuPods.NodeOfAsync(second), "kernels of two nodes differ in any case");
        return (await sandbox.KernelAsync(first), await sandbox.KernelAsync(second));
    }

    private SubmittedPod LatestOf(string tenant) => state.Pods.Last(p => p.Tenant.Name == tenant);
}
