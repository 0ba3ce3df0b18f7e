using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.RbacAndQuotas;

/// <summary>Claims of devices, which exist in the API only: there is no driver that would allocate any.</summary>
public sealed partial class DeviceDriver(ScenarioPlatform scenario, ControlDriver controls, MistakeDriver mistakes, PodFactory factory)
{
    /// <summary>Every claim that admission is shown, as a regular expression.</summary>
    public const string Forms = "a claim (?:template )?(?:of (?:\\d+|all|no|1 or else of \\d+) devices|with admin access)|a pod with \\d+ devices of that class";

    private const string File = "drills/device-class.yaml";
    private const string Claims = "resourceclaims";
    private const string Templates = "resourceclaimtemplates";
    private const string Group = "resource.k8s.io";

    /// <summary>Makes the DeviceClass.</summary>
    public Task AddClassAsync() => scenario.Manifests.ApplyAsync(File, new() { ["NAME"] = controls.DeviceClass });

    /// <summary>Gives a tenant the right to make claims and templates, which the role of controls/tenant.yaml has not.</summary>
    public Task GrantAsync(Tenant tenant) => mistakes.GrantRoleAsync("device-claimer", tenant, group: null, tenant);

    /// <summary>Has admission judge a claim, or a pod that names the class; nobody keeps it. Null for another phrase.</summary>
    public Task<ApiAnswer>? TryAsync(Tenant tenant, string phrase)
    {
        if (Parts().Match(phrase) is not { Success: true } match)
            return null;
        var amount = match.Groups["amount"].Value;
        return match.Groups["pod"].Success ? TryPodAsync(tenant, amount) : TryClaimAsync(tenant, match.Groups["template"].Success, match.Groups["admin"].Success
            ? [Exactly("1"), Admin()] : amount == "no" ? [] : amount.Contains(" or else of ", StringComparison.Ordinal) ? [Either(amount.Split(' ')[^1])] : [Exactly(amount)]);
    }

    private async Task<ApiAnswer> TryPodAsync(Tenant tenant, string amount) => (await factory.SubmitAsync(tenant, "device", PodFactory.PlainPod, Placement.Nowhere,
        pod => pod["spec"]!["containers"]![0]!["resources"]!["limits"]![$"deviceclass.resource.kubernetes.io/{controls.DeviceClass}"] = amount, dryRun: true)).Answer;

    private static Task<ApiAnswer> TryClaimAsync(Tenant tenant, bool isTemplate, JsonNode[] requests)
    {
        var spec = new JsonObject { ["devices"] = new JsonObject { ["requests"] = new JsonArray(requests) } };
        return tenant.Api.PostAsync($"/apis/{Group}/v1/namespaces/{tenant.Namespace}/{(isTemplate ? Templates : Claims)}?dryRun=All", new JsonObject
        {
            ["apiVersion"] = $"{Group}/v1", ["kind"] = isTemplate ? "ResourceClaimTemplate" : "ResourceClaim", ["metadata"] = new JsonObject { ["name"] = "devices" },
            ["spec"] = isTemplate ? new JsonObject { ["spec"] = spec } : spec,
        });
    }

    private JsonObject Exactly(string amount) => new() { ["name"] = "all", ["exactly"] = Some(amount) };

    private JsonObject Either(string most)
    {
        var (one, other) = (Some("1"), Some(most));
        (one["name"], other["name"]) = ("one", "other");
        return new() { ["name"] = "all", ["firstAvailable"] = new JsonArray(one, other) };
    }

    // One request of several is enough.
    private JsonObject Admin()
    {
        var request = Exactly("1");
        request["name"] = "admin";
        request["exactly"]!["adminAccess"] = true;
        return request;
    }

    private JsonObject Some(string amount)
    {
        var some = new JsonObject { ["deviceClassName"] = controls.DeviceClass };
        if (amount == "all")
            some["allocationMode"] = "All";
        else
            (some["allocationMode"], some["count"]) = ("ExactCount", int.Parse(amount, CultureInfo.InvariantCulture));
        return some;
    }

    [GeneratedRegex("^a (?:(?<pod>pod) with (?<amount>\\d+) devices of that class|claim (?<template>template )?(?:of (?<amount>.+) devices|(?<admin>with admin access)))$")]
    private static partial Regex Parts();
}
