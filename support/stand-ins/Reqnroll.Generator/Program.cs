using System.Text.Json;
using Gherkin;

namespace Reqnroll.Generator;

/// <summary>
/// Writes the NUnit code of feature files. Called by Reqnroll.targets:
/// <c>Reqnroll.Generator ROOT-NAMESPACE REQNROLL-JSON HOOKS-FILE LIST-FILE</c>, each line of the list being <c>FEATURE|CODE</c>,
/// paths relative to the project, which is the current folder.
/// What is wrong with a file becomes an #error directive in its code, so that the compiler reports it, once, at its line.
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
        List<string> serialTags = [];
        try
        {
            serialTags = ReadSerialTags(config);
            Write(hooks, HooksCode.For(rootNamespace));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var line = e is JsonException { LineNumber: { } number } ? (int)number + 1 : 1;
            Write(hooks, ErrorCode.For(config, hooks, [(line, e.Message)]));
        }

        foreach (var line in File.ReadLines(list).Where(l => l.Length > 0))
        {
            var parts = line.Split('|');
            Write(parts[1], Generate(parts[0], parts[1], rootNamespace, serialTags));
        }

        return 0;
    }

    private static string Generate(string feature, string code, string rootNamespace, List<string> serialTags)
    {
        try
        {
            var document = FeatureFile.Parse(feature);
            return document.Feature is null ? "" : new FeatureCode(document.Feature, feature, code, rootNamespace, serialTags).ToString();
        }
        catch (ParserException e)
        {
            return ErrorCode.For(feature, code, FeatureFile.Errors(e));
        }
    }

    /// <summary>The tags whose features and scenarios must not run in parallel with others.</summary>
    private static List<string> ReadSerialTags(string config)
    {
        if (!File.Exists(config)) return [];
        using var json = JsonDocument.Parse(File.ReadAllText(config), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return json.RootElement.TryGetProperty("generator", out var generator) && generator.TryGetProperty("addNonParallelizableMarkerForTags", out var tags)
            ? [.. tags.EnumerateArray().Select(t => t.GetString()!.TrimStart('@'))]
            : [];
    }

    private static void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, content);
    }
}
