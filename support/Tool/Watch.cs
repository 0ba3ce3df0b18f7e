using Spectre.Console;

namespace SecuritySpecs.Tool;

/// <summary>What a person watches: live lines on a terminal; plain ones elsewhere, and where CI is set.</summary>
/// <param name="console">The terminal; it obeys NO_COLOR.</param>
/// <param name="isLive">Whether its lines may change.</param>
internal sealed partial class Watch(IAnsiConsole console, bool isLive)
{
    /// <summary>What the suite tells people begins so; all else is the runner's.</summary>
    private const string Mark = "specs: ";

    /// <summary>Whether lines change: then the test process has to tell each scenario's end as a <see cref="ScenarioEvent"/>.</summary>
    public bool IsLive => isLive;

    /// <summary>By what standard output is, and by TERM and CI. A drill is told line by line.</summary>
    public static Watch Create()
    {
        // Spectre's own guess looks at standard input, too, which support/specs does not hand on.
        var console = AnsiConsole.Create(new() { Interactive = InteractionSupport.Yes, Enrichment = new() { UseDefaultEnrichers = false } });
        return new(console, !Console.IsOutputRedirected && console.Profile.Capabilities.Ansi && Environment.GetEnvironmentVariable("CI") is null or "" or "false" && RunEnvironment.Variable(PlayedDrill.Variable) is null);
    }

    /// <summary>Does what precedes the tests; of each step a line stays, and how far it is passes by.</summary>
    public Task<T> PrepareAsync<T>(Func<Action<string>, Task<T>> work) => !isLive
        ? work(Console.Error.WriteLine)
        : console.Status().Spinner(Spinner.Known.Dots).StartAsync("Preparing", status => work(step =>
        {
            if (!step.StartsWith(' '))
                WriteAbove(console, step);
            status.Status(step.Trim().EscapeMarkup());
        }));

    /// <summary>Shows the features while they run.</summary>
    /// <param name="selection">Which scenarios run; null for all.</param>
    /// <param name="root">The repository.</param>
    /// <param name="work">Runs them; it hands on each line of the test process.</param>
    public Task<int> RunAsync(Selection? selection, string root, Func<Action<string>, Task<int>> work)
    {
        if (!isLive)
            return work(line => WriteMarked(line, Console.WriteLine));
        return console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new CountColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var features = new LiveFeatures(console, progress, Totals(selection, FeatureIndex.Read(root).All));
                var code = await work(line =>
                {
                    if (ScenarioEvent.Parse(line) is { } ended)
                        features.Add(ended);
                    else
                        WriteMarked(line, text => WriteAbove(console, text));
                });
                features.End();
                return code;
            });
    }

    /// <summary>Does work that can tell how far it is.</summary>
    /// <param name="work">It tells what it does, and the part that is done, from 0 to 1.</param>
    public Task<T> MeterAsync<T>(Func<Action<string, double>, Task<T>> work) => !isLive
        ? work((_, _) => { })
        : console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(progress =>
            {
                var bar = progress.AddTask("Starting", maxValue: 1);
                return work((what, done) => (bar.Description, bar.Value) = (what.EscapeMarkup(), done));
            });

    /// <summary>How many scenarios of each feature run.</summary>
    /// <returns>Null where the filter is not by categories alone: then nobody knows before the end.</returns>
    public static IReadOnlyDictionary<string, int>? Totals(Selection? selection, IReadOnlyList<ScenarioPlace> all)
    {
        if (selection?.Places is { } places)
            return places.CountBy(s => s.Feature).ToDictionary();
        var wanted = selection?.Filter.Split('|').Select(f => Category().Match(f).Groups[1].Value).ToList();
        return wanted?.Contains("") == true ? null
            : all.Where(s => wanted?.Any(s.Tags.Contains) ?? true).CountBy(s => s.Feature).ToDictionary();
    }

    /// <summary>Writes a line that stays above those that change. One that wrapped would leave bits of them behind.</summary>
    public static void WriteAbove(IAnsiConsole console, string line, Color? colour = null)
    {
        var width = console.Profile.Width - 1;
        console.Write(new Text((line.Length > width ? line[..(width - 3)] + "..." : line) + "\n", new Style(colour)));
    }

    private static void WriteMarked(string line, Action<string> write)
    {
        if (line.StartsWith(Mark, StringComparison.Ordinal))
            write(line[Mark.Length..]);
    }

    [GeneratedRegex("^TestCategory=([^&()!~=]+)$")]
    private static partial Regex Category();
}
