using System.Diagnostics;
using NUnit.Framework;

namespace Reqnroll.Tests;

/// <summary>A fresh copy of a project under samples/, built and tested as a user would.</summary>
internal sealed class SampleProject
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly string _project;

    public SampleProject(string name)
    {
        // Inside the repository, so that its build rules and package versions hold.
        Folder = Path.Combine(AppContext.BaseDirectory, "copies", name);
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
        var source = Path.Combine(AppContext.BaseDirectory, "samples", name);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories)) Copy(file, Path.Combine(Folder, Path.GetRelativePath(source, file)));
        _project = Path.Combine(Folder, "steps", $"{name}.csproj");
    }

    public string Folder { get; }

    /// <summary>Where the built tests and their reqnroll.json are.</summary>
    public string Output => Path.Combine(Folder, "steps", "bin", Configuration, "net10.0");

    // What the sample refers to was built with these tests; other builds may be using it now.
    public ProcessResult Build(params string[] options) =>
        Dotnet(["build", _project, "-c", Configuration, "-nodeReuse:false", "-p:UseSharedCompilation=false", "-p:BuildProjectReferences=false", "-v:quiet", "-nologo", .. options]);

    public TestResults Test(string filter)
    {
        var results = Path.Combine(Folder, "results.trx");
        var result = Dotnet(["test", _project, "-c", Configuration, "--no-build", "--logger", $"trx;LogFileName={results}", "--filter", filter]);
        return File.Exists(results) ? new TestResults(results) : throw new AssertionException($"No test results:\n{result.Text}");
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to);
    }

    private static ProcessResult Dotnet(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Deadline))
        {
            process.Kill(entireProcessTree: true);
            throw new AssertionException($"dotnet {string.Join(' ', arguments)} did not end within {Deadline}");
        }

        return new ProcessResult(process.ExitCode, output.Result + error.Result);
    }
}

internal sealed record ProcessResult(int ExitCode, string Text);
