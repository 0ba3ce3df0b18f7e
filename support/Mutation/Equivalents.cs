using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Mutation;

/// <summary>The mutants that a person has found to be no mistakes, with the reason: <c>equivalents.yaml</c> beside this file.</summary>
public static class Equivalents
{
    private const string FileName = "support/Mutation/equivalents.yaml";

    /// <summary>The reason of each, by the mutant's id.</summary>
    /// <param name="root">The repository.</param>
    /// <exception cref="BadInputException">An entry is malformed or doubled.</exception>
    public static IReadOnlyDictionary<string, string> Read(string root)
    {
        var file = new YamlFile(FileName);
        var reasons = new Dictionary<string, string>();
        foreach (var item in file.Items(file.Fields(file.Read(Path.Combine(root, FileName)), "equivalents", ["equivalents"])["equivalents"], "equivalents"))
        {
            var row = file.Fields(item, "equivalent", ["mutant", "why"]);
            if (!reasons.TryAdd(file.Text(row["mutant"], "mutant"), file.Text(row["why"], "why")))
                throw file.Error(row["mutant"], $"{row["mutant"]} is there twice");
        }

        return reasons;
    }
}
