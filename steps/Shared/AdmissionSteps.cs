using SecuritySpecs.Drivers.Shared.Pods;
using SecuritySpecs.Drivers.Shared.Refusals;

namespace SecuritySpecs.Steps.Shared;

/// <summary>What admission says to what a tenant would create, asked until a control that was just written is in force.</summary>
[Binding]
public sealed class AdmissionSteps(ScenarioPlatform scenario, Candidates candidates, TenantPodDriver pods)
{
    [StepArgumentTransformation("(" + Candidates.Forms + ")", Name = "candidate")]
    public static string ToCandidate(string words) => words;

    [StepArgumentTransformation("(" + PodRefusal.Phrases + ")", Name = "refusal")]
    public static PodRefusal ToRefusal(string phrase) => PodRefusal.Of(phrase);

    [StepArgumentTransformation("(" + ExpectedWarning.Forms + ")", Name = "warning")]
    public static ExpectedWarning ToWarning(string words) => new(words);

    // The words that a refusal must hold besides the control's name; empty for none.
    [StepArgumentTransformation("(| for \"[^\"]+\")", Name = "detail")]
    public static string ToDetail(string words) => words.Length == 0 ? "" : words.Split('"')[1];

    [Then("{candidate} is admitted for tenant {string}{warning}")]
    public Task ThenAdmitted(string candidate, string tenant, ExpectedWarning warning) =>
        TryUntilAsync(candidate, tenant, "admission", $"admitted{warning.Words}", a => a.Allowed && warning.Holds(a.Warnings));

    [Then("{candidate} is refused for tenant {string} by {refusal}{detail}")]
    public Task ThenRefused(string candidate, string tenant, PodRefusal refusal, string detail) =>
        TryUntilAsync(candidate, tenant, refusal.Phrase, $"refused by {refusal.Phrase}: {refusal}{(detail.Length == 0 ? "" : $" and \"{detail}\"")}", a => refusal.Is(a) && a.Message!.Contains(detail, StringComparison.Ordinal));

    [Then("a pod that {trait} is admitted for tenant {string} with {int} GPU(s)")]
    public Task ThenAdmittedWith(PodTrait trait, string tenant, int gpus) => scenario.Manifests.AwaitEffectAsync("GPUs by default", $"a pod that {trait.Phrase} to be admitted with {gpus} GPUs",
        () => pods.TryAsync(scenario[tenant], trait, PodPart.Pod), p => p.Answer.Allowed && PodDriver.GpusOf(p.Answer.Body!) == gpus,
        p => p.Answer.Allowed ? $"{PodDriver.GpusOf(p.Answer.Body!)} GPUs" : p.Answer.Verdict);

    // "all" where a container has no limit.
    [Then("{candidate} may use {string} of {string} for tenant {string}")]
    public Task ThenMayUse(string candidate, string amount, string resource, string tenant) =>
        TryUntilAsync(candidate, tenant, $"limits of {resource}", $"admitted with a limit of {amount} of {resource}", a => a.Allowed && LimitOf(a.Body!, resource) == amount);

    // Of the init container that is tried, or else of the pod's first container.
    private static string LimitOf(JsonNode pod, string resource) =>
        (string?)(pod["spec"]!["initContainers"] ?? pod["spec"]!["containers"])![0]!["resources"]?["limits"]?[resource] ?? "all";

    private Task<ApiAnswer> TryUntilAsync(string candidate, string tenant, string effect, string awaited, Func<ApiAnswer, bool> enough) =>
        scenario.Manifests.AwaitEffectAsync(effect, $"{candidate} of tenant \"{tenant}\" to be {awaited}", () => candidates.TryAsync(scenario[tenant], candidate), enough, a => a.Verdict);
}
