using SecuritySpecs.Drills;
using SecuritySpecs.Evidence;

namespace SecuritySpecs.Reports.Phrases;

/// <summary>The part of a drill that a step belongs to. A comment in the feature, such as <c># The mistake</c>, begins each but the first.</summary>
public enum DrillStage
{
    /// <summary>The platform is secure.</summary>
    Secure,

    /// <summary># The mistake: somebody makes it.</summary>
    Mistake,

    /// <summary># The attack: what it allows.</summary>
    Attack,

    /// <summary># The fix: what ends it.</summary>
    Fix,

    /// <summary># The same attack: it fails.</summary>
    SameAttack,
}

/// <summary>A scenario that plays a drill.</summary>
/// <param name="Runbook">What is done about it.</param>
/// <param name="Place">Where the scenario stands.</param>
/// <param name="Steps">Its steps, those of the background first.</param>
public sealed record DrillScenario(Runbook Runbook, ScenarioPlace Place, IReadOnlyList<FeatureStep> Steps)
{
    private static readonly Dictionary<string, DrillStage> Headings = new()
    {
        ["# The mistake"] = DrillStage.Mistake, ["# The attack"] = DrillStage.Attack, ["# The fix"] = DrillStage.Fix, ["# The same attack"] = DrillStage.SameAttack,
    };

    /// <summary>The line of each heading, in order.</summary>
    public required IReadOnlyList<(int Line, DrillStage Stage)> Stages { get; init; }

    /// <summary>The drills of a repository, in the order of the runbooks.</summary>
    /// <exception cref="BadInputException">A file is malformed, or a runbook has no scenario or more than one; file and line are named.</exception>
    public static IReadOnlyList<DrillScenario> Read(string root)
    {
        var files = FeatureIndex.Files(root).ToDictionary(f => f.Name, f => f.Text);
        var (places, steps) = (FeatureIndex.Read(root).All, FeatureStep.Read(root));
        return [.. Runbook.Read(root).Select(runbook =>
        {
            var place = places.Where(p => p.Tags.Contains(Runbook.Tag + runbook.Drill)).ToList() is [var only] ? only
                : throw new BadInputException(Runbook.FileName, runbook.Line, $"drill \"{runbook.Drill}\" is to be played by exactly one scenario, by the tag @{Runbook.Tag}{runbook.Drill}");
            var headings = FeatureIndex.Document(place.Feature, files[place.Feature]).Comments.Select(c => (c.Location.Line, Text: c.Text.Trim()))
                .Where(c => place.FirstLine < c.Line && c.Line < place.LastLine && Headings.ContainsKey(c.Text)).Select(c => (c.Line, Headings[c.Text]));
            return new DrillScenario(runbook, place, [.. steps.Where(s => s.File == place.Feature && s.Tags.Contains(Runbook.Tag + runbook.Drill))]) { Stages = [.. headings] };
        })];
    }

    /// <summary>The part that a step belongs to.</summary>
    /// <param name="number">Which step, from 0.</param>
    public DrillStage StageOf(int number)
    {
        var line = Steps[number].Line;
        // The background stands above.
        return line < Place.FirstLine ? DrillStage.Secure : Stages.LastOrDefault(s => s.Line < line).Stage;
    }
}
