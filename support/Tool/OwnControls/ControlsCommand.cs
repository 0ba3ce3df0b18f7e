using SecuritySpecs.Kube.Files;
using SecuritySpecs.Kube.Manifests;
using SecuritySpecs.Tool.Mutate;

namespace SecuritySpecs.Tool.OwnControls;

/// <summary><c>specs controls</c>: a platform's own controls under test.</summary>
internal static class ControlsCommand
{
    private const string Introduction = $$"""
        # Your controls in place of those of fleet-fixtures/controls: `support/specs run --controls DIR`, where DIR is this folder.
        # Write for each control which of your files it is, in one of three ways:
        #
        #   gpu-quota: FILE                                    all objects of a file, in this folder or below it
        #   gpu-quota: {file: FILE, objects: [KIND/NAME]}      these objects of a file, for example of the output of kustomize or helm
        #   gpu-quota: {{ControlSet.NotProvided}}                            you do not have this control: what applies it is not judged, and counted apart
        #
        # An object is KIND, KIND/NAME or KIND/NAMESPACE/NAME as the file has it. Scenarios find an object by the name that is told below. Where
        # yours has another one: [ResourceQuota/team-gpus as gpu-quota].
        #
        # The files are for every tenant, so they have placeholders, such as ${NAMESPACE}. The scenarios fill them in. Where a file was rendered
        # for one tenant, say what stands there in place of a placeholder:
        #
        #   values: {NAMESPACE: team-blue, TENANT: blue}
        #
        # Where "{{ControlSet.NotProvided}}" stands for what a run cannot do without (the tenant itself, the metrics, the files of the API server, the owners
        # of rights), it uses the one of fleet-fixtures/controls, and does not judge its controls.
        controls:

        """;

    /// <summary>Writes the mapping.</summary>
    /// <param name="folder">Where it goes; it must not be there yet, or be empty.</param>
    /// <param name="console">Where it says so.</param>
    /// <exception cref="EnvironmentException">The folder is not empty.</exception>
    public static int Init(string folder, TextWriter console)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            throw new EnvironmentException($"{folder} is there and not an empty folder: name one that is not there yet");
        var (file, mapping) = (Path.Combine(folder, ControlSet.FileName), Mapping(RunOptions.FindRoot()));
        Directory.CreateDirectory(folder);
        File.WriteAllText(file, mapping);
        console.WriteLine($"{file} is written. Put your manifests beside it, name them there, and run: support/specs run --controls {folder}");
        return 0;
    }

    /// <summary>The mapping of a platform that has nothing yet.</summary>
    /// <param name="root">The repository.</param>
    internal static string Mapping(string root)
    {
        var fixtures = Path.Combine(root, "fleet-fixtures");
        var (features, loads, catalogue) = (FeatureIndex.Read(root), LoadMap.Read(root), Catalogue.Read(root).Rows.ToDictionary(r => r.Id));
        var scenarios = new Scenarios(features, loads, FixtureFile.Read(fixtures), Killers.Read(root));
        var text = new StringBuilder(Introduction);
        foreach (var control in ReferenceControl.All(fixtures))
        {
            text.Append('\n');
            Comment(text, [$"--- fleet-fixtures/{control.File}", .. control.Header]);
            if (control.Objects.Count > 0)
                Comment(text, ["", $"Objects: {string.Join(", ", control.Objects.Select(o => $"{(string)o["kind"]!} {(string?)o["metadata"]?["name"]}".Trim()))}"]);
            if (control.Needed.Count > 0)
                Comment(text, [$"It must have {string.Join(", ", control.Needed.Select(p => $"${{{p}}}"))}."]);
            foreach (var row in scenarios.ControlsOf(control.File).Select(catalogue.GetValueOrDefault).OfType<CatalogueRow>())
            {
                Comment(text, ["", $"{row.Title} [{row.Id}]", $"Without it: {row.Impact}", .. features.All
                    .Where(p => Scenarios.ControlOf(p) == row.Id && (loads.Loads(p, control.File) || scenarios.IsOnceForARun(control.File))).Select(p => $"- {p.Name}  ({p.Where})")]);
            }

            text.Append(CultureInfo.InvariantCulture, $"  {control.Name}: {ControlSet.NotProvided}\n");
        }

        return text.ToString();
    }

    private static void Comment(StringBuilder text, IEnumerable<string> lines)
    {
        foreach (var line in lines)
            text.Append(line.Length > 0 ? $"  # {line}" : "  #").Append('\n');
    }
}
