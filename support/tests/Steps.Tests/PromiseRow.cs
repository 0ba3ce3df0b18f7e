using SecuritySpecs.Kube.Files;

namespace Steps.Tests;

/// <summary>A row of support/Mutation/promises.yaml: what proves a promise.</summary>
/// <param name="File">Relative to fleet-fixtures.</param>
/// <param name="Comment">A part of the sentence.</param>
/// <param name="Proof">scenario, mutant or why-not.</param>
/// <param name="Value">The scenario, the mutant or how its id begins, or the reason.</param>
internal sealed record PromiseRow(string File, string Comment, string Proof, string Value)
{
    /// <summary>For messages.</summary>
    public string Name => $"{File}: {Comment}";

    /// <summary>The rows.</summary>
    public static IReadOnlyList<PromiseRow> Read(string root)
    {
        const string name = "support/Mutation/promises.yaml";
        var file = new YamlFile(name);
        var rows = new List<PromiseRow>();
        var promises = file.Fields(file.Read(Path.Combine(root, name)), "promises", ["promises"])["promises"];
        foreach (var (of, items) in file.Map(promises, "promises"))
        {
            foreach (var item in file.Items(items, "promises"))
            {
                var row = file.Fields(item, "promise", ["comment"], ["scenario", "mutant", "why-not"]);
                if (row.Count != 2)
                    throw file.Error(item, "promise: wanted are comment and one of scenario, mutant and why-not");
                var (proof, value) = row.Single(f => f.Key != "comment");
                rows.Add(new(file.Text(of, "file"), file.Text(row["comment"], "comment"), proof, file.Text(value, proof)));
            }
        }

        return rows;
    }
}
