namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>What the program says to its user.</summary>
[TestFixture]
public sealed class CommandLineTests
{
    [TestCase("fly", "fleet: unknown role 'fly'; known: device-plugin gpu ")]
    [TestCase("device-plugin --gpus 8 --color red", "fleet device-plugin: unknown option '--color'; known: --gpus")]
    [TestCase("device-plugin --gpus 8", "fleet device-plugin: the node has no name: give --node NAME or set NODE_NAME")]
    [TestCase("device-plugin --node n", "fleet device-plugin: --gpus is missing: a whole number from 1 to 256")]
    [TestCase("device-plugin --node n --gpus -1", "fleet device-plugin: --gpus -1: a whole number from 1 to 256 is expected")]
    [TestCase("device-plugin --node n --gpus", "fleet device-plugin: --gpus needs a value")]
    [TestCase("device-plugin --node n --node m --gpus 8", "fleet device-plugin: --node is given twice")]
    [TestCase("device-plugin --node n --gpus 8 --resource gpu", "fleet device-plugin: --resource gpu: expected DOMAIN/NAME like nvidia.com/gpu")]
    [TestCase("device-plugin more --node n --gpus 8", "fleet device-plugin: unexpected argument 'more'")]
    [TestCase("gpu", "fleet gpu: say list or health")]
    [TestCase("gpu melt", "fleet gpu: unknown command 'melt'; known: list health")]
    [TestCase("gpu health GPU-1 poorly", "fleet gpu: expected: health UUID healthy|unhealthy")]
    [TestCase("prober --port 0", "fleet prober: --port 0: a whole number from 1 to 65535 is expected")]
    [TestCase("probe", "fleet probe: one target is expected")]
    [TestCase("probe tcp://host", "fleet probe: 'tcp://host' is no target")]
    [TestCase("probe ftp://host/", "fleet probe: 'ftp://host/' is no target")]
    [TestCase("vgpu-plugin --node n", "fleet vgpu-plugin: --memory-mib is missing: a whole number from 1 to")]
    [TestCase("vgpu-plugin --node n --memory-mib 1 --shares 0", "fleet vgpu-plugin: --shares 0: a whole number from 1 to 256 is expected")]
    [TestCase("vgpu-plugin --memory-mib 1", "fleet vgpu-plugin: the node has no name: give --node NAME or set NODE_NAME")]
    [TestCase("vgpu-plugin --node n --memory-mib 1 --resource vgpu --plugin-dir /tmp", "fleet vgpu-plugin: --resource vgpu: expected DOMAIN/NAME like nvidia.com/vgpu")]
    [TestCase("vgpu-plugin --node n --memory-mib 1 --plugin-dir /tmp --api ftp://x", "fleet vgpu-plugin: --api ftp://x: expected http://HOST:PORT")]
    [TestCase("vgpu-scheduler", "fleet vgpu-scheduler: --tls-cert is missing")]
    [TestCase("vgpu-scheduler --tls-cert x", "fleet vgpu-scheduler: --tls-key is missing")]
    [TestCase("gpu-job", "fleet gpu-job: --memory-mib is missing: a whole number from 1 to")]
    [TestCase("gpu-job --memory-mib lots", "fleet gpu-job: --memory-mib lots: a whole number from 1 to")]
    [TestCase("gpu-job --memory-mib 1 --keep", "fleet gpu-job: unknown option '--keep'; known: --memory-mib --gpu-dir --preload --hold")]
    [TestCase("dcgm-exporter --node n --gpus 1 --memory-mib 1", "fleet dcgm-exporter: --product is missing")]
    [TestCase("dcgm-exporter --node n --gpus 1 --memory-mib 1 --product p --scenario maybe", "fleet dcgm-exporter: --scenario maybe: expected off, token or open")]
    [TestCase("dcgm-exporter --node n --gpus 1 --memory-mib 1 --product p --scenario token", "fleet dcgm-exporter: --scenario token wants a --scenario-token-file")]
    [TestCase("model-server --port 70000", "fleet model-server: --port 70000: a whole number from 0 to 65535 is expected")]
    [TestCase("model-server --slots 0", "fleet model-server: --slots 0: a whole number from 1 to 1000 is expected")]
    [TestCase("model-server --key abc", "fleet model-server: unknown option '--key'; known: --port --keys")]
    [TestCase("model-server more", "fleet model-server: unexpected argument 'more'")]
    [TestCase("call http://h:1", "fleet call: expected http://HOST:PORT and a plan")]
    [TestCase("call tcp://h:1 []", "fleet call: expected http://HOST:PORT and a plan")]
    [TestCase("call http://h:1 {}", "fleet call: the plan is no JSON array of steps: ")]
    [TestCase("call http://h:1 [{}]", "fleet call: the plan is no JSON array of steps: ")]
    [TestCase("call http://h:1 [1]", "fleet call: the plan is no JSON array of steps: ")]
    public async Task Wrong_usage_is_one_line_and_exit_code_2(string arguments, string message)
    {
        var result = await FleetProcess.RunAsync(arguments.Split(' '));
        result.ExitCode.Should().Be(2);
        result.Output.Should().BeEmpty();
        result.Errors.Should().StartWith(message).And.NotContain("\n");
    }

    [TestCase("gpu list --state-dir /nowhere", "fleet gpu: no device plugin keeps its state in /nowhere")]
    [TestCase("device-plugin --node n --gpus 1 --plugin-dir /nowhere", "fleet device-plugin: /nowhere does not exist")]
    [TestCase("vgpu-plugin --node n --memory-mib 1 --plugin-dir /nowhere", "fleet vgpu-plugin: /nowhere does not exist")]
    [TestCase("vgpu-plugin --node n --memory-mib 1 --plugin-dir /tmp", "fleet vgpu-plugin: this is no pod with a ServiceAccount's token")]
    [TestCase("vgpu-scheduler --tls-cert /nowhere --tls-key /nowhere", "fleet vgpu-scheduler: Could not find file '/nowhere'")]
    [TestCase("vgpu-scheduler --tls-cert /etc/hosts --tls-key /etc/hosts", "fleet vgpu-scheduler: /etc/hosts and /etc/hosts are no certificate and its key in PEM")]
    [TestCase("dcgm-exporter --node n --gpus 1 --memory-mib 1 --product p --scenario token --scenario-token-file /nowhere", "fleet dcgm-exporter: Could not find file '/nowhere'")]
    [TestCase("dcgm-exporter --node n --gpus 1 --memory-mib 1 --product p --scenario token --scenario-token-file /dev/null", "fleet dcgm-exporter: /dev/null is empty")]
    [TestCase("model-server --port 0 --keys /nowhere", "fleet model-server: --keys /nowhere: there is no such folder")]
    [TestCase("model-server --port 0 --limits /nowhere", "fleet model-server: --limits /nowhere: there is no such folder")]
    [TestCase("call http://127.0.0.1:1/ [{\"path\":\"/\",\"wait\":\"retry-after\"}]", "fleet call: the plan waits for Retry-After, and the answer before had none")]
    [TestCase("call http://127.0.0.1:1/ [{\"path\":\"/{key:no-such-file}\"}]", "fleet call: Could not find a part of the path '/key/no-such-file'")]
    public async Task What_cannot_be_done_is_one_line_and_exit_code_1(string arguments, string message)
    {
        var result = await FleetProcess.RunAsync(arguments.Split(' '));
        result.ExitCode.Should().Be(1);
        result.Errors.Should().StartWith(message).And.NotContain("\n");
    }

    [TestCase("--help", "device-plugin")]
    [TestCase("device-plugin --help", "--gpus N")]
    [TestCase("gpu --help", "health UUID")]
    [TestCase("vgpu-plugin --help", "--shares N")]
    [TestCase("vgpu-scheduler --help", "POST /webhook")]
    [TestCase("gpu-job --help", "--hold")]
    [TestCase("dcgm-exporter --help", "POST /scenario")]
    [TestCase("model-server --help", "--keys DIR")]
    [TestCase("call --help", "{key:NAME}")]
    [TestCase("prober --help", "--port PORT")]
    [TestCase("probe --help", "--timeout-ms N")]
    public async Task Every_role_explains_itself(string arguments, string part)
    {
        var result = await FleetProcess.RunAsync(arguments.Split(' '));
        result.ExitCode.Should().Be(0);
        result.Output.Should().StartWith(arguments.StartsWith("--", StringComparison.Ordinal) ? "fleet:" : "Usage: fleet").And.Contain(part);
    }

    [Test]
    public async Task An_unknown_GPU_is_not_marked()
    {
        await using var plugin = await RunningPlugin.StartAsync(gpus: 1);
        var result = await plugin.GpuAsync("health", "GPU-1", "unhealthy");
        result.ExitCode.Should().Be(1);
        result.Errors.Should().Be("fleet gpu: no GPU 'GPU-1' on this node; `fleet gpu list` lists them");
    }

    [Test]
    public async Task GPUs_are_listed_as_JSON_with_their_health()
    {
        await using var plugin = await RunningPlugin.StartAsync(gpus: 2);
        var uuids = await plugin.UuidsAsync();
        var marked = await plugin.GpuAsync("health", uuids[1], "unhealthy");
        marked.Output.Should().Be($$"""{"index":1,"uuid":"{{uuids[1]}}","health":"unhealthy"}""");
        var list = await plugin.GpuAsync("list");
        list.Output.Should().Be($$"""[{"index":0,"uuid":"{{uuids[0]}}","health":"healthy"},{"index":1,"uuid":"{{uuids[1]}}","health":"unhealthy"}]""");
    }
}
