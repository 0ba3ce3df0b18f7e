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
        var named = shown.SelectMany(p => p.Parameters).ToHashSet();
        var values = bindings.Values.Where(v => named.Contains(v.Key) ? v.Value.Count > 0 : v.Value.Any(x => Has(x, word)))
            .OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => (Name: v.Key, All: v.Value.Where(x => named.Contains(v.Key) || Has(x, word)).ToList())).ToList();
        if (shown.Count + values.Count == 0)
            throw new EnvironmentException($"no step has \"{word}\" in it; the nearest:{string.Concat(NearPhrases.Of(word!, bindings.Phrases.Select(p => p.Text), isPart: true).Select(t => $"\n  {t}"))}");

        foreach (var section in shown.GroupBy(p => p.Section).OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            Line($"{section.Key}", Color.Yellow);
            foreach (var file in section.GroupBy(p => p.File).OrderBy(f => f.Key, StringComparer.Ordinal))
                WriteFile(file);
        }

        foreach (var (name, all) in values)
        {
            var end = ValueForm.CommonEnd(all);
            Line($"{{{name}}} is one of{(end.Length > 0 ? $", each with {end}" : "")}:", Color.Yellow);
            foreach (var value in all)
                Line($"  {value[..^end.Length]}");
            if (!named.Contains(name))
                Line($"  in: {bindings.Phrases.First(p => p.Parameters.Contains(name)).Text}", Color.Grey);
            Line("");
        }
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
