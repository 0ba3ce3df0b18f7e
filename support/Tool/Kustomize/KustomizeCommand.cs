using SecuritySpecs.Kube.Files;
using SecuritySpecs.Kube.Manifests;

namespace SecuritySpecs.Tool.Kustomize;

/// <summary><c>specs kustomize</c>: the reference configuration of one tenant as a folder for <c>kubectl apply -k</c>.</summary>
internal static class KustomizeCommand
{
    /// <summary>Writes the folder, and says what is in it.</summary>
    /// <param name="folder">Where it goes; it must not be there yet, or be empty.</param>
    /// <param name="tenant">The tenant, whose namespace has the same name.</param>
    /// <param name="given">Values of placeholders, each as <c>KEY=VALUE</c>.</param>
    /// <param name="console">Where it says that.</param>
    /// <exception cref="EnvironmentException">The folder is not empty, or a value is none.</exception>
    public static int Run(string folder, string tenant, IReadOnlyList<string> given, TextWriter console)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            throw new EnvironmentException($"{folder} is not empty: name a folder that is not there yet");
        var fixtures = Path.Combine(RunOptions.FindRoot(), "fleet-fixtures");
        var values = Values(tenant, given);
        string TextOf(string control)
        {
            var file = $"controls/{control}.yaml";
            return KustomizeTree.WithoutScenario(Manifest.FillText(file, TextFile.Read(Path.Combine(fixtures, file), file), new Dictionary<string, string>(values) { ["NAME"] = control }));
        }

        var components = new List<(string, string)>();
        foreach (var control in ComponentList.Read(fixtures))
        {
            var wanted = Manifest.Placeholders(KustomizeTree.WithoutScenario(TextFile.Read(Path.Combine(fixtures, "controls", control + ".yaml"), control)))
                .Where(p => p != "NAME" && !values.ContainsKey(p)).ToList();
            if (wanted.Count == 0)
                components.Add((control, TextOf(control)));
            else
                console.WriteLine($"left out: {control}, which wants {string.Join(' ', wanted.Select(w => $"--set {w}=..."))}");
        }

        foreach (var (path, text) in new KustomizeTree((ComponentList.Base, TextOf(ComponentList.Base)), components, tenant).Files(new Dictionary<string, string>()))
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        console.WriteLine($"{components.Count} components are in {folder}. Take those that you do not want off the list in kustomization.yaml, and apply the rest: kubectl apply -k {folder}");
        return 0;
    }

    private static Dictionary<string, string> Values(string tenant, IReadOnlyList<string> given)
    {
        // What only separates scenarios has a value here and no place in the result.
        var values = new Dictionary<string, string> { ["TENANT"] = tenant, ["NAMESPACE"] = tenant, ["SCENARIO"] = "" };
        foreach (var pair in given)
        {
            if (pair.Split('=', 2) is not [var key, var value] || key.Length == 0 || value.Length == 0)
                throw new EnvironmentException($"--set wants KEY=VALUE, not '{pair}'");
            values[key] = value;
        }

        return values;
    }
}
