namespace SecuritySpecs.OfflineCluster.Tests;

/// <summary>What lib/flags.sh starts the components of a release with; nothing runs but the shell and a kubelet that tells its version.</summary>
[TestFixture]
internal sealed class FlagTests
{
    [TestCase("1.20.2", true)]
    [TestCase("1.24.17", false)]
    [TestCase("1.30.0", false)]
    [TestCase("1.36.2", false)]
    public async Task The_kubelet_is_told_that_its_runtime_is_not_Docker_only_while_it_asks(string release, bool told) =>
        (await Flags(release, "kubelet_flags")).Contains("--container-runtime=remote").Should().Be(told);

    [TestCase("1.20.2", true)]
    [TestCase("1.24.17", true)]
    [TestCase("1.26.9", true)]
    [TestCase("1.27.0", false)]
    [TestCase("1.30.0", false)]
    [TestCase("1.36.2", false)]
    public async Task The_kubelet_gets_its_runtime_s_socket_by_flag_or_by_file_never_by_both(string release, bool byFlag)
    {
        var flags = await Flags(release, "kubelet_flags");
        var file = await Flags(release, "kubelet_config /ca.crt");

        flags.Any(flag => flag == "--container-runtime-endpoint=unix:///run/k3s/containerd/containerd.sock").Should().Be(byFlag);
        file.Any(line => line == "containerRuntimeEndpoint: unix:///run/k3s/containerd/containerd.sock").Should().Be(!byFlag);
    }

    [TestCase("1.20.2", false)]
    [TestCase("1.30.0", false)]
    [TestCase("1.31.0", true)]
    [TestCase("1.36.2", true)]
    public async Task A_kubelet_that_would_refuse_cgroup_v1_is_told_not_to(string release, bool told) =>
        (await Flags(release, "kubelet_config /ca.crt")).Contains("failCgroupV1: false").Should().Be(told);

    [TestCase("1.20.2", true)]
    [TestCase("1.23.1", true)]
    [TestCase("1.24.17", false)]
    [TestCase("1.36.2", false)]
    public async Task The_controller_manager_s_open_port_is_closed_where_it_exists(string release, bool exists) =>
        (await Flags(release, "controller_manager_flags")).Contains("--port=0").Should().Be(exists);

    [TestCase("1.20.2", "v1beta1")]
    [TestCase("1.22.9", "v1beta1")]
    [TestCase("1.24.17", "v1beta3")]
    [TestCase("1.30.0", "v1")]
    [TestCase("1.36.2", "v1")]
    public async Task The_scheduler_s_file_is_of_a_version_that_it_reads(string release, string version) =>
        (await Flags(release, "scheduler_config")).Should().Contain($"apiVersion: kubescheduler.config.k8s.io/{version}");

    [TestCase("1.20.2")]
    [TestCase("1.36.2")]
    public async Task No_release_gets_a_flag_that_some_release_lacks_without_need(string release)
    {
        string[] functions = ["apiserver_flags", "controller_manager_flags", "scheduler_flags", "kubelet_flags", "proxy_flags"];
        var all = (await Task.WhenAll(functions.Select(function => Flags(release, function)))).SelectMany(flags => flags).ToList();

        all.Should().NotContain(flag => flag.Contains("insecure-port") || flag.Contains("--containerd") || flag.Contains("pod-infra-container-image"));
    }

    [Test]
    public async Task Arguments_of_the_caller_come_last_so_that_they_win()
    {
        var flags = await Flags("1.36.2", "apiserver_flags", "--kube-apiserver-arg=anonymous-auth=true", "--kube-apiserver-arg", "audit-log-path=/var/log/audit.log");

        flags.TakeLast(2).Should().Equal("--anonymous-auth=true", "--audit-log-path=/var/log/audit.log");
    }

    [Test]
    public async Task Node_labels_and_taints_are_one_flag_each()
    {
        var flags = await Flags("1.20.2", "kubelet_flags", "--node-label=gpu-pool=a100", "--node-label", "zone=1", "--node-taint=gpu=yes:NoSchedule");

        flags.Should().Contain("--node-labels=gpu-pool=a100,zone=1").And.Contain("--register-with-taints=gpu=yes:NoSchedule");
    }

    [Test]
    public async Task What_k3s_knows_and_this_image_has_no_use_for_is_kept_for_the_log() =>
        (await Flags("1.20.2", "printf '%s\\n' \"${IGNORED[@]}\"", "--disable=traefik", "--flannel-backend", "none")).Should().Equal("--disable=traefik", "--flannel-backend=none");

    [TestCase("yes")]
    [TestCase("yes", "--disable=traefik")]
    [TestCase("no", "--disable=coredns")]
    [TestCase("no", "--disable", "traefik,coredns,local-storage")]
    public async Task Cluster_DNS_is_there_unless_it_is_disabled_as_k3s_disables_its_own(string there, params string[] arguments) =>
        (await Flags("1.20.2", "echo $CLUSTER_DNS", arguments)).Should().Equal(there);

    [TestCase(false)]
    [TestCase(true, "--secrets-encryption")]
    [TestCase(true, "--secrets-encryption", "--disable=traefik")]
    [TestCase(true, "--secrets-encryption=true")]
    [TestCase(false, "--secrets-encryption=false")]
    public async Task Secrets_are_encrypted_where_k3s_encrypts_its_own(bool encrypted, params string[] arguments) =>
        (await Flags("1.20.2", "apiserver_flags", arguments)).Contains("--encryption-provider-config=/var/lib/rancher/k3s/server/cred/encryption-config.json")
            .Should().Be(encrypted);

    [Test]
    public async Task A_key_is_made_once_for_the_API_server_alone()
    {
        var folder = Directory.CreateTempSubdirectory();
        var file = folder.FullName + "/cred/encryption-config.json";
        var make = $"ENCRYPTION={file}; make_encryption_config; stat -c %a {file}; cat {file}";

        var made = await Flags("1.20.2", make);
        var again = await Flags("1.20.2", make);
        folder.Delete(recursive: true);
        var other = await Flags("1.20.2", make);
        folder.Delete(recursive: true);

        made[0].Should().Be("600");
        again.Should().Equal(made, "what was encrypted with the first key must be read again");
        other.Should().NotEqual(made, "each cluster has a key of its own");
        var provider = JsonNode.Parse(string.Join('\n', made.Skip(1)))!["resources"]![0]!["providers"]![0]!["aescbc"]!;
        Convert.FromBase64String((string)provider["keys"]![0]!["secret"]!).Should().HaveCount(32);
    }

    [TestCase("1.19.16")]
    [TestCase("1.37.0")]
    [TestCase("2.20.0")]
    public async Task A_release_out_of_range_has_no_flags(string release) =>
        (await Source(release, "echo never reached")).ExitCode.Should().NotBe(0);

    [Test]
    public async Task On_cgroup_v2_processes_move_aside_and_pods_get_every_controller()
    {
        var group = Directory.CreateTempSubdirectory().FullName;
        await File.WriteAllTextAsync(group + "/cgroup.procs", "17\n4711\n");
        await File.WriteAllTextAsync(group + "/cgroup.controllers", "cpu memory pids\n");

        var outcome = await Source("1.36.2", $"echo $$ >>{group}/cgroup.procs; delegate_cgroup {group}; echo $$");

        outcome.ExitCode.Should().Be(0, outcome.Error);
        (await File.ReadAllLinesAsync(group + "/init/cgroup.procs")).Should().Equal("17", "4711", outcome.Output.Trim());
        (await File.ReadAllLinesAsync(group + "/cgroup.subtree_control")).Should().Equal("+cpu", "+memory", "+pids");
        Directory.Delete(group, recursive: true);
    }

    [Test]
    public async Task A_cgroup_that_is_not_the_container_s_own_is_left_alone()
    {
        var group = Directory.CreateTempSubdirectory().FullName;
        await File.WriteAllTextAsync(group + "/cgroup.procs", "4711\n");
        await File.WriteAllTextAsync(group + "/cgroup.controllers", "cpu\n");

        var outcome = await Source("1.36.2", $"delegate_cgroup {group}");

        outcome.ExitCode.Should().Be(1);
        outcome.Error.Should().Contain("--cgroupns=host");
        Directory.GetFileSystemEntries(group).Should().HaveCount(2);
        Directory.Delete(group, recursive: true);
    }

    [TestCase("yes", 5120, false, "agent/containerd", "server/db", TestName = "State_is_in_memory_where_enough_is_free")]
    [TestCase("yes", 5119, false, TestName = "State_is_on_the_disk_where_memory_is_short_and_the_log_says_so")]
    [TestCase("yes", 9999, true, TestName = "State_that_is_on_the_disk_stays_there")]
    [TestCase("", 9999, false, TestName = "State_is_on_the_disk_unless_the_caller_wants_it_in_memory")]
    public async Task State(string wanted, int free, bool booted, params string[] inMemory)
    {
        var data = Directory.CreateTempSubdirectory().FullName;
        await File.WriteAllTextAsync(data + "/meminfo", $"MemTotal: 99999999 kB\nMemAvailable:   {free * 1024L} kB\n");
        if (booted) Directory.CreateDirectory(data + "/agent/booted");

        var outcome = await Source("1.20.2", $"DATA={data} AGENT={data}/agent MEMINFO={data}/meminfo K3S_STATE_IN_MEMORY={wanted}; mount() {{ echo \"$*\"; }}; keep_state_in_memory");

        outcome.ExitCode.Should().Be(0, outcome.Error);
        outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().Equal(inMemory.Select(f => $"-t tmpfs -o mode=711,size=2048m state {data}/{f}"));
        outcome.Error.Contains("write to the disk: only 5119 MiB of memory are free, and to keep their state in memory takes 5120", StringComparison.Ordinal).Should().Be(free == 5119);
        Directory.Delete(data, recursive: true);
    }

    private static async Task<IReadOnlyList<string>> Flags(string release, string function, params string[] arguments)
    {
        var outcome = await Source(release, function, arguments);
        outcome.ExitCode.Should().Be(0, outcome.Error);
        return outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Runs a line of shell with every part of the entry point read and a kubelet of that release on the PATH.</summary>
    private static async Task<Outcome> Source(string release, string line, params string[] arguments)
    {
        var folder = FakeBinaries.Make(release, "kubelet");
        try
        {
            string[] parts = ["process", "release", "arguments", "machine", "pki", "flags", "containerd", "node", "network-agent", "dns", "server", "agent"];
            var script = string.Join('\n', [
                "set -euo pipefail",
                .. parts.Select(part => $"source {Shell.OfflineCluster}lib/{part}.sh"),
                "read_arguments server \"$@\"",
                "NODE_IP=10.0.0.2 POD_CGROUP=/docker/abc",
                "MINOR=$(minor_of \"$(release_of kubelet)\")",
                line]);
            var path = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}";
            return await Shell.Run("bash", ["-c", script, "k3s", .. arguments], new Dictionary<string, string> { ["PATH"] = path });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
