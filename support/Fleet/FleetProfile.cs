using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Fleet;

/// <summary>How a platform calls and taints its API-only nodes: <c>fleet-fixtures/profiles/NAME.yaml</c>.</summary>
/// <param name="Node">A node's name, with <c>{pool}</c> and <c>{index}</c> in it.</param>
/// <param name="FirstIndex">The index of a pool's first node.</param>
/// <param name="Taint">What keeps ordinary pods from these nodes.</param>
public sealed record FleetProfile(string Node, int FirstIndex, NodeTaint Taint)
{
    private const string Folder = "profiles";
    private const string Pool = "{pool}";
    private const string Index = "{index}";

    /// <summary>Reads a profile.</summary>
    /// <param name="fixtures">The folder fleet-fixtures.</param>
    /// <param name="name">The profile's name.</param>
    /// <exception cref="EnvironmentException">There is no such profile; those that there are, are named.</exception>
    /// <exception cref="BadInputException">It is not as wanted; file and line are named.</exception>
    public static FleetProfile Read(string fixtures, string name)
    {
        var known = Directory.EnumerateFiles(Path.Combine(fixtures, Folder), "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal).ToList();
        return known.Contains(name) ? Parse($"fleet-fixtures/{Folder}/{name}.yaml", File.ReadAllText(Path.Combine(fixtures, Folder, name + ".yaml")))
            : throw new EnvironmentException($"--profile {name}: there is no such profile; there are: {string.Join(", ", known)}");
    }

    /// <summary>Reads a profile's text.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="BadInputException">It is not as wanted; file and line are named.</exception>
    public static FleetProfile Parse(string file, string text)
    {
        var yaml = new YamlFile(file);
        var fields = yaml.Fields(yaml.Parse(text), "profile", ["node", "firstIndex", "taint"]);
        var node = yaml.Text(fields["node"], "node");
        // Two nodes may not have one name.
        if (!node.Contains(Pool, StringComparison.Ordinal) || !node.Contains(Index, StringComparison.Ordinal))
            throw yaml.Error(fields["node"], $"node: expected a name with {Pool} and {Index} in it, but found \"{node}\"");
        return new(node, yaml.Number(fields["firstIndex"], "firstIndex", 0), NodeTaint.Read(yaml, fields["taint"]));
    }

    /// <summary>What a node is called.</summary>
    /// <param name="pool">Its pool.</param>
    /// <param name="number">Which of the pool's nodes, from 1.</param>
    public string NameOf(string pool, int number) =>
        Node.Replace(Pool, pool, StringComparison.Ordinal).Replace(Index, (FirstIndex + number - 1).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
