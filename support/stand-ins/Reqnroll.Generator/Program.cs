using System.Text.Json;
using Gherkin;

namespace Reqnroll.Generator;

/// <summary>
/// Writes the NUnit code of feature files. Called by Reqnroll.targets:
/// <c>Reqnroll.Generator ROOT-NAMESPACE REQNROLL-JSON HOOKS-FILE LIST-FILE</c>, each line of the list being <c>FEATURE|CODE</c>,
/// paths relative to the project, which is the current folder. Errors go to the output in the form that MSBuild reads.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args.Length != 4)
        {
            Console.Error.WriteLine("usage: Reqnroll.Generator ROOT-NAMESPACE REQNROLL-JSON HOOKS-FILE LIST-FILE");
            return 2;
        }

        var (rootNamespace, config, hooks, list) = (args[0], args[1], args[2], args[3]);
        if (ReadSerialTags(config) is not { } serialTags) return 1;
        Write(hooks, HooksCode.For(rootNamespace));

        var isOk = true;
        foreach (var line in File.ReadLines(list).Where(l => l.Length > 0))
        {
            var parts = line.Split('|');
            isOk &= Generate(parts[0], parts[1], rootNamespace, serialTags);
        }

        return isOk ? 0 : 1;
    }

    private static bool Generate(string feature, string code, string rootNamespace, IReadOnlyCollection<string> serialTags)
    {
        try
        {
            var document = FeatureFile.Parse(feature);
            Write(code, document.Feature is null ? "" : new FeatureCode(document.Feature, feature, code, rootNamespace, serialTags).ToString());
            return true;
        }
        catch (ParserException e)
        {
            foreach (var error in FeatureFile.Errors(e)) Console.WriteLine(Diagnostic(feature, error.Line, error.Column, "REQ0001", error.Message));
            return false;
        }
    }

    /// <summary>The tags whose features and scenarios must not run in parallel with others; null after an error.</summary>
    private static List<string>? ReadSerialTags(string config)
    {
        if (!File.Exists(config)) return [];
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(config), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return json.RootElement.TryGetProperty("generator", out var generator) && generator.TryGetProperty("addNonParallelizableMarkerForTags", out var tags)
                ? [.. tags.EnumerateArray().Select(t => t.GetString()!.TrimStart('@'))]
                : [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var line = e is JsonException { LineNumber: { } number } ? (int)number + 1 : 1;
            Console.WriteLine(Diagnostic(config, line, 1, "REQ0002", e.Message));
            return null;
        }
    }

    private static string Diagnostic(string file, int line, int column, string code, string message) =>
        $"{file}({line},{column}): error {code}: {message.ReplaceLineEndings(" ")}";

    private static void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, content);
    }
}
