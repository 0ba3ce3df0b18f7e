using Spectre.Console;
using Spectre.Console.Rendering;

namespace SecuritySpecs.Tool;

/// <summary>The features of a run on a terminal: a line with a bar for each that is being worked at, and one for all of them.</summary>
/// <param name="console">The terminal: what is over stays above the bars.</param>
/// <param name="progress">The bars.</param>
/// <param name="totals">How many scenarios of each feature run; null where nobody knows.</param>
internal sealed class LiveFeatures(IAnsiConsole console, ProgressContext progress, IReadOnlyDictionary<string, int>? totals)
{
    // Bars that do not fit the terminal would be cut off: those that moved last are shown.
    private readonly int _most = Math.Max(1, console.Profile.Height - 4);
    private readonly ProgressTask _all = Add(progress, "all features", totals?.Values.Sum());
    private readonly Dictionary<string, List<ScenarioEvent>> _ended = [];
    private readonly List<(string Feature, ProgressTask Bar)> _bars = [];

    /// <summary>Takes that a scenario has ended.</summary>
    public void Add(ScenarioEvent scenario)
    {
        lock (_ended)
        {
            if (!_ended.TryGetValue(scenario.Feature, out var ended))
                _ended.Add(scenario.Feature, ended = []);
            ended.Add(scenario);
            if (scenario.Status == ResultStatus.Failed)
            {
                Watch.WriteAbove(console, $"failed  {scenario.Scenario}", Color.Red);
                Watch.WriteAbove(console, $"        {scenario.Feature}:{scenario.Line}");
            }

            _all.Increment(1);
            if (totals?.GetValueOrDefault(scenario.Feature) == ended.Count)
                Finish(scenario.Feature);
            else
                Move(scenario.Feature, ended.Count);
        }
    }

    /// <summary>Tells the features whose number of scenarios was not known, or which did not get that far.</summary>
    public void End()
    {
        lock (_ended)
        {
            foreach (var feature in _ended.Keys.Where(f => totals?.GetValueOrDefault(f) != _ended[f].Count))
                Finish(feature);
        }
    }

    private static string Name(string feature) => Path.GetFileNameWithoutExtension(feature);

    private static ProgressTask Add(ProgressContext progress, string name, int? total)
    {
        var bar = progress.AddTask(name.EscapeMarkup(), maxValue: total ?? double.MaxValue);
        bar.IsIndeterminate = total is null;
        return bar;
    }

    private void Move(string feature, int count)
    {
        var shown = _bars.FindIndex(b => b.Feature == feature);
        var bar = shown < 0 ? Add(progress, Name(feature), totals?.GetValueOrDefault(feature)) : _bars[shown].Bar;
        if (shown >= 0)
            _bars.RemoveAt(shown);
        bar.Value = count;
        _bars.Add((feature, bar));
        if (_bars.Count <= _most)
            return;
        progress.RemoveTask(_bars[0].Bar);
        _bars.RemoveAt(0);
    }

    private void Finish(string feature)
    {
        foreach (var (_, bar) in _bars.Where(b => b.Feature == feature))
            progress.RemoveTask(bar);
        _bars.RemoveAll(b => b.Feature == feature);
        var counts = _ended[feature].CountBy(s => s.Status).OrderBy(c => c.Key).ToList();
        var told = string.Join(", ", counts.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value} {Wording.Of(c.Key)}")));
        var colour = counts.Exists(c => c.Key == ResultStatus.Failed) ? Color.Red : counts.Exists(c => c.Key != ResultStatus.Passed) ? Color.Yellow : Color.Green;
        Watch.WriteAbove(console, $"{Name(feature),-28} {told}", colour);
    }
}

/// <summary>How many of how many.</summary>
internal sealed class CountColumn : ProgressColumn
{
    /// <inheritdoc/>
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(string.Create(CultureInfo.InvariantCulture, $"{task.Value:0}{(task.IsIndeterminate ? "" : $"/{task.MaxValue:0}")}")).RightJustified();
}
