namespace SecuritySpecs.Kube.Files;

/// <summary>What is to be known of a file of fleet-fixtures beside what scenarios load: fleet-fixtures/files.yaml has it.</summary>
/// <param name="Controls">The controls that the file belongs to; empty for the one of its name.</param>
/// <param name="OnceForARun">Whether the platform applies it once, for all scenarios of a run.</param>
public sealed record FixtureFile(IReadOnlyList<string> Controls, bool OnceForARun)
{
    private const string FileName = "fleet-fixtures/files.yaml";

    /// <summary>Reads the data.</summary>
    /// <param name="fixtures">The folder fleet-fixtures.</param>
    /// <exception cref="BadInputException">It is not as wanted.</exception>
    public static IReadOnlyDictionary<string, FixtureFile> Read(string fixtures)
    {
        var file = new YamlFile(FileName);
        var rows = new Dictionary<string, FixtureFile>();
        foreach (var item in file.Items(file.Fields(file.Read(Path.Combine(fixtures, "files.yaml")), "files", ["files"])["files"], "files"))
        {
            var row = file.Fields(item, "file", ["file", "controls", "why"], ["once-for-a-run"]);
            file.Text(row["why"], "why");
            if (!rows.TryAdd(file.Text(row["file"], "file"), new([.. file.Items(row["controls"], "controls").Select(c => file.Text(c, "control"))], row.ContainsKey("once-for-a-run"))))
                throw file.Error(row["file"], "is there twice");
        }

        return rows;
    }
}
