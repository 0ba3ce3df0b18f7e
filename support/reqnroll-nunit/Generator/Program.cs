using Gherkin;
using Reqnroll.Configuration;
using Reqnroll.Configuration.JsonConfig;

namespace ReqnrollNUnit.Generator;

/// <summary>
/// Writes the NUnit code and the Cucumber messages of feature files. Called by ReqnrollNUnit.targets:
/// <c>Generator ROOT-NAMESPACE REQNROLL-JSON HOOKS-FILE LIST-FILE</c>, each line of the list being <c>FEATURE|CODE|MESSAGES</c>,
/// paths relative to the project, which is the current folder. A file whose content stays the same is not written.
/// Mistakes are printed in the form that MSBuild takes for its own errors.
/// </summary>
internal static class Program
{
    private static void Main(string[] args)
    {
        var (rootNamespace, config, hooks, list) = (args[0], args[1], args[2], args[3]);
        var configuration = ConfigurationLoader.GetDefault();
        try
        {
            if (File.Exists(config))
                configuration = new JsonConfigurationLoader().LoadJson(configuration, File.ReadAllText(config));
        }
        catch (JsonException e)
        {
            PrintError(config, (int)(e.LineNumber ?? 0) + 1, 1, e.Message);
        }

        Write(hooks, HooksCode.For(rootNamespace));
        foreach (var line in File.ReadLines(list).Where(l => l.Length > 0))
        {
            var paths = line.Split('|');
            Generate(paths[0], paths[1], paths[2], rootNamespace, configuration);
        }
    }

    // Without code where there is a mistake, so that the compiler adds no errors of its own.
    private static void Generate(string feature, string code, string messages, string rootNamespace, ReqnrollConfiguration configuration)
    {
        var (written, embedded) = ("", "");
        try
        {
            if (FeatureFile.Parse(feature, configuration.FeatureLanguage.Name) is { Feature: not null } document)
            {
                var envelopes = FeatureMessages.Of(document, feature);
                written = new FeatureCode(document.Feature, feature, code, rootNamespace, configuration, envelopes.Count).ToString();
                embedded = string.Join('\n', envelopes);
            }
        }
        catch (ParserException e)
        {
            foreach (var error in e is CompositeParserException composite ? composite.Errors : [e])
                PrintError(feature, error.Location?.Line ?? 1, error.Location?.Column ?? 1, error.Message);
        }

        Write(code, written);
        Write(messages, embedded);
    }

    private static void PrintError(string file, int line, int column, string message) =>
        Console.WriteLine($"{file}({line},{column}): error : {message.ReplaceLineEndings(" ")}");

    private static void Write(string path, string content)
    {
        if (File.Exists(path) && File.ReadAllText(path) == content)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, content);
    }
}
