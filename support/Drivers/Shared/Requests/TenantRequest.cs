namespace SecuritySpecs.Drivers.Shared.Requests;

/// <summary>Something that an identity asks of the API server about what is a tenant's.</summary>
/// <param name="Phrase">As features say it, after "tries to" or "can".</param>
/// <param name="Right">The right that it takes.</param>
/// <param name="Send">Sends the request about the namespace of a tenant.</param>
/// <param name="ClusterScope">Whether the request is about no namespace.</param>
/// <param name="MustContain">What the answer must hold to count as allowed.</param>
/// <param name="Refusal">What a refusal for the right reason says.</param>
/// <param name="Precondition">A right that the API server asks for before.</param>
public sealed partial record TenantRequest(
    string Phrase, Right Right, Func<KubeApi, Tenant, Task<ApiAnswer>> Send, bool ClusterScope = false, string? MustContain = null, string? Refusal = null,
    Right? Precondition = null) : ApiRequest<Tenant>(Phrase, Right, Send, MustContain, Refusal, Precondition)
{
    /// <summary>Every phrase, as a regular expression. A new request gets its phrase and its row in a part of this class that is about the same thing.</summary>
    public const string Phrases = WorkloadPhrases + "|" + NamespacePhrases + "|" + QuotaPhrases
        + "|" + KeptPhrases + "|" + ReachPhrases + "|" + NodePhrases + "|" + AllTenantsPhrases + "|" + PodSecurityPhrases
        + "|" + RbacPhrases + "|" + DeliveryPhrases + "|" + ClusterWidePhrases + "|" + EscalationPhrases + "|" + OperatorPhrases + "|" + PoolPhrases + "|" + LimitPhrases + "|" + ModelPhrases + "|" + EndpointPhrases
        + "|" + FencePhrases + "|" + StoredTokenPhrases + "|" + MountedSecretPhrases + "|" + ConsolePhrases + "|" + StatusPhrases + "|" + AddressPhrases;

    /// <summary>Every request that features may name.</summary>
    public static readonly IReadOnlyList<TenantRequest> All =
    [
        .. Workload, .. Namespaces, .. Quotas, .. Kept, .. Reach, .. Nodes, .. AllTenants, .. PodSecurityLabels,
        .. Rbac, .. Delivery, .. ClusterWide, .. Escalation, .. Operator, .. Pools, .. OfLimits, .. Models, .. Endpoint, .. Fences, .. StoredTokens, .. MountedSecrets, .. Consoles, .. Statuses, .. ClaimedAddresses,
    ];

    /// <summary>The request of a phrase.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static TenantRequest Of(string phrase) => All.FirstOrDefault(r => r.Phrase == phrase)
        ?? throw new ArgumentException($"No request is called \"{phrase}\"; there are: {string.Join("; ", All.Select(r => r.Phrase))}.");

    /// <inheritdoc/>
    protected override string? ScopeOf(Tenant subject) => ClusterScope ? null : subject.Namespace;

    private static string In(Tenant whose, string path) => $"/api/v1/namespaces/{whose.Namespace}/{path}";
}
