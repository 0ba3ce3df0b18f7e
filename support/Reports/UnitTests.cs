using System.Globalization;
using System.Xml.Linq;

namespace SecuritySpecs.Reports;

/// <summary>How the tests of one project ended, read from the TRX file that <c>dotnet test</c> writes.</summary>
/// <param name="Project">The project's name: the file's.</param>
/// <param name="Passed">How many passed.</param>
/// <param name="Failures">Those that neither passed nor were skipped.</param>
/// <param name="Skipped">How many were not run.</param>
public sealed record UnitTests(string Project, int Passed, IReadOnlyList<UnitTestFailure> Failures, int Skipped)
{
    // Of a longer message the beginning says what was expected, and the end, as FsCheck writes it, what was thrown.
    private const int MessageLines = 60;

    /// <summary>Reads a TRX file.</summary>
    /// <exception cref="System.Xml.XmlException">It is none.</exception>
    public static UnitTests Read(string path)
    {
        var elements = XDocument.Load(path).Descendants().ToList();
        var counters = elements.Single(e => e.Name.LocalName == "Counters");
        int Of(string name) => int.Parse(counters.Attribute(name)!.Value, CultureInfo.InvariantCulture);
        var failures = elements.Where(e => e.Name.LocalName == "UnitTestResult" && (string?)e.Attribute("outcome") is not ("Passed" or "NotExecuted")).Select(Failure).ToList();
        return new(Path.GetFileNameWithoutExtension(path), Of("passed"), failures, Of("total") - Of("passed") - failures.Count);
    }

    /// <summary>Writes the failures, each with its message, or with the beginning and the end of a long one.</summary>
    public void WriteFailures(TextWriter to)
    {
        foreach (var (test, message) in Failures)
        {
            to.WriteLine($"\nFailed in {Project}: {test}");
            foreach (var line in Shortened(message.Split('\n', StringSplitOptions.RemoveEmptyEntries)))
                to.WriteLine($"    {line.TrimEnd()}");
        }
    }

    private static string[] Shortened(string[] lines) => lines.Length <= MessageLines
        ? lines
        : [.. lines.Take(MessageLines / 2), $"[{lines.Length - MessageLines} lines left out]", .. lines.TakeLast(MessageLines / 2)];

    private static UnitTestFailure Failure(XElement result) => new(
        (string)result.Attribute("testName")!,
        result.Descendants().FirstOrDefault(e => e.Name.LocalName == "Message")?.Value ?? $"its outcome is {(string?)result.Attribute("outcome")}");
}

/// <summary>A test that did not pass, and what it said.</summary>
public sealed record UnitTestFailure(string Test, string Message);
