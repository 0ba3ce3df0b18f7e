using System.Reflection;
using System.Runtime.CompilerServices;

namespace ReqnrollNUnit.Tests;

/// <summary>The sample project, whose scenarios run once for all tests.</summary>
internal static class Sample
{
#if DEBUG
    public const string Configuration = "Debug";
#else
    public const string Configuration = "Release";
#endif

    private static readonly Lazy<TestResults> OneRun = new(Run);

    /// <summary>The built sample.</summary>
    public static Assembly Assembly { get; } = Assembly.LoadFrom(Dll);

    /// <summary>How each of its scenarios ended.</summary>
    public static TestResults Results => OneRun.Value;

    /// <summary>What the html formatter wrote.</summary>
    public static string Html => File.ReadAllText(ResultFile("cucumber.html"));

    /// <summary>What the message formatter wrote.</summary>
    public static string[] Messages => File.ReadAllLines(ResultFile("cucumber.ndjson"));

    private static string Dll => Path.Combine(Folder("Sample"), "bin", Configuration, "net10.0", "Sample.dll");

    /// <summary>A folder of these tests' sources.</summary>
    public static string Folder(string name, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, name);

    /// <summary>Runs the dotnet command.</summary>
    public static (int ExitCode, string Output) Dotnet(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SAMPLE_RESULTS"] = TestContext.CurrentContext.WorkDirectory;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    private static TestResults Run()
    {
        string[] results = [ResultFile("sample.trx"), ResultFile("cucumber.html"), ResultFile("cucumber.ndjson")];
        foreach (var file in results)
            File.Delete(file);
        var (_, output) = Dotnet("test", Dll, "--logger", $"trx;LogFileName={results[0]}");
        return File.Exists(results[0]) ? new TestResults(results[0]) : throw new AssertionException($"No test results:\n{output}");
    }

    private static string ResultFile(string name) => Path.Combine(TestContext.CurrentContext.WorkDirectory, name);
}
