using System.Security.Cryptography;
using Gherkin.CucumberMessages;
using Gherkin.CucumberMessages.Pickles;
using Io.Cucumber.Messages.Types;
using Reqnroll.Formatters.PayloadProcessing;

namespace ReqnrollNUnit.Generator;

/// <summary>What the runtime's formatters have to know of a feature: its source, its syntax tree and its pickles, a line of JSON each.</summary>
internal static class FeatureMessages
{
    public static IReadOnlyList<string> Of(Gherkin.Ast.GherkinDocument document, string path)
    {
        var uri = path.Replace('\\', '/');
        var source = new Source(uri, File.ReadAllText(path), SourceMediaType.TEXT_X_CUCUMBER_GHERKIN_PLAIN);
        var ids = new StableIds(source.Uri + source.Data);
        var tree = new AstMessagesConverter(ids).ConvertGherkinDocumentToEventArgs(document, uri);
        var pickles = new PickleCompiler(ids).Compile(tree);
        return [.. pickles.Select(Envelope.Create).Prepend(Envelope.Create(tree)).Prepend(Envelope.Create(source)).Select(NdjsonSerializer.Serialize)];
    }

    /// <summary>Ids that depend on the feature alone, so that the build is the same everywhere.</summary>
    private sealed class StableIds(string seed) : IIdGenerator
    {
        private readonly byte[] _seed = SHA256.HashData(Encoding.UTF8.GetBytes(seed));
        private int _count;

        public string GetNewId() => Convert.ToHexStringLower(SHA256.HashData([.. _seed, .. BitConverter.GetBytes(_count++)]).AsSpan(0, 16));
    }
}
