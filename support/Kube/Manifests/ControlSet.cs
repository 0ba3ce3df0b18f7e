using SecuritySpecs.Kube.Files;
using YamlDotNet.RepresentationModel;

namespace SecuritySpecs.Kube.Manifests;

/// <summary>A platform's own controls in place of those of fleet-fixtures, as <see cref="FileName"/> in their folder maps them.</summary>
public sealed class ControlSet
{
    /// <summary>The mapping: which file of the folder stands for which of the reference.</summary>
    public const string FileName = "controls.yaml";

    /// <summary>What it says of a control that the platform does not have.</summary>
    public const string NotProvided = "not provided";

    private readonly IReadOnlyDictionary<string, OwnControl> _own;
    private readonly IReadOnlyList<string> _missing;
    private readonly IReadOnlyDictionary<string, FixtureFile> _files;

    private ControlSet(string name, Dictionary<string, OwnControl> own, IReadOnlyList<string> missing, IReadOnlyDictionary<string, FixtureFile> files) =>
        (Name, _own, _missing, _files) = (name, own, missing, files);

    /// <summary>The folder's name.</summary>
    public string Name { get; }

    /// <summary>Reads the mapping in a folder, and the files that it names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="fixtures">The folder fleet-fixtures.</param>
    /// <exception cref="BadInputException">The mapping or a file is not as wanted; file and line are named.</exception>
    public static ControlSet Read(string folder, string fixtures)
    {
        var home = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var mapping = new YamlFile($"{home}/{FileName}");
        if (!File.Exists(Path.Combine(folder, FileName)))
            throw new BadInputException($"{home}/{FileName}", 0, "there is no such file: `support/specs controls init DIR` writes one into a new folder");
        var references = ReferenceControl.All(fixtures);
        var top = mapping.Fields(mapping.Read(Path.Combine(folder, FileName)), "controls under test", ["controls"], ["values"]);
        List<WrittenValue> values = top.TryGetValue("values", out var given) ? Values(mapping, given, references) : [];
        var rows = mapping.Fields(top["controls"], "controls", [.. references.Select(r => r.Name)]);
        var own = new Dictionary<string, OwnControl>();
        foreach (var reference in references.Where(r => rows[r.Name] is not YamlScalarNode { Value: NotProvided }))
        {
            var (file, choices) = Row(mapping, rows[reference.Name], reference.Name);
            var (path, told) = (Path.Combine(folder, mapping.Text(file, reference.Name)), $"{home}/{mapping.Text(file, reference.Name)}");
            if (!File.Exists(path))
                throw mapping.Error(file, $"{reference.Name}: there is no file {told}; write \"{NotProvided}\" if you do not have this control");
            own.Add(reference.File, OwnControl.Of(reference, told, TextFile.Read(path, told), choices, values));
        }

        return new(home, own, [.. references.Select(r => r.File).Except(own.Keys)], FixtureFile.Read(fixtures));
    }

    /// <summary>What the platform has in place of a file; null where it has none, or where the file is no control.</summary>
    /// <param name="file">For example <c>controls/gpu-quota.yaml</c>.</param>
    public OwnControl? Find(string file) => _own.GetValueOrDefault(file);

    /// <summary>Whether a scenario that applies a file cannot judge the platform. Its tenants are made of ours where it has none.</summary>
    /// <param name="file">For example <c>controls/gpu-quota.yaml</c>.</param>
    public bool Lacks(string file) => _missing.Contains(file) && !IsBase(file);

    /// <summary>
    /// The file that is not provided and of which the run needs one all the same: then ours is there, and the scenarios of its controls would
    /// judge that. Null where there is none.
    /// </summary>
    /// <param name="control">The control of the scenarios.</param>
    public string? StandInFor(string control) =>
        _missing.FirstOrDefault(f => _files.GetValueOrDefault(f) is { } row && (row.OnceForARun || IsBase(f)) && row.Controls.Contains(control));

    private static bool IsBase(string file) => file == $"controls/{ComponentList.Base}.yaml";

    private static (YamlNode File, IReadOnlyList<ObjectChoice> Choices) Row(YamlFile mapping, YamlNode row, string name)
    {
        if (row is not YamlMappingNode)
            return (row, []);
        var fields = mapping.Fields(row, name, ["file"], ["objects"]);
        return (fields["file"], fields.TryGetValue("objects", out var objects) ? [.. mapping.Items(objects, "objects").Select(o => ObjectChoice.Of(mapping.Text(o, "objects"), p => mapping.Error(o, $"{name}: {p}")))] : []);
    }

    private static List<WrittenValue> Values(YamlFile mapping, YamlNode node, IReadOnlyList<ReferenceControl> references)
    {
        string[] known = [.. references.SelectMany(r => r.Placeholders).Distinct().Order(StringComparer.Ordinal)];
        var values = new List<WrittenValue>();
        foreach (var (placeholder, value) in mapping.Fields(node, "values", [], known))
        {
            var text = mapping.Text(value, placeholder);
            if (!text.Any(char.IsAsciiLetter))
                throw mapping.Error(value, $"{placeholder}: a number may stand for many things in a file; write ${{{placeholder}}} in its place");
            if (values.Exists(v => v.Text == text))
                throw mapping.Error(value, $"{placeholder}: \"{text}\" stands for another placeholder, too; write ${{{placeholder}}} in the files");
            values.Add(new(placeholder, text));
        }

        return values;
    }
}
