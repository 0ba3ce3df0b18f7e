using SecuritySpecs.Cluster;
using SecuritySpecs.Drills;
using SecuritySpecs.Drivers.BreakItDrills;
using SecuritySpecs.Evidence;
using SecuritySpecs.Reports.Phrases;
using SecuritySpecs.Steps.Run;
using Reqnroll.BoDi;

namespace SecuritySpecs.Steps.BreakItDrills;

/// <summary>Plays a drill for people (<c>specs drill</c>): each step with what the cluster answered, and the exposure left open for as long as they want.</summary>
[Binding]
public sealed class DrillShow(TestRun run, IObjectContainer container, StepRepeater repeater)
{
    private const int MostAnswers = 3;
    private const int Width = 150;
    private readonly DrillScenario? _drill = run.Drill?.Scenario;
    private int _number = -1;
    private DrillStage? _stage;

    private DrillMode Mode => run.Drill!.Mode;

    private Runbook Runbook => _drill!.Runbook;

    [BeforeStep(Order = 1)]
    public async Task BeginStep()
    {
        if (_drill is null)
            return;
        var stage = _drill.StageOf(++_number);
        if (stage == _stage)
            return;
        if (stage == DrillStage.Fix)
            await LeaveOpenAsync();
        _stage = stage;
        TestRun.Say($"\n== {Heading(stage)}");
    }

    [AfterStep(Order = 20000)]
    public void EndStep()
    {
        if (_drill is null || Mode == DrillMode.Break && _stage > DrillStage.Secure)
            return;
        var step = container.Resolve<ScenarioRecorder>().Latest;
        TestRun.Say($"   {step.Keyword} {step.Text}");
        // The runbook is told beside the steps.
        var answers = step.Evidence.Where(e => e.Actor != RunbookDriver.Actor || e.Message?[0] == '$').ToList();
        foreach (var answer in answers.TakeLast(MostAnswers))
            TellAnswer(answer);
        if (answers.Count > MostAnswers)
            TestRun.Say($"       (and {answers.Count - MostAnswers} before, in posture.html)");
    }

    // Scenarios that the run was not asked for end here, too.
    [AfterScenario]
    public void EndScenario()
    {
        if (_stage == DrillStage.SameAttack && Mode != DrillMode.Break)
            Tell(("Verification", Runbook.Verification), ("Prevention", Runbook.Prevention));
    }

    private string Heading(DrillStage stage) => stage switch
    {
        DrillStage.Secure => "The platform is secure",
        DrillStage.Mistake when Mode == DrillMode.Break => "Somebody makes a mistake",
        DrillStage.Mistake => $"The mistake: {Runbook.Mistake}{(Runbook.Incident is { } incident ? $"\n   In public: {incident}" : "")}",
        DrillStage.Attack => "The attack",
        DrillStage.Fix => $"The fix: {Runbook.Fix}",
        _ => "The same attack",
    };

    private async Task LeaveOpenAsync()
    {
        TestRun.Say("\n== The hole is open");
        Tell(("Symptom", Runbook.Symptom));
        if (Mode == DrillMode.Break)
        {
            TestRun.Say($"   The tenants' namespaces: {string.Join(", ", container.Resolve<ScenarioPlatform>().Tenants.Namespaces.OrderBy(n => n.Key, StringComparer.Ordinal).Select(n => $"{n.Key} is {n.Value}"))}");
            TellWhereToLook(null);
            await new DrillCheck(repeater, _drill!).AwaitClosedAsync(TestRun.Say);
            return;
        }

        Tell(("Triage", Runbook.Triage));
        TellWhereToLook(container.Resolve<RunbookDriver>().Query(Runbook));
        if (Mode == DrillMode.Pause)
            await run.AwaitEnterAsync("   Look around. Press Enter, and the fix goes in.");
    }

    private void TellWhereToLook(string? query)
    {
        var cluster = run.Platform.Cluster;
        TestRun.Say(cluster.KeptId is { } id ? $"   export KUBECONFIG={KeptCluster.KubeconfigOf(id)}" : $"   The cluster is {cluster.Name}.");
        if (query is not null)
            TestRun.Say($"   {query}");
        if (cluster.KeptId is { } container)
            TestRun.Say($"   (without kubectl on this machine: docker exec -it {container[..12]} sh, and k3s kubectl there)");
    }

    private static void Tell(params (string Name, string Text)[] parts)
    {
        foreach (var (name, text) in parts)
            TestRun.Say($"   {name}: {text}");
    }

    private static void TellAnswer(EvidenceEntry answer)
    {
        var message = answer.Message?.ReplaceLineEndings("\n        ");
        if (answer.StatusCode is { } code)
            TestRun.Say(Short($"       {answer.Actor}: {answer.Method} {answer.Path.Split('?')[0]} -> {code} {answer.Reason}"));
        if (message is not null)
            TestRun.Say($"       {(answer.StatusCode is null ? $"{answer.Actor}: " : "  ")}{message}");
    }

    private static string Short(string line) => line.Length > Width ? line[..(Width - 3)] + "..." : line;
}
