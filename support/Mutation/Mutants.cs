using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Mutation;

/// <summary>Makes every mutant of the files of fleet-fixtures, always the same ones in the same order.</summary>
public static class Mutants
{
    /// <summary>The folders whose files are under test: the controls, and what runs on the platform.</summary>
    public static readonly IReadOnlyList<string> Folders = ["controls", "workloads"];

    /// <summary>The files that are no manifests: nothing in them is applied to a cluster, so no mistake in them opens anything.</summary>
    public static readonly IReadOnlyList<string> NoManifests = ["controls/rights-owners.yaml"];

    /// <summary>The files that have mutants, relative to the folder.</summary>
    /// <param name="fixtures">The folder fleet-fixtures.</param>
    public static IReadOnlyList<string> Files(string fixtures) =>
    [
        .. Folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(fixtures, folder), "*.yaml").Select(f => $"{folder}/{Path.GetFileName(f)}"))
            .Except(NoManifests).Order(StringComparer.Ordinal),
    ];

    /// <summary>All mutants of all files, without the edits that must survive.</summary>
    public static IReadOnlyList<Mutant> All(string fixtures) => [.. Files(fixtures).SelectMany(f => Of(fixtures, f))];

    /// <summary>The mutants of a file.</summary>
    /// <param name="fixtures">The folder fleet-fixtures.</param>
    /// <param name="file">For example <c>controls/gpu-quota.yaml</c>.</param>
    /// <exception cref="InvalidOperationException">An operator made one that changes nothing.</exception>
    public static IReadOnlyList<Mutant> Of(string fixtures, string file) => OfText(file, TextFile.Read(Path.Combine(fixtures, file), file));

    /// <summary>The mutants of a file's text.</summary>
    /// <exception cref="InvalidOperationException">An operator made one that changes nothing.</exception>
    public static IReadOnlyList<Mutant> OfText(string file, string text)
    {
        var objects = YamlReader.All(file, text);
        var before = YamlWriter.Write(objects);
        var mutants = new List<Mutant>();
        for (var number = 0; number < objects.Count; number++)
        {
            var name = objects.Count == 1 ? "" : $"{NameOf(objects[number])}/";
            if (objects.Count > 1 && OpensWhenGone(file, (string)objects[number]["kind"]!))
                mutants.Add(Mutated(file, MutationTable.DropDocument, NameOf(objects[number]), before, [.. objects.Where((_, n) => n != number)]));
            foreach (var @operator in MutationTable.Operators.Where(o => o.Kinds.Contains((string)objects[number]["kind"]!)))
            {
                for (var n = 0; Change(@operator, objects[number], n) is { } changed; n++)
                    mutants.Add(Mutated(file, @operator.Name, name + changed.Place, before, [.. objects.Select((o, at) => at == number ? changed.Object : o)]));
            }
        }

        return mutants;
    }

    /// <summary>A mutant, or an edit that must survive, by its id.</summary>
    /// <exception cref="ArgumentException">There is none: its place in the file is gone.</exception>
    public static Mutant Find(string fixtures, string id)
    {
        var file = id.Split('#')[0];
        return Files(fixtures).Contains(file) && Of(fixtures, file).Concat(SafeEdits.All(fixtures)).FirstOrDefault(m => m.Id == id) is { } mutant ? mutant
            : throw new ArgumentException($"There is no mutant {id}: its place in fleet-fixtures/{file} is gone.");
    }

    internal static Mutant Mutated(string file, string @operator, string place, string before, IReadOnlyList<JsonObject> objects)
    {
        var (id, text) = ($"{file}#{@operator}:{place}", YamlWriter.Write(objects));
        return text != before ? new(id, file, @operator, text, TextDiff.Of(before, text))
            : throw new InvalidOperationException($"The mutant {id} is the file as it is: the operator has nothing to change there.");
    }

    // A program without its pod, Service or rights does not run, which opens nothing to anybody.
    private static bool OpensWhenGone(string file, string kind) =>
        !file.StartsWith("workloads/", StringComparison.Ordinal) || kind.EndsWith("Policy", StringComparison.Ordinal) || kind.EndsWith("WebhookConfiguration", StringComparison.Ordinal);

    // On a copy: each change alters its object.
    private static (string Place, JsonObject Object)? Change(MutationOperator @operator, JsonObject @object, int number)
    {
        var copy = @object.DeepClone().AsObject();
        if (@operator.Changes(copy).ElementAtOrDefault(number) is not { } change)
            return null;
        change.Make();
        return (change.Place, copy);
    }

    // "${NAME}-auditor" is told without the placeholder's signs.
    private static string NameOf(JsonObject @object) => $"{@object["kind"]}/{@object["metadata"]!["name"]!.ToString().Replace("${", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal)}";
}
