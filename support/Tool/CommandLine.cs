using System.CommandLine;
using System.CommandLine.Help;

namespace SecuritySpecs.Tool;

/// <summary>The commands of <c>support/specs</c> and their options.</summary>
internal static class CommandLine
{
    private const int MostOfAnything = 999_999_999;
    private static readonly Option<string> Cluster = Text("--cluster", "k3s|PATH[#CONTEXT]", "A k3s container of its own (default), or your cluster by kubeconfig; also SPECS_CLUSTER");
    private static readonly Option<string> K3sImage = Text("--k3s-image", "REF", "The image of that container (default: the line in support/images/k3s-image, else one built here from Debian's packages); also SPECS_K3S_IMAGE");
    private static readonly Option<string> KubernetesFolder = Text("--kubernetes-dir", "DIR", "Build that container from the server binaries in DIR (1.20 to 1.36), e.g. an unpacked official archive; also SPECS_KUBERNETES_DIR");
    private static readonly Option<string> FleetImage = Text("--fleet-image", "REF", "The fleet's image; for your own cluster one that its nodes can pull; also SPECS_FLEET_IMAGE");
    private static readonly Option<string> PrometheusImage = Text("--prometheus-image", "REF", "The image of Prometheus (default: the line in support/images/prometheus/image, else one built here from Debian's package); also SPECS_PROMETHEUS_IMAGE");
    private static readonly Argument<string[]> Places = new("FILE[:LINE]") { Arity = ArgumentArity.ZeroOrMore, Description = "Run only the scenarios of a feature file or folder, or the one at a line, e.g. features/20-rbac-and-quotas/gpu-quota.feature:24" };
    private static readonly Option<string> Name = Text("--name", "TEXT", "Run only scenarios with this in their title");
    private static readonly Option<string> Filter = Text("--filter", "EXPR", "Run only these; as `dotnet test --filter`, e.g. TestCategory=control:gpu-quota");
    private static readonly Option<string> Require = Text("--require", "CAPABILITY,...", "Exit 3 if the cluster lacks one of these; 'expected' is all that its version must have; also SPECS_REQUIRE");
    private static readonly Option<bool> Keep = Switch("--keep", "Leave the cluster up; the next run reuses it (also SPECS_KEEP=1). SPECS_KEEP=0 starts a new one whatever was kept");
    private static readonly Option<bool> Cache = Switch("--cache", "Also what was built and learnt: this user's images and cache folder, this checkout's .local-reqnroll-nunit");
    private static readonly Option<bool> DryRun = Switch("--dry-run", "List what would be removed, and remove nothing");
    private static readonly Argument<string?> Word = new("WORD") { Arity = ArgumentArity.ZeroOrOne, Description = "Only the phrases and values with this in them" };
    private static readonly Option<int?> Runs = Number("--runs", "N", "How many warm runs of each part", 1, 3);
    private static readonly Option<int?> HuntRuns = Number("--runs", "N", "How many runs", 1, 10);
    private static readonly Option<int?> Seed = Number("--seed", "S", "The order of the first run (default: a random number, which is printed); the next run has S+1, and so on", 0);
    private static readonly Option<int?> Load = Number("--load", "K", "Keep K processors busy meanwhile", 0, 0);

    private static readonly Option<string>[] OfClusters = [Cluster, K3sImage, KubernetesFolder, FleetImage, PrometheusImage];

    /// <summary>All of them.</summary>
    public static Command Specs { get; } = new("specs", """
        Proves the security controls of a shared GPU platform against a real Kubernetes cluster.

        Exit codes: 0 nothing failed (what was inconclusive is listed); 1 some control failed; 2 wrong usage or
        environment; 3 a required capability is missing. The last line of run, test and hunt is 'N passed, N failed, N skipped'.
        Results: TestResults/posture.html and posture.json (another folder: SPECS_RESULTS).
        """)
    {
        new HelpOption(),
        RunThese(Does("run", "Run the features; prepares first whatever is missing", [.. OfClusters, Name, Filter, Require, Keep], (parsed, cancel) => RunCommand.RunAsync(Selected(parsed), cancel))),
        Does("test", "Run everything there is to test: the features and the tests of support/", OfClusters, (_, cancel) => TestCommand.RunAsync(cancel)),
        Steps(),
        Does("doctor", "Say what is here and what is missing", [], (_, _) => DoctorCommand.RunAsync()),
        Does("clean", "Remove what killed runs left behind, whosever they were, and the clusters that this user keeps", [Cluster, Cache, DryRun],
            (parsed, _) => CleanCommand.RunAsync(parsed.GetValue(Cache), parsed.GetValue(DryRun))),
        Does("bench", "Measure warm runs and print the figures beside the wanted ones", [.. OfClusters, Runs], (parsed, cancel) => BenchCommand.RunAsync(parsed.GetValue(Runs)!.Value, cancel)),
        RunThese(Does("hunt", "Run the features many times, each time in another random order, and tell what failed how often", [.. OfClusters, HuntRuns, Seed, Load, Name, Filter, Require, Keep],
            (parsed, cancel) => HuntCommand.RunAsync(parsed.GetValue(HuntRuns)!.Value, parsed.GetValue(Seed), parsed.GetValue(Load)!.Value, OfEachRun(parsed), cancel))),
    };

    /// <summary>
    /// Sets the environment variables that this process and its children read (<see cref="RunOptions.FromEnvironment"/>). An option counts
    /// more than a variable.
    /// </summary>
    /// <exception cref="EnvironmentException">An option cannot be meant so; the message says why.</exception>
    public static void Apply(ParseResult parsed)
    {
        var (k3s, kubernetes) = (parsed.GetValue(K3sImage), parsed.GetValue(KubernetesFolder));
        if (k3s is not null && kubernetes is not null)
            throw new EnvironmentException("--kubernetes-dir and --k3s-image exclude each other");
        var cluster = parsed.GetValue(Cluster) ?? Variable("SPECS_CLUSTER") ?? RunOptions.K3s;
        if (cluster != RunOptions.K3s)
        {
            if ((k3s ?? kubernetes) is not null)
                throw new EnvironmentException("--k3s-image and --kubernetes-dir are for a cluster in a container, not for --cluster KUBECONFIG");
            if (parsed.GetValue(Keep))
                throw new EnvironmentException("--keep is for a cluster in a container, not for --cluster KUBECONFIG");
            cluster = Kubeconfig(cluster);
        }

        k3s ??= kubernetes is null ? Variable("SPECS_K3S_IMAGE") : null;
        kubernetes ??= k3s is null ? Variable("SPECS_KUBERNETES_DIR") : null;
        if (kubernetes is not null && !Directory.Exists(kubernetes))
            throw new EnvironmentException($"--kubernetes-dir: there is no folder {kubernetes}");
        Set("SPECS_CLUSTER", cluster);
        Set("SPECS_K3S_IMAGE", k3s);
        Set("SPECS_KUBERNETES_DIR", kubernetes is null ? null : Path.GetFullPath(kubernetes));
        SetImage(FleetImage, "SPECS_FLEET");
        SetImage(PrometheusImage, "SPECS_PROMETHEUS");
        Set("SPECS_REQUIRE", parsed.GetValue(Require) ?? Variable("SPECS_REQUIRE"));
        var selection = Selected(parsed);
        Set("SPECS_SELECTION", selection?.Asked);
        Set("SPECS_FILTER", selection?.Filter);
        Set("SPECS_ONLY", selection?.Places is { } places ? string.Join('\n', places.Select(p => p.Where)) : null);
        var kept = Variable("SPECS_KEEP");
        var starts = parsed.CommandResult.Command.Name is "test" or "bench";
        Set("SPECS_KEEP", starts ? "0" : parsed.GetValue(Keep) || kept is not (null or "0") ? "1" : parsed.CommandResult.Command.Name == "hunt" ? "0" : kept);

        // An archive that a variable names belongs to the image that one names.
        void SetImage(Option<string> option, string variable)
        {
            if (parsed.GetValue(option) is not { } image)
                return;
            Set($"{variable}_IMAGE", image);
            Set($"{variable}_ARCHIVE", null);
        }
    }

    /// <summary>What <c>support/specs</c> has to provide first: <c>scenarios</c> or <c>everything</c>, built; an <c>engine</c>.</summary>
    public static string Needs(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command.Name;
        return command is "doctor" or "clean" ? ""
            : command == "steps" ? "scenarios"
            : $"{(command == "test" ? "everything" : "scenarios")}{(Variable("SPECS_CLUSTER") == RunOptions.K3s ? " engine" : "")}";
    }

    private static string Kubeconfig(string cluster)
    {
        var parts = cluster.Split('#', 2);
        var path = parts[0];
        if (Directory.Exists(path))
            throw new EnvironmentException($"--cluster: {path} is not a file");
        if (!File.Exists(path))
            throw new EnvironmentException($"--cluster: there is no file {path}");
        try
        {
            File.OpenRead(path).Dispose();
        }
        catch (UnauthorizedAccessException)
        {
            throw new EnvironmentException($"--cluster: the file {path} cannot be read by this user");
        }

        parts[0] = Path.GetFullPath(path);
        return string.Join('#', parts);
    }

    private static Command Steps()
    {
        var command = Does("steps", "Print the phrases that steps may use, and the values of their {parameters}", [], (parsed, _) => Task.FromResult(StepsCommand.Run(parsed.GetValue(Word))));
        command.Arguments.Add(Word);
        return command;
    }

    private static Selection? Selected(ParseResult parsed) => parsed.CommandResult.Command.Name is "run" or "hunt"
        ? Selection.Of(RunOptions.FindRoot(), parsed.GetValue(Places) ?? [], parsed.GetValue(Name), parsed.GetValue(Filter)) : null;

    // What `hunt` was asked for, without what concerns it alone.
    private static List<string> OfEachRun(ParseResult parsed)
    {
        var (own, rest) = (new[] { HuntRuns.Name, Seed.Name, Load.Name }, new List<string>());
        for (var n = 1; n < parsed.Tokens.Count; n++)
        {
            if (own.Contains(parsed.Tokens[n].Value))
                n++; // and its value
            else
                rest.Add(parsed.Tokens[n].Value);
        }

        return rest;
    }

    private static Command RunThese(Command run)
    {
        run.Arguments.Add(Places);
        return run;
    }

    private static Command Does(string name, string description, Option[] options, Func<ParseResult, CancellationToken, Task<int>> action)
    {
        var command = new Command(name, description);
        foreach (var option in options)
            command.Options.Add(option);
        command.SetAction(action);
        return command;
    }

    private static Option<string> Text(string name, string value, string description)
    {
        var option = new Option<string>(name) { HelpName = value, Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && given.Value.StartsWith("--", StringComparison.Ordinal))
                result.AddError($"option {name} needs a value");
        });
        return option;
    }

    private static Option<int?> Number(string name, string value, string description, int least, int? otherwise = null)
    {
        var option = new Option<int?>(name) { HelpName = value, Description = description };
        if (otherwise is not null)
            option.DefaultValueFactory = _ => otherwise;
        option.CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= MostOfAnything)
                return number;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} wants a number from {least}, not '{result.Tokens[0].Value}'"));
            return otherwise;
        };
        return option;
    }

    private static Option<bool> Switch(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static void Set(string name, string? value) => Environment.SetEnvironmentVariable(name, value);
}
