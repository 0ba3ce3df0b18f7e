using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Pods;
using SecuritySpecs.Drivers.Shared.Refusals;
using SecuritySpecs.PlatformAudit;

namespace SecuritySpecs.Drivers.SecretsAndSupplyChain;

/// <summary>The images of tenants' pods: what admission says to them, and what an audit finds among those that are there.</summary>
public sealed class ImageDriver(ScenarioPlatform scenario, TenantPodDriver pods, ControlDriver controls)
{
    /// <summary>What admission lets pass, in a table of images.</summary>
    public const string Admitted = "admitted";

    private const string Control = "image-sources";
    private static readonly PodRefusal Policy = PodRefusal.Of("the image policy");

    /// <summary>Shows admission pods with the images of a table, until every answer is as the table has it. Nobody keeps any.</summary>
    /// <param name="tenant">Who asks.</param>
    /// <param name="rows">An image, and what is to be said to it: <see cref="Admitted"/>, or the words of the image policy.</param>
    /// <returns>The answers that stay wrong.</returns>
    public Task<IReadOnlyList<string>> WrongAsync(Tenant tenant, IReadOnlyList<(string Image, string Expected)> rows) => scenario.Manifests.AwaitEffectAsync(
        "images", $"{rows.Count} images of tenant \"{tenant.Name}\" to be refused or admitted as the table says", () => LookAsync(tenant, rows), wrong => wrong.Count == 0,
        wrong => string.Join("; ", wrong));

    /// <summary>Looks through the pods that a tenant has for images that are not as the platform wants them.</summary>
    /// <exception cref="InvalidOperationException">It has none: then nothing was looked at.</exception>
    public async Task<IReadOnlyList<ImageFinding>> AuditAsync(Tenant tenant)
    {
        var values = controls.Values(Control, tenant);
        var running = (await scenario.Admin.GetAsync(tenant.Pods.Collection)).OrThrow().Items;
        if (running.Count == 0)
            throw new InvalidOperationException($"Tenant \"{tenant.Name}\" has no pod whose images could be looked at.");
        return [.. running.SelectMany(p => ImageAudit.Findings(p!, values["REGISTRY"], values["PRELOADED"]))];
    }

    /// <summary>The pull policy of the image that is meant, as admission would store it.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="part">Where a container names it.</param>
    /// <param name="isMounted">Whether a volume names it.</param>
    public static string PullPolicy(JsonNode pod, PodPart part, bool isMounted)
    {
        var spec = pod["spec"]!;
        return (string)(isMounted ? spec["volumes"]![0]!["image"]!["pullPolicy"] : spec[part switch
        {
            PodPart.InitContainer => "initContainers",
            PodPart.DebugContainer => "ephemeralContainers",
            _ => "containers",
        }]![0]!["imagePullPolicy"])!;
    }

    private async Task<IReadOnlyList<string>> LookAsync(Tenant tenant, IReadOnlyList<(string Image, string Expected)> rows)
    {
        var wrong = new List<string>();
        foreach (var (image, expected) in rows)
        {
            var answer = (await pods.TryAsync(tenant, PodTrait.Image(image), PodPart.Pod)).Answer;
            if (!(expected == Admitted ? answer.Allowed : Policy.Is(answer) && answer.Message!.EndsWith(expected, StringComparison.Ordinal)))
                wrong.Add($"{image}: expected {expected}, but was {answer.Verdict}");
        }

        return wrong;
    }
}
