using System.Xml.Linq;

namespace ReqnrollNUnit.Tests;

/// <summary>The tests of a TRX file by name.</summary>
internal sealed partial class TestResults(string path)
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    private readonly List<TestResult> _results = [.. XDocument.Load(path).Descendants(Trx + "UnitTestResult").Select(Read)];

    public TestResult this[string name] => _results.Find(r => r.Name == name)
        ?? throw new AssertionException($"No test {name} among {string.Join(", ", _results.Select(r => r.Name))}");

    private static TestResult Read(XElement result) => new(
        (string)result.Attribute("testName")!,
        (string)result.Attribute("outcome")!,
        [.. Text(result, "StdOut").Split('\n').Select(l => Duration().Replace(l, ""))],
        Text(result, "Message"),
        Text(result, "StackTrace"),
        [.. result.Descendants(Trx + "ResultFile").Select(f => (string)f.Attribute("path")!)]);

    private static string Text(XElement result, string name) => result.Descendants(Trx + name).FirstOrDefault()?.Value.ReplaceLineEndings("\n") ?? "";

    [GeneratedRegex(@" \(\d+\.\ds\)$")]
    private static partial Regex Duration();
}

/// <param name="Name">The method, with the arguments of a test case.</param>
/// <param name="Outcome">Passed, Failed or NotExecuted.</param>
/// <param name="Lines">What the test wrote, without the durations of steps.</param>
/// <param name="Message">Why it did not pass.</param>
/// <param name="StackTrace">Where it failed.</param>
/// <param name="Attachments">The files that it attached.</param>
internal sealed record TestResult(string Name, string Outcome, string[] Lines, string Message, string StackTrace, string[] Attachments);
