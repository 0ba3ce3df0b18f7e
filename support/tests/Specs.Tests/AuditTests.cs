namespace Specs.Tests;

/// <summary>An audit of this project's own cluster, in the middle of a drill and after it.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed partial class AuditTests : IDisposable
{
    private const string Log = "/var/log/kubernetes-audit/audit.log";
    private readonly string folder = Directory.CreateTempSubdirectory("specs-audit-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Test]
    public void It_finds_the_hole_of_an_open_drill_and_no_longer_once_it_is_closed_and_only_reads()
    {
        Need.Engine();
        var environment = Environment();
        using var drill = new Command(Specs, environment, "drill", "quota-deleted", "--break-only");
        try
        {
            drill.WaitUntil("the hole is open", () => Kubeconfig().IsMatch(drill.Printed()));
            var kubeconfig = Kubeconfig().Match(drill.Printed()).Groups[1].Value;
            var blue = Blue().Match(drill.Printed()).Groups[1].Value;
            var hole = ("gpu-quota", $"Namespace {blue}", "no quota on nvidia.com/gpu");
            var open = Audit(kubeconfig);
            open.Should().Contain(hole);

            var container = Path.GetFileNameWithoutExtension(kubeconfig);
            Docker("exec", container, "kubectl", "create", "quota", "gpu-quota", "-n", blue, "--hard=requests.nvidia.com/gpu=1");

            Audit(kubeconfig).Should().BeEquivalentTo(open.Where(f => f != hole), "nothing else has changed");
            var events = Docker("exec", container, "cat", Log).Split('\n').Where(l => l.Contains("\"userAgent\":\"security-specs-audit\"", StringComparison.Ordinal)).Select(l => JsonNode.Parse(l)!).ToList();
            events.Should().NotBeEmpty("it lists Secrets").And.OnlyContain(e => (string)e["verb"]! == "list" || (string)e["verb"]! == "get");
        }
        finally
        {
            drill.Signal("INT");
            drill.Wait();
            Command.Run(Specs, environment, "clean");
        }

        // One after the other, each in results of its own: the drill has the others.
        List<(string Control, string Target, string Problem)> Audit(string kubeconfig)
        {
            var outcome = Command.Run(Specs, new Dictionary<string, string?>(environment) { ["SPECS_RESULTS"] = Path.Combine(folder, "audit") }, "audit", "--cluster", kubeconfig);
            outcome.ExitCode.Should().Be(1, "a cluster of 1.20 has no Pod Security, at least: {0}", outcome.Errors);
            var report = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "audit", "audit.json")))!;
            return [.. report["findings"]!.AsArray().Select(f => ((string)f!["control"]!, (string)f["target"]!, (string)f["problem"]!))];
        }
    }

    private static string Specs => Repository.At("support", "specs");

    private static string Docker(params string[] arguments)
    {
        var outcome = Command.Run("docker", new Dictionary<string, string?>(), arguments);
        outcome.ExitCode.Should().Be(0, outcome.Errors);
        return outcome.Output;
    }

    // With this user's images, and with a cluster of its own: one that somebody keeps is not touched.
    private Dictionary<string, string?> Environment()
    {
        var mine = Directory.CreateDirectory(Path.Combine(folder, "cache", "securityspecs")).FullName;
        var users = Path.Combine(System.Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Combine(System.Environment.GetEnvironmentVariable("HOME")!, ".cache"), "securityspecs");
        foreach (var entry in Directory.GetFileSystemEntries(users).Where(e => Path.GetFileName(e) is not ("kept" or "lock")))
            File.CreateSymbolicLink(Path.Combine(mine, Path.GetFileName(entry)), entry);
        return new(OuterRun.Forgotten.Where(variable => variable.Key != "SPECS_K3S_IMAGE"))
        {
            ["SPECS_RESULTS"] = Path.Combine(folder, "results"), ["XDG_CACHE_HOME"] = Path.Combine(folder, "cache"),
        };
    }

    [GeneratedRegex("export KUBECONFIG=(\\S+)\n")]
    private static partial Regex Kubeconfig();

    [GeneratedRegex(@"\bblue is ([\w-]+)")]
    private static partial Regex Blue();
}
