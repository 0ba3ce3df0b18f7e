namespace SecuritySpecs.Drivers.Shared.Pods;

/// <summary>Where in a pod something unusual is: a control that looks at one place only is walked around by the next.</summary>
public enum PodPart
{
    /// <summary>The pod itself, or its first container.</summary>
    Pod,

    /// <summary>An init container of an ordinary pod.</summary>
    InitContainer,

    /// <summary>An init container that runs on beside the others (Kubernetes 1.29 and later; before, it is an init container like any other).</summary>
    Sidecar,

    /// <summary>An ephemeral container that is added to an ordinary pod, as <c>kubectl debug</c> does.</summary>
    DebugContainer,
}

/// <summary>Parts of pods, in words and in manifests.</summary>
public static class PodParts
{
    /// <summary>Every phrase, as a regular expression.</summary>
    public const string Phrases = "a pod|an init container|a sidecar|a debug container";

    /// <summary>The part of a phrase.</summary>
    public static PodPart Of(string phrase) => (PodPart)Array.IndexOf(Phrases.Split('|'), phrase);

    /// <summary>The phrase of a part.</summary>
    public static string Phrase(this PodPart part) => Phrases.Split('|')[(int)part];

    /// <summary>Gives an ordinary pod an init container that is as a trait makes a pod's first container.</summary>
    public static Action<JsonObject> InitContainer(PodTrait trait) => pod => AddInitContainer(pod, trait, "init");

    /// <summary>Gives an ordinary pod a sidecar that is as a trait makes a pod's first container.</summary>
    public static Action<JsonObject> Sidecar(PodTrait trait) => pod =>
    {
        AddInitContainer(pod, trait, "sidecar");
        pod["spec"]!["initContainers"]![0]!["restartPolicy"] = "Always";
    };

    /// <summary>A patch that adds a debug container that is as a trait makes a pod's first container.</summary>
    /// <param name="pod">An ordinary pod, to take the container from.</param>
    /// <param name="trait">What is unusual about it.</param>
    public static JsonObject DebugContainer(JsonObject pod, PodTrait trait)
    {
        var container = Container(pod, trait, "debug");
        container.Remove("resources"); // it may not ask for any
        return new() { ["spec"] = new JsonObject { ["ephemeralContainers"] = new JsonArray(container) } };
    }

    private static void AddInitContainer(JsonObject pod, PodTrait trait, string name) =>
        pod["spec"]!["initContainers"] = new JsonArray(Container(pod.DeepClone().AsObject(), trait, name));

    private static JsonObject Container(JsonObject pod, PodTrait trait, string name)
    {
        trait.Change(pod);
        var container = pod["spec"]!["containers"]![0]!.DeepClone().AsObject();
        container["name"] = name;
        return container;
    }
}
