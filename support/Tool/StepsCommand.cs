using SecuritySpecs.Reports.Phrases;
using Spectre.Console;

namespace SecuritySpecs.Tool;

/// <summary><c>specs steps</c>: the phrases that scenarios may use, from the code.</summary>
/// <param name="console">Where they go.</param>
/// <param name="bindings">What there is.</param>
/// <param name="used">Where features use them.</param>
internal sealed class StepsCommand(IAnsiConsole console, IStepBindings bindings, StepUse used)
{
    public static int Run(string? word)
    {
        var root = RunOptions.FindRoot();
        var bindings = StepAssembly.Load(root) ?? throw new EnvironmentException("the scenarios are not built: run it as 'support/specs steps'");
        var console = AnsiConsole.Create(new() { Enrichment = new() { UseDefaultEnrichers = false } });
        if (Console.IsOutputRedirected)
            console.Profile.Width = int.MaxValue; // a program reads lines as they are
        new StepsCommand(console, bindings, new StepUse(bindings, FeatureStep.Read(root))).Write(word);
        return 0;
    }

    /// <summary>Prints the phrases with a word in them, or all.</summary>
    /// <exception cref="EnvironmentException">There is none; the message names the nearest.</exception>
    public void Write(string? word)
    {
        var shown = bindings.Phrases.Where(p => Has(p.Text, word)).ToList();
        var named = Named(shown);
        var values = bindings.Values.OrderBy(v => v.Key, StringComparer.Ordinal)
            .Select(v => (Name: v.Key, All: v.Value.Where(x => named.Contains(v.Key) || Has(x, word)).ToList()))
            .Where(v => named.Contains(v.Name) || v.All.Count > 0).ToList();
        if (shown.Count + values.Count == 0)
        {
            var nearest = NearPhrases.Of(word!, bindings.Phrases.Select(p => p.Text), isPart: true);
            throw new EnvironmentException($"no step has \"{word}\" in it; the nearest:{string.Concat(nearest.Select(t => $"\n  {t}"))}");
        }

        foreach (var section in shown.GroupBy(p => p.Section).OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            Line($"{section.Key}", Color.Yellow);
            foreach (var file in section.GroupBy(p => p.File).OrderBy(f => f.Key, StringComparer.Ordinal))
                WriteFile(file);
        }

        foreach (var (name, all) in values)
        {
            WriteValues(name, all);
            if (!named.Contains(name))
                Line($"  in: {WhereUsed(name)}", Color.Grey);
            Line("");
        }
    }

    // The parameters of phrases, and those of their values: a {job} may be "a GPU job that {evasion}".
    private HashSet<string> Named(IEnumerable<StepPhrase> phrases)
    {
        var named = new HashSet<string>();
        var waiting = new Stack<string>(phrases.SelectMany(p => p.Parameters));
        while (waiting.TryPop(out var name))
        {
            if (!named.Add(name))
                continue;
            foreach (var inside in bindings.Values.GetValueOrDefault(name, []).SelectMany(ValueForm.Parameters))
                waiting.Push(inside);
        }

        return named;
    }

    private string WhereUsed(string parameter) => bindings.Phrases.FirstOrDefault(p => p.Parameters.Contains(parameter))?.Text
        ?? bindings.Values.SelectMany(v => v.Value).First(v => ValueForm.Parameters(v).Contains(parameter));

    private void WriteValues(string name, List<string> all)
    {
        if (all.Count == 0)
        {
            Line($"{{{name}}} is for example:", Color.Yellow);
            foreach (var value in used.ValuesOf(name))
                Line($"  {value}");
            return;
        }

        var end = ValueForm.CommonEnd(all);
        Line($"{{{name}}} is one of{(end.Length > 0 ? $", each with {end}" : "")}:", Color.Yellow);
        foreach (var value in all)
            Line($"  {value[..^end.Length]}");
    }

    private void WriteFile(IGrouping<string, StepPhrase> file)
    {
        Line($"  {file.Key}", Color.Grey);
        foreach (var phrase in file.GroupBy(p => p.Text))
        {
            Line($"    {string.Join(" or ", phrase.Select(p => p.Keyword))} {phrase.Key}", Color.Aqua);
            if (used.Example(phrase.First()) is { } example)
                Line($"        {example.Text}  ({example.Place})");
        }

        Line("");
    }

    private void Line(string text, Color? colour = null) => console.Write(new Text(text + "\n", new Style(colour)));

    private static bool Has(string text, string? word) => word is null || text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
