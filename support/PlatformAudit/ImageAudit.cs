namespace SecuritySpecs.PlatformAudit;

/// <summary>Something about an image that a pod names.</summary>
/// <param name="Place">Where the pod names it.</param>
/// <param name="Image">Its name, as the pod has it.</param>
/// <param name="Finding">What is wrong with it.</param>
public sealed record ImageFinding(string Place, string Image, string Finding)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Place}: {Image} {Finding}";
}

/// <summary>Reads from a pod which of its images are not as the platform wants them. It knows nothing of the policy that refuses them.</summary>
public static partial class ImageAudit
{
    /// <summary>Where an image comes from whose name has no host.</summary>
    internal const string DockerHub = "docker.io";

    // An older name of the same.
    private const string OldDockerHub = "index.docker.io";

    private static readonly (string List, string Kind)[] Containers =
        [("containers", "container"), ("initContainers", "init container"), ("ephemeralContainers", "debug container")];

    /// <summary>What is wrong with the images of a pod.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="registry">The host, and the folder of it, that images may come from.</param>
    /// <param name="preloaded">An image that the platform puts on its nodes itself.</param>
    public static IReadOnlyList<ImageFinding> Findings(JsonNode pod, string registry, string preloaded) =>
        [.. Images(pod["spec"]!).Where(i => i.Image != preloaded).SelectMany(i => Findings(i.Image, i.Pull, registry).Select(f => new ImageFinding(i.Place, i.Image, f)))];

    /// <summary>Whether an image's name says by a digest what is in it.</summary>
    public static bool HasDigest(string image) => image.Split('@') is [_, var digest] && Digest().IsMatch(digest);

    /// <summary>The images that a pod names, in whatever place.</summary>
    internal static IEnumerable<string> Named(JsonNode pod) => Images(pod["spec"]!).Select(i => i.Image).OfType<string>().Distinct();

    /// <summary>Whether an image is in a folder of a registry.</summary>
    /// <param name="image">Its name, as a pod has it.</param>
    /// <param name="registry">The host, and the folder of it.</param>
    internal static bool IsFrom(string image, string registry)
    {
        // The runtime takes a name apart at its @: what stands before is the repository, what follows is the digest.
        var parts = image.Split('@');
        return parts.Length <= 2 && Repository(parts[0]).StartsWith(registry + "/", StringComparison.Ordinal);
    }

    private static IEnumerable<(string Place, string Image, string Pull)> Images(JsonNode spec) =>
        Containers.SelectMany(k => ClusterObjects.Items(spec[k.List]).Select(c => ($"{k.Kind} {c["name"]}", (string)c["image"]!, (string)c["imagePullPolicy"]!)))
            .Concat(ClusterObjects.Items(spec["volumes"]).Where(v => v["image"] is not null).Select(v => ($"volume {v["name"]}", (string)v["image"]!["reference"]!, (string)v["image"]!["pullPolicy"]!)));

    private static IEnumerable<string> Findings(string image, string pull, string registry)
    {
        if (!IsFrom(image, registry))
            yield return "is from elsewhere";
        if (!HasDigest(image))
            yield return "has no digest";
        if (pull != "Always")
            yield return "may be taken from the node";
    }

    // As the runtime reads it: a first part without a dot, a colon or a capital is no host, and what Docker itself keeps is in "library".
    private static string Repository(string name)
    {
        var tag = name.IndexOf(':', name.LastIndexOf('/') + 1);
        var repository = tag < 0 ? name : name[..tag];
        var slash = repository.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : repository[..slash];
        var (host, path) = first == "localhost" || first.Any(c => c is '.' or ':' || char.IsUpper(c)) ? (first, repository[(slash + 1)..]) : (DockerHub, repository);
        if (host is not (DockerHub or OldDockerHub))
            return $"{host}/{path}";
        return $"{DockerHub}/{(path.Contains('/', StringComparison.Ordinal) ? "" : "library/")}{path}";
    }

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z")]
    private static partial Regex Digest();
}
