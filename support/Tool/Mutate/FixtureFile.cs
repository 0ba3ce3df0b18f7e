using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Tool.Mutate;

/// <summary>What a mutation run has to know of the files of fleet-fixtures beside what scenarios load: <c>files.yaml</c> beside this file.</summary>
/// <param name="Controls">The controls that the file belongs to; empty for the one of its name.</param>
/// <param name="OnceForARun">Whether the platform applies it once, for all scenarios of a run.</param>
internal sealed record FixtureFile(IReadOnlyList<string> Controls, bool OnceForARun)
{
    private const string FileName = "support/Tool/Mutate/files.yaml";

    /// <summary>Reads the data.</summary>
    /// <param name="root">The repository.</param>
    /// <exception cref="BadInputException">It is not as wanted.</exception>
    public static IReadOnlyDictionary<string, FixtureFile> Read(string root)
    {
        var file = new YamlFile(FileName);
        var rows = new Dictionary<string, FixtureFile>();
        foreach (var item in file.Items(file.Fields(file.Read(Path.Combine(root, FileName)), "files", ["files"])["files"], "files"))
        {
            var row = file.Fields(item, "file", ["file", "controls", "why"], ["once-for-a-run"]);
            file.Text(row["why"], "why");
            if (!rows.TryAdd(file.Text(row["file"], "file"), new([.. file.Items(row["controls"], "controls").Select(c => file.Text(c, "control"))], row.ContainsKey("once-for-a-run"))))
                throw file.Error(row["file"], "is there twice");
        }

        return rows;
    }
}
