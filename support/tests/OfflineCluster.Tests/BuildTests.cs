namespace SecuritySpecs.OfflineCluster.Tests;

/// <summary>The build script with an engine and a mmdebstrap that only note what they are asked to do.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class BuildTests : IDisposable
{
    private readonly FakeMachine machine = new();

    public void Dispose() => machine.Dispose();

    [Test]
    public async Task It_builds_base_Kubernetes_and_image_and_prints_one_line_the_tag()
    {
        var outcome = await machine.Build();

        outcome.ExitCode.Should().Be(0, outcome.Error);
        outcome.Output.Should().MatchRegex(@"\Asecurityspecs/k3s-offline:[0-9a-f]{12}\n\z");
        machine.Calls("import").Should().ContainSingle();
        machine.Calls("run --rm --name").Should().ContainSingle();
        machine.Calls("build").Should().ContainSingle();
        machine.Calls("dotnet publish").Should().HaveCount(2).And.OnlyContain(call => call.Contains("/offline-cluster/dns ") || call.Contains("/offline-cluster/network-agent "));
        outcome.Error.Should().Contain("building Kubernetes 1.20.2 from Debian's source (about 4 min) ...").And.MatchRegex(@"Kubernetes .* done in \d+ s");
    }

    [Test]
    public async Task Programs_are_machine_code_where_the_base_has_what_they_want()
    {
        var outcome = await machine.Build();

        machine.Calls("dotnet publish").Should().HaveCount(2).And.OnlyContain(call => call.EndsWith("-p:NativeCode=true"));
        outcome.Error.Should().NotContain("cannot be machine code");
    }

    [Test]
    public async Task Programs_that_the_base_could_not_run_are_compiled_for_the_runtime()
    {
        machine.SaysOfPrograms("libc.so.6: version `GLIBC_2.99' not found (required by /tmp/program)");

        var outcome = await machine.Build();

        outcome.ExitCode.Should().Be(0, outcome.Error);
        outcome.Error.Should().Contain("dns cannot be machine code here").And.Contain("network-agent cannot be machine code here");
        machine.Calls("dotnet publish").Select(call => call[^5..]).Should().Equal("=true", "false", "=true", "false");
    }

    [Test]
    public async Task Programs_are_compiled_for_the_runtime_where_there_is_no_native_compiler()
    {
        machine.Command("dotnet", """[[ $* != *NativeCode=true ]] || { echo "error NU1101: no ILCompiler"; exit 1; }""" + "\n" + FakeMachine.Net);

        var outcome = await machine.Build();

        outcome.ExitCode.Should().Be(0, outcome.Error);
        outcome.Error.Should().Contain("dns cannot be machine code here");
        machine.Calls("dotnet publish").Should().HaveCount(2).And.OnlyContain(call => call.EndsWith("-p:NativeCode=false"));
    }

    [Test]
    public async Task A_second_build_does_nothing_and_says_the_same()
    {
        var first = await machine.Build();
        machine.ForgetCalls();

        var second = await machine.Build();

        second.Output.Should().Be(first.Output);
        second.Error.Should().BeEmpty();
        machine.Calls().Should().HaveCount(machine.Calls("version").Count + machine.Calls("image inspect").Count);
    }

    [Test]
    public async Task Binaries_compiled_once_serve_again_when_the_image_is_gone()
    {
        await machine.Build();
        machine.ForgetImages();
        machine.ForgetCalls();

        (await machine.Build()).ExitCode.Should().Be(0);

        machine.Calls("run").Should().BeEmpty();
    }

    [Test]
    public async Task The_base_alone_is_built_alone()
    {
        var outcome = await machine.Build("--base");

        outcome.Output.Should().MatchRegex(@"\Asecurityspecs/bookworm:[0-9a-f]{12}\n\z");
        machine.Calls("run").Should().BeEmpty();
        machine.Calls("build").Should().BeEmpty();
        machine.Calls("dotnet").Should().BeEmpty();
    }

    [Test]
    public async Task Brought_binaries_are_not_compiled_and_make_an_image_of_their_own()
    {
        var compiled = await machine.Build();
        machine.ForgetCalls();
        var brought = await machine.Build("--kubernetes-dir", machine.Kubernetes("1.36.2"));
        var other = await machine.Build("--kubernetes-dir", machine.Kubernetes("1.30.0"));

        brought.ExitCode.Should().Be(0, brought.Error);
        machine.Calls("run").Should().BeEmpty();
        new[] { compiled.Output, brought.Output, other.Output }.Should().OnlyHaveUniqueItems();
    }

    [Test]
    public async Task An_unpacked_server_archive_will_do_as_the_folder()
    {
        var flat = machine.Kubernetes("1.30.0");
        var archive = machine.Folder("archive/kubernetes/server");
        Directory.Move(flat, archive + "/bin");

        var outcome = await machine.Build("--kubernetes-dir", machine.Folder("archive"));

        outcome.ExitCode.Should().Be(0, outcome.Error);
    }

    [Test]
    public async Task The_folder_may_come_by_environment()
    {
        var outcome = await machine.Build(new Dictionary<string, string> { ["SPECS_KUBERNETES_DIR"] = "/nowhere" });

        Refusal(outcome).Should().Contain("there is no folder '/nowhere'");
    }

    [Test]
    public async Task A_folder_that_lacks_binaries_is_refused_with_their_names()
    {
        var folder = machine.Kubernetes("1.30.0");
        File.Delete(folder + "/kubelet");
        File.Delete(folder + "/kube-proxy");

        Refusal(await machine.Build("--kubernetes-dir", folder)).Should().Contain("lacks kubelet kube-proxy");
    }

    [Test]
    public async Task A_binary_that_may_not_be_run_is_refused()
    {
        var folder = machine.Kubernetes("1.30.0");
        File.SetUnixFileMode(folder + "/kubelet", UnixFileMode.UserRead);

        Refusal(await machine.Build("--kubernetes-dir", folder)).Should().Contain("kubelet is not executable");
    }

    [TestCase("1.19.7")]
    [TestCase("1.37.0")]
    public async Task A_release_out_of_range_is_refused(string release) =>
        Refusal(await machine.Build("--kubernetes-dir", machine.Kubernetes(release)))
            .Should().Contain($"is Kubernetes {release}: supported are 1.20 to 1.36");

    [Test]
    public async Task Binaries_of_two_releases_are_refused()
    {
        var folder = machine.Kubernetes("1.30.0");
        FakeBinaries.Write(folder, "kube-proxy", "echo Kubernetes v1.31.0");

        Refusal(await machine.Build("--kubernetes-dir", folder)).Should().Contain("kube-proxy is Kubernetes 1.31.0 but kube-apiserver is 1.30.0");
    }

    [Test]
    public async Task A_program_that_is_no_Kubernetes_is_refused_with_what_it_said()
    {
        var folder = machine.Kubernetes("1.30.0");
        FakeBinaries.Write(folder, "kube-scheduler", "echo hello; exit 0");

        Refusal(await machine.Build("--kubernetes-dir", folder)).Should().Contain("kube-scheduler --version says 'hello'");
    }

    [Test]
    public async Task An_unknown_argument_is_refused() =>
        Refusal(await machine.Build("--fast")).Should().Contain("unknown argument '--fast'");

    [Test]
    public async Task Without_a_container_engine_it_says_so() =>
        Refusal(await machine.Build(new Dictionary<string, string> { ["SPECS_ENGINE"] = "no-such-engine" }))
            .Should().Contain("no command 'no-such-engine'");

    [Test]
    public async Task With_too_little_disk_it_says_so_before_it_compiles_and_leaves_nothing()
    {
        machine.Command("df", "echo head; echo disk 100 90 10 90% /");

        Refusal(await machine.Build()).Should().Contain("no disk space").And.Contain("10 MB free, 400 MB are needed");

        machine.Calls("run").Should().BeEmpty();
        machine.Cached.Should().BeEmpty();
    }

    [Test]
    public async Task A_disk_that_fills_up_meanwhile_is_told_as_such_and_leaves_nothing()
    {
        machine.OnRun("echo 'write /out: No space left on device' >&2; exit 1");

        Refusal(await machine.Build()).Should().Contain("no disk space is left");

        machine.Cached.Should().BeEmpty();
    }

    [Test]
    public async Task A_failed_compilation_shows_the_end_of_its_log_and_leaves_nothing()
    {
        machine.OnRun("echo 'undefined: answer' >&2; exit 1");

        var outcome = await machine.Build();

        outcome.ExitCode.Should().Be(1);
        outcome.Output.Should().BeEmpty();
        outcome.Error.Should().Contain("undefined: answer");
        machine.Cached.Should().BeEmpty();
    }

    [Test]
    public async Task A_base_that_broke_off_gets_no_tag()
    {
        machine.Command("mmdebstrap", "echo half; echo 'E: mirror is gone' >&2; exit 1");

        var outcome = await machine.Build("--base");

        outcome.ExitCode.Should().Be(1);
        outcome.Error.Should().Contain("E: mirror is gone");
        machine.Calls("tag").Should().BeEmpty();
    }

    [Test]
    public async Task An_interrupted_build_ends_at_once_leaves_nothing_and_the_next_one_succeeds()
    {
        machine.BlockRun();
        using var build = machine.Start();
        await machine.Called("run");

        await Shell.Run("kill", ["-TERM", $"{build.Id}"]);
        var outcome = await build.Finish(seconds: 10);

        outcome.ExitCode.Should().Be(143);
        machine.Cached.Should().BeEmpty();
        machine.Calls("rm -f").Should().ContainSingle().Which.Should().Contain("securityspecs-build-");
        machine.UnblockRun();
        (await machine.Build()).ExitCode.Should().Be(0);
    }

    [Test]
    public async Task What_a_killed_build_left_goes_with_the_next_one()
    {
        machine.Folder("cache/securityspecs/work.killed");

        await machine.Build();

        machine.Cached.Select(folder => Path.GetFileName(folder).Split('-')[0]).Should().BeEquivalentTo("kubernetes", "programs");
        machine.Calls("rm -f").Should().Contain("rm -f securityspecs-build-work.killed");
    }

    [Test]
    public async Task Two_builds_at_once_compile_once_and_agree()
    {
        machine.BlockRun();
        using var first = machine.Start();
        await machine.Called("run");
        using var second = machine.Start();
        var waiting = await second.StandardError.ReadLineAsync();
        machine.UnblockRun();

        var outcomes = new[] { await first.Finish(), await second.Finish() };

        waiting.Should().Contain("another build is at work");
        outcomes.Should().OnlyContain(outcome => outcome.ExitCode == 0);
        outcomes[0].Output.Should().Be(outcomes[1].Output).And.NotBeEmpty();
        machine.Calls("run --rm --name").Should().ContainSingle();
    }

    /// <summary>A refusal is exit code 2, nothing on stdout and one line on stderr, progress aside.</summary>
    private static string Refusal(Outcome outcome)
    {
        outcome.ExitCode.Should().Be(2, outcome.Error);
        outcome.Output.Should().BeEmpty();
        return outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("offline cluster:   ", StringComparison.Ordinal) && !line.Contains(" ...", StringComparison.Ordinal))
            .Should().ContainSingle().Subject;
    }
}
