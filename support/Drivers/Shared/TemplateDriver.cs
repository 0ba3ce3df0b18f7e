using SecuritySpecs.Drivers.Shared.Pods;

namespace SecuritySpecs.Drivers.Shared;

/// <summary>Deployments and Jobs of tenants. They are admitted for what they are; what their pods are is judged when a controller makes these.</summary>
public sealed class TemplateDriver(ScenarioPlatform scenario, PodFactory factory)
{
    /// <summary>Asks for a Deployment or a Job of one pod that no node may run.</summary>
    /// <param name="tenant">Who asks.</param>
    /// <param name="kind"><c>Deployment</c> or <c>Job</c>.</param>
    /// <param name="trait">What is unusual about its pod.</param>
    public async Task<SubmittedTemplate> SubmitAsync(Tenant tenant, string kind, PodTrait trait)
    {
        var name = factory.NextName(kind.ToLowerInvariant());
        var pod = tenant.Pods.Load(name, trait.Workload, Placement.Nowhere);
        trait.Change(pod);
        var answer = await PodController.TryAddAsync(tenant, kind, name, pod);
        return new(tenant, kind, name, answer);
    }

    /// <summary>What the tenant reads in its events about pods that could not be made.</summary>
    /// <exception cref="TimeoutException">There is no such event.</exception>
    public async Task<string> FailureAsync(SubmittedTemplate template)
    {
        var seen = await Poll.UntilAsync($"an event FailedCreate of {template.Name}",
            async () => (await template.Tenant.Api.GetUnrecordedAsync($"/api/v1/namespaces/{template.Tenant.Namespace}/events")).OrThrow().Items.Where(e => IsAbout(e!, template)).ToList(),
            e => e.Any(IsFailure), e => $"{e.Count} events: {string.Join("; ", e.Select(Message))}");
        var message = Message(seen.First(IsFailure));
        scenario.Note($"events of tenant \"{template.Tenant.Name}\"", message);
        return message;
    }

    /// <summary>How many pods a controller has made for it.</summary>
    public async Task<int> PodsAsync(SubmittedTemplate template) =>
        (await scenario.Platform.Admin.GetUnrecordedAsync($"{template.Tenant.Pods.Collection}?labelSelector={PodController.NameLabel}%3D{template.Name}")).OrThrow().Items.Count;

    // Of a Deployment the ReplicaSet speaks, whose name begins with the Deployment's.
    private static bool IsAbout(JsonNode @event, SubmittedTemplate template) =>
        (string?)@event["involvedObject"]?["name"] is { } name && (name == template.Name || name.StartsWith(template.Name + "-", StringComparison.Ordinal));

    private static bool IsFailure(JsonNode? @event) => (string?)@event!["reason"] == "FailedCreate";

    private static string Message(JsonNode? @event) => $"{(string?)@event!["reason"]}: {(string?)@event["message"]}";
}

/// <summary>A Deployment or a Job that a tenant asked for, and what the API server said.</summary>
public sealed record SubmittedTemplate(Tenant Tenant, string Kind, string Name, ApiAnswer Answer);
