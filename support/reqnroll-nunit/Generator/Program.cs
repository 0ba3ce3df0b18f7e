using System.Text.Json;
using Gherkin;

namespace ReqnrollNUnit.Generator;

/// <summary>
/// Writes the NUnit code and the Cucumber messages of feature files. Called by ReqnrollNUnit.targets:
/// <c>Generator ROOT-NAMESPACE REQNROLL-JSON HOOKS-FILE LIST-FILE</c>, each line of the list being <c>FEATURE|CODE|MESSAGES</c>,
/// paths relative to the project, which is the current folder. A file whose content stays the same is not written.
/// What is wrong with a feature becomes an #error directive in its code, so that the compiler reports it, once, at its line.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is not [var rootNamespace, var config, var hooks, var list])
        {
            Console.Error.WriteLine("usage: Reqnroll.NUnit.Generator ROOT-NAMESPACE REQNROLL-JSON HOOKS-FILE LIST-FILE");
            return 2;
        }

        List<string> serialTags = [];
        try
        {
            serialTags = ReadSerialTags(config);
            Write(hooks, HooksCode.For(rootNamespace));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            Write(hooks, ErrorCode.For(config, hooks, [((int)((e as JsonException)?.LineNumber ?? 0) + 1, e.Message)]));
        }

        foreach (var line in File.ReadLines(list).Where(l => l.Length > 0))
        {
            if (line.Split('|') is [var feature, var code, var messages])
                Generate(feature, code, messages, rootNamespace, serialTags);
        }

        return 0;
    }

    private static void Generate(string feature, string code, string messages, string rootNamespace, List<string> serialTags)
    {
        var (written, embedded) = ("", "");
        try
        {
            if (FeatureFile.Parse(feature) is { Feature: not null } document)
            {
                var envelopes = FeatureMessages.Of(document, feature);
                written = new FeatureCode(document.Feature, feature, code, rootNamespace, serialTags, envelopes.Count).ToString();
                embedded = string.Join('\n', envelopes);
            }
        }
        catch (ParserException e)
        {
            written = ErrorCode.For(feature, code, FeatureFile.Errors(e));
        }

        Write(code, written);
        Write(messages, embedded);
    }

    /// <summary>The tags whose features and scenarios must not run in parallel with others.</summary>
    private static List<string> ReadSerialTags(string config)
    {
        if (!File.Exists(config))
            return [];
        using var json = JsonDocument.Parse(File.ReadAllText(config), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return json.RootElement.TryGetProperty("generator", out var generator) && generator.TryGetProperty("addNonParallelizableMarkerForTags", out var tags)
            ? [.. tags.EnumerateArray().Select(t => t.GetString()!.TrimStart('@'))]
            : [];
    }

    private static void Write(string path, string content)
    {
        if (File.Exists(path) && File.ReadAllText(path) == content)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, content);
    }
}
