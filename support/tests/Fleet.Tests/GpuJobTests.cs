namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>Jobs that allocate memory of a shared GPU of 10000 MiB.</summary>
[TestFixture]
public sealed class GpuJobTests
{
    [Test]
    public async Task Holds_what_it_wants_up_to_the_cap_and_says_so_in_JSON()
    {
        await using var gpu = await RunningVgpuPlugin.StartAsync();
        var result = await gpu.JobAsync(3000, "3000m");
        result.Output.Should().Be($$"""{"gpu":"{{gpu.Uuid}}","memoryMiB":3000,"capMiB":3000,"freeMiB":7000}""");
        result.ExitCode.Should().Be(0);
    }

    [Test]
    public async Task Is_refused_by_HAMi_core_above_the_cap_although_the_GPU_has_memory()
    {
        await using var gpu = await RunningVgpuPlugin.StartAsync();
        (await gpu.JobAsync(3001, "3000m")).Should().Be(new FleetResult(1, "", "fleet gpu-job: CUDA_ERROR_OUT_OF_MEMORY: HAMi-core: 3001 MiB wanted, the cap of this container is 3000 MiB"));
    }

    [TestCase("3g", true, 3072, TestName = "Reads gibibytes")]
    [TestCase("4096000K", true, 4000, TestName = "Reads kibibytes, whatever the case of the unit")]
    [TestCase("10485760", true, 10, TestName = "Reads bytes")]
    [TestCase("0m", true, null, TestName = "Takes zero as no cap")]
    [TestCase("a lot", true, null, TestName = "Takes what is no number as no cap")]
    [TestCase(null, true, null, TestName = "Takes an absent variable as no cap")]
    [TestCase("3000m", false, null, TestName = "Has no cap where HAMi-core is not loaded")]
    public async Task Finds_its_cap_as_HAMi_core_does(string? limit, bool hamiCore, int? cap)
    {
        await using var gpu = await RunningVgpuPlugin.StartAsync();
        (await gpu.JobAsync(1, limit, hamiCore)).Output.Should().Contain($"\"capMiB\":{cap?.ToString(null, null) ?? "null"},");
    }

    [Test]
    public async Task Fails_where_another_holds_the_memory_and_works_once_that_one_has_ended()
    {
        await using var gpu = await RunningVgpuPlugin.StartAsync();
        await using var greedy = gpu.StartJob(9000, more: "--hold");
        await greedy.SaysAsync("\"memoryMiB\":9000");
        (await gpu.JobAsync(1001)).Should().Be(new FleetResult(1, "", "fleet gpu-job: CUDA_ERROR_OUT_OF_MEMORY: the GPU: 1001 MiB wanted, 1000 MiB free"));
        (await greedy.TerminateAsync()).ExitCode.Should().Be(0);
        (await gpu.JobAsync(10000)).Output.Should().Contain("\"freeMiB\":0");
    }

    [Test]
    public async Task Frees_its_memory_also_when_it_is_killed()
    {
        await using var gpu = await RunningVgpuPlugin.StartAsync();
        var killed = gpu.StartJob(9000, more: "--hold");
        await killed.SaysAsync("\"memoryMiB\":9000");
        await killed.DisposeAsync(); // kills
        (await gpu.JobAsync(10000)).ExitCode.Should().Be(0);
    }

    [Test]
    public async Task Fails_when_its_GPU_is_gone()
    {
        await using var gpu = await RunningVgpuPlugin.StartAsync();
        await using var job = gpu.StartJob(1000, more: "--hold");
        await job.SaysAsync("\"memoryMiB\":1000");
        await gpu.Process.TerminateAsync();
        (await job.EndAsync()).Should().Match<FleetResult>(r => r.ExitCode == 1 && r.Errors == "fleet gpu-job: the GPU is gone: its memory broker ended");
    }

    [Test]
    public async Task Finds_no_GPU_in_a_container_that_was_handed_none()
    {
        var result = await FleetProcess.RunAsync("gpu-job", "--memory-mib", "1", "--gpu-dir", "/nowhere");
        result.Should().Be(new FleetResult(1, "", "fleet gpu-job: CUDA_ERROR_NO_DEVICE: this container was handed no share of a GPU (there is no /nowhere/memory.sock)"));
    }

    [Test]
    public async Task Cannot_name_a_GPU_that_is_not_there()
    {
        await using var gpu = await RunningVgpuPlugin.StartAsync();
        await using var job = FleetProcess.Start(new Dictionary<string, string> { ["NVIDIA_VISIBLE_DEVICES"] = "GPU-1" }, "gpu-job", "--memory-mib", "1", "--gpu-dir", gpu.Host.File("memory"));
        (await job.EndAsync()).Errors.Should().Be("fleet gpu-job: CUDA_ERROR_INVALID_DEVICE: no GPU GPU-1 here");
    }
}
