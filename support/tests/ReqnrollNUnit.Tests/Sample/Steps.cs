using NUnit.Framework;
using Reqnroll;

namespace Sample;

[Binding]
public sealed class Steps(ScenarioContext scenario, IReqnrollOutputHelper output)
{
    [StepDefinition("a note of {string}")]
    [StepDefinition("^(eine) Notiz$")]
    public void Note(string text) => TestContext.Out.WriteLine($"{scenario.StepContext.StepInfo.StepDefinitionType} {text}");

    [Given("a note of the text")]
    public static void NoteText(string text) => TestContext.Out.WriteLine($"text {text.ReplaceLineEndings("/")}");

    [Given("a note of the table")]
    public static void NoteTable(Table table) =>
        TestContext.Out.WriteLine($"table {string.Join(',', table.Header)}: {string.Join("; ", table.Rows.Select(r => string.Join(',', r.Values)))}");

    [StepDefinition("a step that passes")]
    public static void Pass() => TestContext.Out.WriteLine("passed");

    [When("a step fails with {string}")]
    public static async Task FailWith(string message)
    {
        await Task.Yield();
        throw new InvalidOperationException(message);
    }

    [Given("a step that fails")]
    public static void Fail() => Assert.That(1, Is.EqualTo(2));

    [Given("a step that cannot tell")]
    public static void CannotTell() => Assert.Inconclusive("the cluster has no DNS");

    [Given("a step that ignores the test")]
    public static void Ignore() => Assert.Ignore("no GPU here");

    [Given("a step that attaches a file")]
    public void Attach()
    {
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, "attached.txt");
        File.WriteAllText(file, "attached");
        output.AddAttachment(file);
    }
}
