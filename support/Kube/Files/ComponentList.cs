namespace SecuritySpecs.Kube.Files;

/// <summary>Which files of fleet-fixtures/controls are components for kustomize: all that fleet-fixtures/components.yaml does not leave out.</summary>
public static class ComponentList
{
    /// <summary>The file that every component stands on.</summary>
    public const string Base = "tenant";

    private const string Name = "components.yaml";

    /// <summary>Their names, sorted.</summary>
    /// <param name="folder">The folder fleet-fixtures.</param>
    public static IReadOnlyList<string> Read(string folder)
    {
        var leftOut = LeftOut(folder).Select(l => l.File).ToHashSet();
        return [.. Controls(folder).Where(c => !leftOut.Contains(c))];
    }

    /// <summary>Those that are left out, each with the reason.</summary>
    /// <exception cref="BadInputException">The list is malformed, or names a file that is not there.</exception>
    public static IReadOnlyList<(string File, string Why)> LeftOut(string folder)
    {
        var (file, there) = (new YamlFile(Name), Controls(folder));
        var list = file.Fields(file.Read(Path.Combine(folder, Name)), "components", ["left-out"])["left-out"];
        var leftOut = new List<(string, string)>();
        foreach (var item in file.Items(list, "left-out"))
        {
            var fields = file.Fields(item, "left-out", ["file", "why"]);
            var name = file.Text(fields["file"], "file");
            leftOut.Add(there.Contains(name) ? (name, file.Text(fields["why"], "why")) : throw file.Error(item, $"there is no controls/{name}.yaml"));
        }

        return leftOut;
    }

    private static IReadOnlyList<string> Controls(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(folder, "controls"), "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];
}
