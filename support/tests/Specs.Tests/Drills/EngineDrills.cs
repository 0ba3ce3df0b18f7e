using System.Net.Sockets;
using SecuritySpecs.Cluster;
using SecuritySpecs.Cluster.Images;

namespace Specs.Tests.Drills;

/// <summary>The container engine fails a run: it goes in the middle, or its disk is full. The run says so and leaves nothing for good.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EngineDrills : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("specs-engine-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Test]
    public void An_engine_that_goes_in_the_middle_of_a_run_is_told_and_the_next_run_removes_the_container()
    {
        Need.Engine();
        using var engine = EngineRelay.Start(Path.Combine(folder, "engine.sock"));
        var environment = new Dictionary<string, string?>(OuterRun.Forgotten.Where(v => v.Key != "SPECS_K3S_IMAGE"))
        {
            ["DOCKER_HOST"] = engine.Address, ["SPECS_RESULTS"] = Path.Combine(folder, "results"), ["SPECS_KEEP"] = "0",
        };
        using var run = new Command(Repository.At("support", "specs"), environment, "run", "--filter", "TestCategory=control:gpu-quota");
        run.WaitUntil("a scenario has passed", () => run.Printed().Contains("\npassed ", StringComparison.Ordinal));
        var id = File.ReadAllText(Path.Combine(folder, "results", ".run")).Split(' ')[0];

        engine.Dispose();
        var outcome = run.Wait();

        outcome.ExitCode.Should().Be(2, outcome.Output + outcome.Errors);
        outcome.Output.Should().Contain("The container engine no longer answers");
        outcome.Errors.Should().Contain("the container engine no longer answers").And.Contain("specs clean").And.NotContain("   at ");
        Containers.OfRun(id).Should().ContainSingle("nobody could remove it");
        environment["DOCKER_HOST"] = Environment.GetEnvironmentVariable("DOCKER_HOST");
        Command.Run(Repository.At("support", "specs"), environment, "clean").Output.Should().Contain($"of run {id}");
        Containers.OfRun(id).Should().BeEmpty();
    }

    [Test]
    public async Task An_engine_whose_disk_is_full_is_told()
    {
        Need.Engine();
        Need.Root();
        Need.Program("dockerd");
        Need.Program("unshare");
        var images = await new RunImages(RunOptions.FromEnvironment() with { Cluster = RunOptions.K3s }, TestContext.Progress.WriteLine).PrepareAsync();
        using var disk = SmallDisk.Mount(Path.Combine(folder, "disk"), "128m");
        var environment = new Dictionary<string, string?>(OuterRun.Forgotten)
        {
            ["DOCKER_HOST"] = $"unix://{folder}/engine.sock", ["SPECS_RESULTS"] = Path.Combine(folder, "results"), ["SPECS_KEEP"] = "0",
            ["SPECS_FLEET_IMAGE"] = images.FleetImage, ["SPECS_FLEET_ARCHIVE"] = images.FleetArchive,
            ["SPECS_PROMETHEUS_IMAGE"] = images.PrometheusImage, ["SPECS_PROMETHEUS_ARCHIVE"] = images.PrometheusArchive,
        };
        // In a network of its own: an engine without a bridge removes the one that there is, which is the machine's engine's.
        using var engine = new Command("unshare", environment, "--net", "dockerd", "--host", environment["DOCKER_HOST"]!, "--data-root", disk.Path, "--storage-driver", "vfs",
            "--exec-root", Path.Combine(folder, "exec"), "--pidfile", Path.Combine(folder, "pid"), "--bridge", "none", "--iptables=false", "--ip6tables=false");
        engine.WaitUntil("the engine answers", () => Command.Run("docker", environment, "version").ExitCode == 0);
        Command.Run("docker", environment, "load", "--input", images.FleetArchive!).ExitCode.Should().Be(0);
        disk.Fill();

        var outcome = Command.Run(Repository.At("support", "specs"), environment, "run", "--k3s-image", images.FleetImage!, "--filter", "TestCategory=control:gpu-quota");
        engine.Signal("TERM");
        engine.Wait();

        outcome.ExitCode.Should().Be(2, outcome.Output + outcome.Errors);
        $"{outcome.Output}{outcome.Errors}".Should().Contain("no space left on device").And.NotContain("   at ");
    }

    /// <summary>The machine's engine at an address of its own, at which it can go without harm to anybody else.</summary>
    private sealed class EngineRelay : IDisposable
    {
        private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        private readonly List<Socket> open = [];

        public required string Address { get; init; }

        public static EngineRelay Start(string path)
        {
            var relay = new EngineRelay { Address = $"unix://{path}" };
            relay.listener.Bind(new UnixDomainSocketEndPoint(path));
            relay.listener.Listen();
            _ = relay.AcceptAsync();
            return relay;
        }

        public void Dispose()
        {
            listener.Dispose();
            lock (open)
            {
                foreach (var socket in open)
                    socket.Dispose();
                open.Clear();
            }
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                    _ = RelayAsync(Keep(await listener.AcceptAsync()));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // the engine is gone
            }
        }

        private async Task RelayAsync(Socket client)
        {
            try
            {
                var engine = Keep(new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
                await engine.ConnectAsync(new UnixDomainSocketEndPoint("/var/run/docker.sock"));
                await Task.WhenAll(CopyAsync(client, engine), CopyAsync(engine, client));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // one of the two has ended
            }
        }

        private static async Task CopyAsync(Socket from, Socket to)
        {
            var buffer = new byte[64 * 1024];
            int count;
            while ((count = await from.ReceiveAsync(buffer)) > 0)
                await to.SendAsync(buffer.AsMemory(0, count));
            to.Shutdown(SocketShutdown.Send);
        }

        private Socket Keep(Socket socket)
        {
            lock (open)
                open.Add(socket);
            return socket;
        }
    }
}
