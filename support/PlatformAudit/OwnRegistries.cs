namespace SecuritySpecs.PlatformAudit;

/// <summary>Where the images of tenants may come from.</summary>
/// <param name="Folders">The hosts, each with the folder of it where that matters: <c>registry.example/platform</c>.</param>
/// <param name="Preloaded">Images that the platform puts on its nodes itself, by their whole names.</param>
/// <param name="Source">Who says so.</param>
public sealed partial record OwnRegistries(IReadOnlyList<string> Folders, IReadOnlyList<string> Preloaded, string Source)
{
    /// <summary>How a person names them.</summary>
    public const string Option = "--registries";

    // As fleet-fixtures/controls/image-sources.yaml calls its variables.
    private const string FoldersVariable = "registries";
    private const string PreloadedVariable = "preloaded";

    /// <summary>Reads what a person has named.</summary>
    /// <param name="list">Names with a comma between them.</param>
    /// <exception cref="EnvironmentException">One of them is no registry.</exception>
    public static OwnRegistries Parse(string list)
    {
        var folders = list.Split(',', StringSplitOptions.TrimEntries).Select(f => f.TrimEnd('/')).ToList();
        return folders.Find(f => !Folder().IsMatch(f)) is { } wrong
            ? throw new EnvironmentException($"{Option}: '{wrong}' is no registry: expected HOST[:PORT][/FOLDER] in small letters, for example registry.example/platform; Docker Hub is {ImageAudit.DockerHub}")
            : new(folders, [], Option);
    }

    /// <summary>Those that the policies of a cluster name as the reference control does; null where none does.</summary>
    public static OwnRegistries? Of(ClusterObjects cluster)
    {
        var policies = cluster.Of(ClusterObjects.AdmissionPolicies).Select(p => (Policy: p, Folders: Texts(p, FoldersVariable).ConvertAll(f => f.TrimEnd('/'))))
            .Where(p => p.Folders.Count > 0 && p.Folders.TrueForAll(f => Folder().IsMatch(f))).ToList();
        return policies.Count == 0 ? null
            : new([.. policies.SelectMany(p => p.Folders).Distinct()], [.. policies.SelectMany(p => Texts(p.Policy, PreloadedVariable)).Distinct()], string.Join(", ", policies.Select(p => ClusterObjects.Words(p.Policy))));
    }

    /// <summary>Whether an image is from one of them.</summary>
    public bool Have(string image) => Preloaded.Contains(image) || Folders.Any(f => ImageAudit.IsFrom(image, f));

    // A variable that is a list of texts and nothing else; what is computed nobody can tell from here.
    private static List<string> Texts(JsonNode policy, string variable) =>
        ClusterObjects.Items(policy["spec"]!["variables"]).Where(v => (string?)v["name"] == variable).Select(v => ListOfTexts().Match((string)v["expression"]!))
            .SelectMany(m => m.Groups["text"].Captures).Select(c => c.Value).ToList();

    // As a name of an image begins: a first part without a dot or a colon would be a folder of Docker Hub.
    [GeneratedRegex(@"\A(localhost|[a-z0-9-]+(\.[a-z0-9-]+)+|[a-z0-9.-]+(?=:))(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*\z")]
    private static partial Regex Folder();

    [GeneratedRegex("""\A\s*\[\s*(?:(?:'(?<text>[^'\\]*)'|"(?<text>[^"\\]*)")\s*(?:,\s*(?!\])|(?=\])))*\]\s*\z""")]
    private static partial Regex ListOfTexts();
}
