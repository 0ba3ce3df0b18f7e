using System.Xml.Linq;
using NUnit.Framework;

namespace Reqnroll.Tests;

/// <summary>The tests of a TRX file by name.</summary>
internal sealed class TestResults(string path)
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    private readonly List<TestResult> _results = [.. XDocument.Load(path).Descendants(Trx + "UnitTestResult").Select(Read)];

    public IEnumerable<string> Names => _results.Select(r => r.Name);

    public TestResult this[string name] => _results.Find(r => r.Name == name)
        ?? throw new AssertionException($"No test {name} among {string.Join(", ", Names)}");

    private static TestResult Read(XElement result) => new(
        (string)result.Attribute("testName")!,
        (string)result.Attribute("outcome")!,
        Text(result, "StdOut"),
        Text(result, "Message"),
        Text(result, "StackTrace"));

    private static string Text(XElement result, string name) => result.Descendants(Trx + name).FirstOrDefault()?.Value.ReplaceLineEndings("\n") ?? "";
}

/// <param name="Name">The method, with the arguments of a test case.</param>
/// <param name="Outcome">Passed, Failed or NotExecuted.</param>
/// <param name="Output">What the test wrote.</param>
/// <param name="Message">Why it did not pass.</param>
/// <param name="StackTrace">Where it failed.</param>
internal sealed record TestResult(string Name, string Outcome, string Output, string Message, string StackTrace);
