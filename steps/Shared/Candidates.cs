using SecuritySpecs.Drivers.NetworkBoundaries;
using SecuritySpecs.Drivers.RbacAndQuotas;
using SecuritySpecs.Drivers.Shared.Pods;
using SecuritySpecs.Drivers.Shared.Requests;
using SecuritySpecs.Drivers.TenantIsolation;

namespace SecuritySpecs.Steps.Shared;

/// <summary>Shows admission what a tenant would create. What is admitted is not kept, but for pods with GPUs, which a quota must count.</summary>
public sealed partial class Candidates(TenantPodDriver pods, GpuPodDriver gpuPods, GpuShareDriver jobs, AffinityDriver affinities, RuntimeClassDriver runtimes, DeviceDriver devices, QueueDriver queues, ScenarioPlatform scenario)
{
    /// <summary>Everything that features may name, as a regular expression.</summary>
    public const string Forms = "(?:" + PodParts.Phrases + ") that (?:" + PodTrait.Phrases + ")|a pod with \\d+ GPUs?|" + Job + "(?: that (?:" + CapEvasion.Phrases + "))?"
        + "|a (?:" + EnvironmentDriver.Stores + ") with the key \"[^\"]+\"|the new key \"[^\"]+\" in its (?:" + EnvironmentDriver.Stores + ")|" + TokenSecret
        + "|a pod that (?:" + AffinityDriver.Phrases + ") tenant \"[^\"]+\"|a volume claim of \"[^\"]+\"|a pod that names the RuntimeClass \"[^\"]+\"|" + ServiceAddressDriver.Forms
        + "|" + TerminationDriver.Forms + "|" + DeviceDriver.Forms + "|" + QueueDriver.Forms;

    private const string Job = "a GPU job";
    private const string TokenSecret = "a token secret";
    private const int JobMiB = 1000;

    /// <summary>Asks as a tenant.</summary>
    /// <returns>What admission said. A refusal of a key counts only where it names the key.</returns>
    public async Task<ApiAnswer> TryAsync(Tenant tenant, string candidate)
    {
        if (candidate == TokenSecret)
            return await tenant.Api.PostAsync($"/api/v1/namespaces/{tenant.Namespace}/secrets?dryRun=All", TenantRequest.TokenSecret(Tenant.ServiceAccount));
        if (Claim().Match(candidate) is { Success: true } claim)
            return await VolumeClaim.TryAsync(tenant, claim.Groups[1].Value);
        if (Affinity().Match(candidate) is { Success: true } affinity)
            return await affinities.TryAsync(tenant, affinity.Groups["how"].Value, scenario[affinity.Groups["other"].Value]);
        if (ServiceAddressDriver.TryAsync(tenant, candidate) is { } service)
            return await service;
        if (TerminationDriver.TryAsync(tenant, candidate) is { } end)
            return await end;
        if (devices.TryAsync(tenant, candidate) is { } device)
            return await device;
        if (queues.TryAsync(tenant, candidate) is { } queued)
            return await queued;
        if (Runtime().Match(candidate) is { Success: true } runtime)
            return await runtimes.TryAsync(tenant, runtime.Groups[1].Value);
        if (Key().Match(candidate) is { Success: true } key)
            return await TryKeyAsync(tenant, key.Groups["store"].Value, key.Groups["key"].Value, key.Groups["new"].Success);
        if (Gpus().Match(candidate) is { Success: true } gpus)
            return (await gpuPods.SubmitAsync(tenant, int.Parse(gpus.Groups[1].Value, CultureInfo.InvariantCulture), Placement.Nowhere)).Answer;
        var (what, how) = candidate.Split(" that ", 2) is [var before, var after] ? (before, after) : (candidate, null);
        return what == Job
            ? (await jobs.SubmitAsync(tenant, new(JobMiB, 3 * JobMiB), how is null ? null : CapEvasion.Of(how), dryRun: true)).Answer
            : (await pods.TryAsync(tenant, PodTrait.Of(how!), PodParts.Of(what))).Answer;
    }

    private static async Task<ApiAnswer> TryKeyAsync(Tenant tenant, string store, string key, bool isNew)
    {
        var answer = isNew ? await EnvironmentDriver.TryAddAsync(tenant, store, key) : await EnvironmentDriver.TryKeepAsync(tenant, store, key, dryRun: true);
        return answer.Allowed || answer.Message?.Contains(key, StringComparison.Ordinal) == true ? answer : answer with { Code = 0 };
    }

    [GeneratedRegex("^(?:(?<new>the new key)|a (?<store>.+) with the key) \"(?<key>[^\"]+)\"(?: in its (?<store>.+))?$")]
    private static partial Regex Key();

    [GeneratedRegex("^a volume claim of \"([^\"]+)\"$")]
    private static partial Regex Claim();

    [GeneratedRegex("^a pod that names the RuntimeClass \"([^\"]+)\"$")]
    private static partial Regex Runtime();

    [GeneratedRegex("^a pod that (?<how>" + AffinityDriver.Phrases + ") tenant \"(?<other>[^\"]+)\"$")]
    private static partial Regex Affinity();

    [GeneratedRegex("^a pod with (\\d+) GPUs?$")]
    private static partial Regex Gpus();
}
