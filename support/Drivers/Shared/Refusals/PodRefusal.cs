namespace SecuritySpecs.Drivers.Shared.Refusals;

/// <summary>A control that refuses pods, and how it says so.</summary>
/// <param name="Phrase">As features say it, after "refused by".</param>
/// <param name="Code">The HTTP code.</param>
/// <param name="Says">What its message holds: the control's own name.</param>
public sealed partial record PodRefusal(string Phrase, int Code, string Says)
{
    /// <summary>Every phrase, as a regular expression.</summary>
    public const string Phrases = "the GPU quota|the GPU quota for MIG slices|the GPU memory cap|HAMi's webhook|Pod Security \"baseline\"|Pod Security \"restricted\"|the quota of system priority|the address policy|the GPU policy|the policy's own limit|the image policy's own limit|the token policy|the termination policy|the queue policy|the admin access policy|the rule that admin access needs a label|the model policy|the image policy|"
        + QuotaPhrases + "|" + LimitPhrases + "|" + PoolPhrases;

    /// <summary>Every refusal that features may name.</summary>
    public static readonly IReadOnlyList<PodRefusal> All =
    [
        new("the GPU quota", 403, $"exceeded quota: {QuotaDriver.Name}, requested: {QuotaDriver.Counted}="),
        new("the GPU quota for MIG slices", 403, $"exceeded quota: {QuotaDriver.Name}, requested: requests.nvidia.com/mig-"),
        new("the quota of system priority", 403, "exceeded quota: system-priority-quota, requested: pods="),
        new("the GPU memory cap", 403, "denied request: gpu-memory-cap: "),
        new("HAMi's webhook", 403, "denied the request: pod has node assigned"),
        new("Pod Security \"baseline\"", 403, "violates PodSecurity \"baseline:"),
        new("Pod Security \"restricted\"", 403, "violates PodSecurity \"restricted:"),
        new("the GPU policy", 403, "ValidatingAdmissionPolicy 'gpu-only-through-a-request-"),
        new("the policy's own limit", 422, "ValidatingAdmissionPolicy 'gpu-only-through-a-request-"),
        new("the model policy", 403, "ValidatingAdmissionPolicy 'offline-models-"),
        new("the image policy", 403, "ValidatingAdmissionPolicy 'image-sources-"),
        new("the image policy's own limit", 422, "ValidatingAdmissionPolicy 'image-sources-"),
        new("the address policy", 403, "ValidatingAdmissionPolicy 'service-addresses-"),
        new("the admin access policy", 403, "ValidatingAdmissionPolicy 'device-admin-access-"),
        new("the rule that admin access needs a label", 422, "admin access to devices requires the `resource.kubernetes.io/admin-access: true` label"),
        new("the termination policy", 403, "ValidatingAdmissionPolicy 'termination-"),
        new("the queue policy", 403, "ValidatingAdmissionPolicy 'queue-only-"),
        new("the token policy", 403, "ValidatingAdmissionPolicy 'service-account-tokens-"),
        .. OfQuotas, .. OfLimits, .. OfPools,
    ];

    /// <summary>The refusal of a phrase.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static PodRefusal Of(string phrase) => All.FirstOrDefault(r => r.Phrase == phrase)
        ?? throw new ArgumentException($"Nothing that refuses pods is called \"{phrase}\"; there are: {string.Join("; ", All.Select(r => r.Phrase))}.");

    // An admission plugin that returns a plain error is answered 500 without a reason.
    private string? Reason => Code switch { 403 => "Forbidden", 422 => "Invalid", _ => null };

    /// <summary>Whether this control, by its name, refused a pod.</summary>
    public bool Is(ApiAnswer answer) =>
        answer.Code == Code && answer.Reason == Reason && answer.Message?.Contains(Says, StringComparison.Ordinal) == true;

    /// <inheritdoc/>
    public override string ToString() => $"{Code} with \"{Says}\"";
}
