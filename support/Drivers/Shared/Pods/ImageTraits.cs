namespace SecuritySpecs.Drivers.Shared.Pods;

/// <content>Pods by the images that they start or mount.</content>
public sealed partial record PodTrait
{
    /// <summary>The phrases that name an image, as a regular expression. They are no rows of <see cref="All"/>.</summary>
    public const string ImageForms = "(?:names|mounts) the image \"[^\"]+\"(?: with the pull policy \"[^\"]+\")?";

    private const string Digest = "DIGEST";
    private const string ImagePhrases = "never pulls its image|hides a tag behind a name too long to judge|" + ImageForms;

    // A regular expression of 27 letters over so many costs more than one expression of a policy may; etcd takes an object of 1.5 MiB.
    private const int LongName = 1_450_000;

    private const string ImageVolume = "weights";

    private static IEnumerable<PodTrait> OfImages =>
    [
        new("never pulls its image", pod => Main(pod)["imagePullPolicy"] = "Never"),
        new("hides a tag behind a name too long to judge", HideTag),
    ];

    /// <summary>A pod whose first container starts an image, which the kubelet pulls anew each time.</summary>
    public static PodTrait Image(string name, string pull = "Always") =>
        new($"names the image \"{name}\"", pod => (Main(pod)["image"], Main(pod)["imagePullPolicy"]) = (FullName(name), pull));

    /// <summary>The name of an image, with a digest where a feature has the word <c>DIGEST</c>.</summary>
    public static string FullName(string name) =>
        name.Replace(Digest, "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", StringComparison.Ordinal);

    // An init container starts first, whatever the kubelet then says of the long name.
    private static void HideTag(JsonObject pod)
    {
        var hidden = Main(pod).DeepClone().AsObject();
        (hidden["name"], hidden["image"], hidden["imagePullPolicy"]) = ("hidden", "registry.example/platform/vllm:latest", "Always");
        Spec(pod)["initContainers"] = new JsonArray(hidden);
        Image($"registry.example/platform/{new string('x', LongName)}@{Digest}").Change(pod);
    }

    private static PodTrait Mounted(string name, string pull) => new($"mounts the image \"{name}\"", pod =>
    {
        Spec(pod)["volumes"] = new JsonArray(new JsonObject { ["name"] = ImageVolume, ["image"] = new JsonObject { ["reference"] = FullName(name), ["pullPolicy"] = pull } });
        Main(pod)["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = ImageVolume, ["mountPath"] = "/weights", ["readOnly"] = true });
    });

    // By the image that it names; null for any other phrase.
    private static PodTrait? OfImage(string phrase)
    {
        if (Named().Match(phrase) is not { Success: true } match)
            return null;
        var (name, pull) = (match.Groups["name"].Value, match.Groups["pull"] is { Success: true } written ? written.Value : "Always");
        return match.Groups["verb"].Value == "names" ? Image(name, pull) : Mounted(name, pull);
    }

    [GeneratedRegex("^(?<verb>names|mounts) the image \"(?<name>[^\"]+)\"(?: with the pull policy \"(?<pull>[^\"]+)\")?$")]
    private static partial Regex Named();
}
