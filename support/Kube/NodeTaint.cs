using SecuritySpecs.Kube.Files;
using YamlDotNet.RepresentationModel;

namespace SecuritySpecs.Kube;

/// <summary>What a node says to keep pods away that do not tolerate it.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
/// <param name="Effect">One of <see cref="Effects"/>.</param>
public sealed partial record NodeTaint(string Key, string Value, string Effect)
{
    /// <summary>The effects that Kubernetes knows.</summary>
    public static readonly IReadOnlyList<string> Effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

    /// <summary>The key of the taint that keeps ordinary pods from nodes that exist in the API only; its value is the run's id.</summary>
    public const string ApiOnlyKey = "security.specs/api-only";

    /// <summary>The taint of a run's API-only nodes.</summary>
    public static NodeTaint ApiOnly(string runId) => new(ApiOnlyKey, runId, "NoSchedule");

    /// <summary>The taint of kubectl's notation, <c>KEY=VALUE:EFFECT</c>; null where the text is none.</summary>
    public static NodeTaint? TryParse(string text) =>
        Form().Match(text) is { Success: true } match && Effects.Contains(match.Groups[3].Value)
            ? new(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value)
            : null;

    /// <summary>The taint that a file holds.</summary>
    /// <exception cref="BadInputException">It holds another text there; file and line are named.</exception>
    public static NodeTaint Read(YamlFile file, YamlNode node) =>
        TryParse(file.Text(node, "taint")) ?? throw file.Error(node, $"taint: expected KEY=VALUE:EFFECT, where EFFECT is one of {string.Join(", ", Effects)}, but found \"{node}\"");

    /// <summary>The taint in a Node; a pod that tolerates exactly it says the same.</summary>
    public JsonObject ToJson() => new() { ["key"] = Key, ["value"] = Value, ["effect"] = Effect };

    [GeneratedRegex("^([^=:\\s]+)=([^=:\\s]+):([A-Za-z]+)$")]
    private static partial Regex Form();
}
