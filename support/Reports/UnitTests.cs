using System.Xml.Linq;
using SecuritySpecs.Evidence;

namespace SecuritySpecs.Reports;

/// <summary>How the tests of one project ended, read from the TRX file that <c>dotnet test</c> writes.</summary>
/// <param name="Project">The project's name: the file's.</param>
/// <param name="Passed">How many passed.</param>
/// <param name="Failures">Those that neither passed nor were skipped.</param>
/// <param name="Skipped">Those that were not run.</param>
public sealed record UnitTests(string Project, int Passed, IReadOnlyList<UnitTestFailure> Failures, IReadOnlyList<UnitTestFailure> Skipped)
{
    // Of a longer message the beginning says what was expected, and the end, as FsCheck writes it, what was thrown.
    private const int MessageLines = 60;

    /// <summary>Reads a TRX file.</summary>
    /// <exception cref="System.Xml.XmlException">It is none.</exception>
    public static UnitTests Read(string path)
    {
        var results = XDocument.Load(path).Descendants().Where(e => e.Name.LocalName == "UnitTestResult").ToLookup(e => (string?)e.Attribute("outcome") switch
        {
            "Passed" => ResultStatus.Passed,
            "NotExecuted" => ResultStatus.Skipped,
            _ => ResultStatus.Failed,
        });
        return new(Path.GetFileNameWithoutExtension(path), results[ResultStatus.Passed].Count(),
            [.. results[ResultStatus.Failed].Select(Failure)], [.. results[ResultStatus.Skipped].Select(Failure)]);
    }

    /// <summary>Writes the failures, each with its message, or with the beginning and the end of a long one.</summary>
    public void WriteFailures(TextWriter to)
    {
        foreach (var (test, message) in Failures)
        {
            to.WriteLine($"\nFailed in {Project}: {test}");
            foreach (var line in Excerpt.Of(message, MessageLines / 2, MessageLines / 2))
                to.WriteLine($"    {line}");
        }
    }

    private static UnitTestFailure Failure(XElement result) => new(
        (string)result.Attribute("testName")!,
        result.Descendants().FirstOrDefault(e => e.Name.LocalName == "Message")?.Value ?? $"its outcome is {(string?)result.Attribute("outcome")}");
}

/// <summary>A test that did not pass or was not run, and what it said.</summary>
public sealed record UnitTestFailure(string Test, string Message);
