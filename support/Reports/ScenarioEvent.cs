using SecuritySpecs.Evidence;

namespace SecuritySpecs.Reports;

/// <summary>That a scenario has ended: a line of the test process, for a program that shows how far a run is.</summary>
/// <param name="Feature">Path of the feature file in the repository.</param>
/// <param name="Scenario">Its title, with an outline example's values filled in.</param>
/// <param name="Line">1-based line of the scenario, or of the example's row.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Ms">How long it took.</param>
public sealed record ScenarioEvent(string Feature, string Scenario, int Line, ResultStatus Status, double Ms)
{
    /// <summary>The environment variable that is 1 where such lines are wanted in place of those for people.</summary>
    public const string Variable = "SPECS_EVENTS";

    private const string Mark = "specs-event: ";
    private static readonly JsonSerializerOptions OneLine = new(Posture.JsonOptions) { WriteIndented = false };

    /// <summary>The line.</summary>
    public string ToLine() => Mark + JsonSerializer.Serialize(this, OneLine);

    /// <summary>Reads a line; null where it is another one.</summary>
    public static ScenarioEvent? Parse(string line) =>
        line.StartsWith(Mark, StringComparison.Ordinal) ? JsonSerializer.Deserialize<ScenarioEvent>(line[Mark.Length..], OneLine) : null;
}
