namespace Specs.Tests;

/// <summary>The real command on the real thing: what the fakes cannot show.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RealRunTests : IDisposable
{
    private const string FewScenarios = "TestCategory=control:least-privilege-rbac";
    private readonly string folder = Directory.CreateTempSubdirectory("specs-real-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_kubeconfig_of_a_dead_server_is_one_message_and_no_stack_trace()
    {
        var path = Path.Combine(folder, "dead.yaml");
        File.WriteAllText(path, """
            apiVersion: v1
            kind: Config
            current-context: dead
            clusters: [{name: dead, cluster: {server: "https://127.0.0.1:1"}}]
            users: [{name: admin, user: {token: none}}]
            contexts: [{name: dead, context: {cluster: dead, user: admin}}]
            """);

        var outcome = Command.Run(Specs, Environment("dead"), "run", "--cluster", path);

        outcome.ExitCode.Should().Be(2);
        $"{outcome.Output}{outcome.Errors}".Should().Contain("127.0.0.1:1").And.NotContain("   at ");
    }

    [Test]
    public void A_feature_with_a_syntax_error_is_named_with_its_line_and_nothing_runs()
    {
        var copy = Path.Combine(folder, "copy");
        CopyRepository(Repository.Root, copy);
        var feature = Directory.GetFiles(Path.Combine(copy, "features"), "*.feature", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        var lines = File.ReadAllLines(feature);
        File.WriteAllLines(feature, [.. lines, "  Scenario: Broken", "    Given tenant \"blue\"", "    This is not a step"]);

        var outcome = Command.Run(Path.Combine(copy, "support", "specs"), Environment("syntax"), "run");

        outcome.ExitCode.Should().Be(2);
        outcome.Errors.Should().Contain($"{Path.GetRelativePath(copy, feature)}({lines.Length + 3},").And.NotContain("   at ");
        outcome.Output.Should().BeEmpty();
    }

    [Test]
    public void An_interrupted_run_leaves_no_container()
    {
        Need.Engine();
        using var run = StartUntilItsClusterIsThere("interrupted", out var id);

        run.Signal("INT");

        run.Wait().ExitCode.Should().Be(130);
        Containers.OfRun(id).Should().BeEmpty();
    }

    [Test]
    public void What_a_killed_run_leaves_is_removed_by_the_next_of_which_two_may_go_at_once()
    {
        Need.Engine();
        using var killed = StartUntilItsClusterIsThere("killed", out var id);
        killed.KillAll();
        Containers.OfRun(id).Should().NotBeEmpty("a killed run cannot tidy up");

        using var first = new Command(Specs, Environment("first"), "run", "--filter", FewScenarios);
        using var second = new Command(Specs, Environment("second"), "run", "--filter", FewScenarios);

        foreach (var outcome in new[] { first.Wait(), second.Wait() })
        {
            outcome.ExitCode.Should().Be(0, outcome.Output + outcome.Errors);
            outcome.LastLine.Should().MatchRegex("^[1-9][0-9]* passed, 0 failed, 0 skipped$");
        }

        Containers.OfRun(id).Should().BeEmpty();
    }

    private static string Specs => Repository.At("support", "specs");

    private Command StartUntilItsClusterIsThere(string name, out string id)
    {
        var run = new Command(Specs, Environment(name), "run", "--filter", FewScenarios);
        var file = Path.Combine(folder, name, ".run");
        run.WaitUntil("its cluster's container is there", () => File.Exists(file) && File.ReadAllText(file).Split(' ') is [{ Length: > 0 } started, _] && Containers.OfRun(started).Length > 0);
        id = File.ReadAllText(file).Split(' ')[0];
        return run;
    }

    // The image that an outer `specs test` has found is taken over; all else of it is not. No cluster that somebody keeps is used.
    private Dictionary<string, string?> Environment(string results) => new(OuterRun.Forgotten.Where(variable => variable.Key != "SPECS_K3S_IMAGE"))
    {
        ["SPECS_RESULTS"] = Path.Combine(folder, results),
        ["SPECS_KEEP"] = "0",
    };

    private static void CopyRepository(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));

        foreach (var child in Directory.GetDirectories(from).Where(child => Path.GetFileName(child) is not (".git" or "bin" or "obj" or "TestResults")))
            CopyRepository(child, Path.Combine(to, Path.GetFileName(child)));
    }
}
