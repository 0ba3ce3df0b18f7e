using SecuritySpecs.Kube.Files;
using YamlDotNet.RepresentationModel;

namespace SecuritySpecs.PlatformAudit;

/// <summary>A component, and the versions that close holes in it.</summary>
/// <param name="Image">The last part of the name of its image.</param>
/// <param name="Fixes">The versions, each with the CVEs that it answers.</param>
public sealed record ToolkitComponent(string Image, IReadOnlyList<(ToolkitVersion Version, IReadOnlyList<string> Cves)> Fixes)
{
    /// <summary>The oldest version that has no known hole.</summary>
    public ToolkitVersion Least => Fixes.Select(f => f.Version).Aggregate((a, b) => a.CompareTo(b) < 0 ? b : a);

    /// <summary>The CVEs that a version does not answer.</summary>
    public IEnumerable<string> OpenIn(ToolkitVersion version) => Fixes.Where(f => f.Version.CompareTo(version) > 0).SelectMany(f => f.Cves);
}

/// <summary>Which versions of NVIDIA's container components close which holes, as fleet-fixtures/gpu-toolkit.yaml has it.</summary>
public static class ToolkitFixes
{
    /// <summary>The file, as its author knows it.</summary>
    public const string FileName = "gpu-toolkit.yaml";

    private static readonly YamlFile File = new($"fleet-fixtures/{FileName}");

    /// <summary>Reads the file.</summary>
    /// <exception cref="BadInputException">It is not as wanted; file and line are named.</exception>
    public static IReadOnlyList<ToolkitComponent> Read(string path) => Of(File.Read(path));

    /// <summary>Reads a file's text.</summary>
    /// <exception cref="BadInputException">It is not as wanted; file and line are named.</exception>
    public static IReadOnlyList<ToolkitComponent> Parse(string text) => Of(File.Parse(text));

    /// <summary>What is wrong with the components among the containers of a workload: a version that is too old, or one that nobody can tell.</summary>
    /// <param name="workload">A DaemonSet or a Deployment.</param>
    /// <param name="components">The components.</param>
    public static IReadOnlyList<string> Findings(JsonNode workload, IReadOnlyList<ToolkitComponent> components)
    {
        var pod = workload["spec"]!["template"]!["spec"]!;
        var images = (pod["initContainers"]?.AsArray() ?? []).Concat(pod["containers"]!.AsArray()).Select(c => (string)c!["image"]!);
        return [.. images.SelectMany(i => components.SelectMany(c => Findings(i, c))).Distinct()];
    }

    private static IEnumerable<string> Findings(string image, ToolkitComponent component)
    {
        var name = image.Split('@')[0];
        var last = name[(name.LastIndexOf('/') + 1)..].Split(':', 2);
        if (last[0] != component.Image)
            yield break;
        var version = last is [_, var tag] ? ToolkitVersion.Of(tag) : null;
        if (version is null)
            yield return $"{component.Image} does not tell its version";
        else if (component.OpenIn(version).ToList() is { Count: > 0 } open)
            yield return $"{component.Image} {version} is older than {component.Least} and open to {string.Join(", ", open)}";
    }

    private static List<ToolkitComponent> Of(YamlMappingNode document) =>
        [.. File.Items(File.Fields(document, "toolkit fixes", ["components"])["components"], "components").Select(Component)];

    private static ToolkitComponent Component(YamlNode node)
    {
        var f = File.Fields(node, "component", ["image", "fixes"]);
        return new(File.Text(f["image"], "image"), [.. File.Items(f["fixes"], "fixes").Select(Fix)]);
    }

    private static (ToolkitVersion Version, IReadOnlyList<string> Cves) Fix(YamlNode node)
    {
        var f = File.Fields(node, "fix", ["version", "cves"]);
        var version = ToolkitVersion.Of(File.Text(f["version"], "version"))
            ?? throw File.Error(f["version"], "version: expected three numbers, such as 1.17.8");
        return (version, [.. File.Items(f["cves"], "cves").Select(c => File.Text(c, "cves"))]);
    }
}
