using System.CommandLine;
using System.CommandLine.Help;
using SecuritySpecs.Rbac;
using SecuritySpecs.Tool.Bench;
using SecuritySpecs.Tool.Bench.Audits;
using SecuritySpecs.Tool.Hunt;
using SecuritySpecs.Tool.Kustomize;
using SecuritySpecs.Tool.Mutate;
using SecuritySpecs.Tool.OwnControls;
using SecuritySpecs.Tool.Report;
using static SecuritySpecs.Tool.CommandOptions;

namespace SecuritySpecs.Tool;

/// <summary>The commands of <c>support/specs</c>.</summary>
internal sealed class CommandLine
{
    private Selection? _selection;

    /// <summary>Builds them.</summary>
    public CommandLine() => Specs = new("specs", """
        Proves the security controls of a shared GPU platform against a real Kubernetes cluster.

        Exit codes: 0 nothing failed (what was inconclusive is listed); 1 some control failed; 2 wrong usage or
        environment; 3 a required capability is missing. The last line of run, test and hunt is 'N passed, N failed, N skipped'.
        Results: TestResults/posture.html and posture.json (another folder: SPECS_RESULTS).
        """)
    {
        new HelpOption(),
        Does("run", "Run the features; prepares first whatever is missing", [.. OfClusters, Name, Filter, Require, Keep], Places,
            (_, cancel) => RunCommand.RunAsync(_selection, cancel)),
        Does("test", "Run everything there is to test: the features and the tests of support/", OfClusters, null,
            (_, cancel) => TestCommand.RunAsync(cancel)),
        Does("steps", "Print the phrases that steps may use, and the values of their {parameters}", [], Word,
            (parsed, _) => Task.FromResult(StepsCommand.Run(parsed.GetValue(Word)))),
        Does("audit", "Judge a cluster as it is, by reading alone; exit 1 where something is found", [CommandOptions.Cluster, Tenants, Registries, Baseline], null,
            (parsed, cancel) => AuditCommand.RunAsync(parsed.GetValue(Tenants) ?? RightsOwner.TenantLabel, parsed.GetValue(Baseline), parsed.GetValue(Registries), cancel)),
        Does("kustomize", "Write the reference configuration of one tenant as a folder for kubectl apply -k, a component for each control", [TenantName, Set], Folder,
            (parsed, _) => Task.FromResult(KustomizeCommand.Run(parsed.GetValue(Folder)!, parsed.GetValue(TenantName)!, parsed.GetValue(Set) ?? [], Console.Out))),
        new Command("controls", "Put your own controls under test, in place of fleet-fixtures/controls")
        {
            Does("init", "Write a mapping into a new folder: for each control what is expected of it, and which of your files it is", [], ControlsFolder,
                (parsed, _) => Task.FromResult(ControlsCommand.Init(parsed.GetValue(ControlsFolder)!, Console.Out))),
        },
        Does("doctor", "Say what is here and what is missing", [], null, (_, _) => DoctorCommand.RunAsync()),
        Does("clean", "Remove what killed runs left behind, whosever they were, and the clusters that this user keeps",
            [CommandOptions.Cluster, Cache, DryRun], null,
            (parsed, _) => CleanCommand.RunAsync(parsed.GetValue(Cache), parsed.GetValue(DryRun))),
        Does("report", "Write the results of a run in other formats", [From, Formats], null,
            (parsed, _) => Task.FromResult(ReportCommand.Run(parsed.GetValue(From), parsed.GetValue(Formats)))),
        Does("diff", "Say what has changed from one run to another; exit 1 where something is worse", [], Postures,
            (parsed, _) => Task.FromResult(ReportCommand.Diff(parsed.GetValue(Postures)![0], parsed.GetValue(Postures)![1]))),
        Does("bench", "Measure what a scenario of each kind costs, beside its budget; exit 1 above it. With `scale`: how cost grows; with `audit`: what an audit of 1,000 nodes costs", [.. OfClusters, BenchRuns, BenchedKind, Against], BenchSubject,
            BenchAsync),
        Does("hunt", "Run the features many times, each time in another random order, and tell what failed how often",
            [.. OfClusters, HuntRuns, Seed, Load, Name, Filter, Require, Keep], Places, HuntAsync),
        Does("drill", "List the break-it drills, or play one on a cluster that stays: the mistake, the attack, the fix", [.. OfClusters, BreakOnly, Check], DrillName, DrillAsync),
        Does("mutate", "Make plausible mistakes in the files under test, one at a time, and tell which of them no scenario finds",
            [.. OfClusters.Where(o => o != Controls), MutatedControl, CommandOptions.MutationOperator, SampleSize, SampleSeed, Resume, Together, ListMutants, LearnFromRuns, Keep], null, MutateAsync),
    };

    /// <summary>All of them.</summary>
    public Command Specs { get; }

    /// <summary>Makes what was asked for known: to the command, and by the environment to all that reads it there.</summary>
    /// <exception cref="EnvironmentException">An option cannot be meant so; the message says why.</exception>
    public void Apply(ParseResult parsed)
    {
        if (parsed.CommandResult.Command.Name is "run" or "hunt")
            _selection = Selection.Of(RunOptions.FindRoot(), parsed.GetValue(Places) ?? [], parsed.GetValue(Name), parsed.GetValue(Filter));
        if (DrillOf(parsed) is { } drill)
        {
            _selection = DrillCommand.SelectionOf(drill.Name);
            Environment.SetEnvironmentVariable(PlayedDrill.Variable, drill.ToString());
        }

        RunEnvironment.Set(parsed, _selection);
    }

    /// <summary>What <c>support/specs</c> has to provide first: <c>scenarios</c> or <c>everything</c>, built; an <c>engine</c>.</summary>
    public static string Needs(ParseResult parsed)
    {
        var engine = RunEnvironment.Variable("SPECS_CLUSTER") == RunOptions.K3s ? " engine" : "";
        return parsed.CommandResult.Command.Name switch
        {
            "doctor" or "clean" or "report" or "diff" or "audit" or "kustomize" or "init" => "",
            "drill" when DrillOf(parsed) is null => "",
            "bench" when parsed.GetValue(BenchSubject) == AuditOfMany => "",
            "steps" => "scenarios",
            "test" => "everything" + engine,
            _ => "scenarios" + engine,
        };
    }

    // Null where none is to be played.
    private static PlayedDrill? DrillOf(ParseResult parsed)
    {
        if (parsed.CommandResult.Command.Name != "drill")
            return null;
        var (name, breaks, checks) = (parsed.GetValue(DrillName), parsed.GetValue(BreakOnly), parsed.GetValue(Check));
        if (checks && (breaks || name is not null))
            throw new EnvironmentException("--check asks the drill that is open; it takes no name and not --break-only");
        if (breaks && name is null)
            throw new EnvironmentException("--break-only wants the name of a drill; 'specs drill' lists them");
        return name is null ? null : new(name, breaks ? DrillMode.Break : RunEnvironment.Variable("SPECS_TERMINAL") is null ? DrillMode.Through : DrillMode.Pause);
    }

    private Task<int> DrillAsync(ParseResult parsed, CancellationToken cancel) => parsed.GetValue(Check) ? DrillCommand.CheckAsync(cancel)
        : _selection is { } selection ? DrillCommand.PlayAsync(selection, cancel)
        : Task.FromResult(DrillCommand.List());

    private static Task<int> BenchAsync(ParseResult parsed, CancellationToken cancel) => parsed.GetValue(BenchSubject) switch
    {
        Scale => ScaleBench.RunAsync(cancel),
        AuditOfMany => AuditBench.RunAsync(cancel),
        _ => BenchCommand.RunAsync(new(parsed.GetValue(BenchRuns)!.Value, parsed.GetValue(BenchedKind), parsed.GetValue(Against)), cancel),
    };

    private static Task<int> HuntAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (runs, load) = (parsed.GetValue(HuntRuns)!.Value, parsed.GetValue(Load)!.Value);
        return HuntCommand.RunAsync(runs, parsed.GetValue(Seed), load, OfEachRun(parsed), cancel);
    }

    private static Task<int> MutateAsync(ParseResult parsed, CancellationToken cancel) => MutateCommand.RunAsync(new(
        Names(parsed.GetValue(MutatedControl)), parsed.GetValue(CommandOptions.MutationOperator), parsed.GetValue(SampleSize), parsed.GetValue(SampleSeed)!.Value,
        parsed.GetValue(Resume), parsed.GetValue(ListMutants), parsed.GetValue(Together), parsed.GetValue(LearnFromRuns)), cancel);

    private static string[] Names(string? list) => (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

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

    private static Command Does(
        string name, string description, Option[] options, Argument? argument, Func<ParseResult, CancellationToken, Task<int>> action)
    {
        var command = new Command(name, description);
        foreach (var option in options)
            command.Options.Add(option);
        if (argument is not null)
            command.Arguments.Add(argument);
        command.SetAction(action);
        return command;
    }
}
