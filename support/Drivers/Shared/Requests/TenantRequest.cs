namespace SecuritySpecs.Drivers.Shared.Requests;

/// <summary>Something that an identity asks of the API server about what is a tenant's.</summary>
/// <param name="Phrase">As features say it, after "tries to" or "can".</param>
/// <param name="Right">The right that it takes, which the API server must name in a refusal.</param>
/// <param name="Send">Sends the request about the namespace of a tenant.</param>
/// <param name="ClusterScope">Whether the request is about no namespace.</param>
/// <param name="Shows">What the answer must hold to count as allowed: an empty answer has given nothing away. Null where the code says it all.</param>
/// <param name="Refusal">What a refusal for the right reason says, where it is not the usual sentence of RBAC.</param>
/// <param name="First">A right that the API server asks for before <paramref name="Right"/>; null where there is none.</param>
public sealed partial record TenantRequest(
    string Phrase, Right Right, Func<KubeApi, Tenant, Task<ApiAnswer>> Send, bool ClusterScope = false, string? Shows = null, string? Refusal = null,
    Right? First = null)
{
    /// <summary>Every phrase, as a regular expression. A new request gets its phrase and its row in a part of this class that is about the same thing.</summary>
    public const string Phrases = WorkloadPhrases + "|" + NamespacePhrases + "|" + QuotaPhrases
        + "|" + KeptPhrases + "|" + ReachPhrases + "|" + NodePhrases + "|" + AllTenantsPhrases + "|" + PodSecurityPhrases
        + "|" + RbacPhrases + "|" + DeliveryPhrases + "|" + ClusterWidePhrases + "|" + EscalationPhrases + "|" + OperatorPhrases + "|" + PoolPhrases + "|" + LimitPhrases + "|" + ModelPhrases + "|" + EndpointPhrases
        + "|" + FencePhrases;

    /// <summary>Every request that features may name.</summary>
    public static readonly IReadOnlyList<TenantRequest> All =
    [
        .. Workload, .. Namespaces, .. Quotas, .. Kept, .. Reach, .. Nodes, .. AllTenants, .. PodSecurityLabels,
        .. Rbac, .. Delivery, .. ClusterWide, .. Escalation, .. Operator, .. Pools, .. OfLimits, .. Models, .. Endpoint, .. Fences,
    ];

    /// <summary>The request of a phrase.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static TenantRequest Of(string phrase) => All.FirstOrDefault(r => r.Phrase == phrase)
        ?? throw new ArgumentException($"No request is called \"{phrase}\"; there are: {string.Join("; ", All.Select(r => r.Phrase))}.");

    /// <summary>Makes the request.</summary>
    /// <param name="who">Who asks; null for the cluster admin.</param>
    /// <param name="api">The API server as that identity sees it.</param>
    /// <param name="whose">The tenant asked about.</param>
    public async Task<Attempt> TryAsync(Identity? who, KubeApi api, Tenant whose)
    {
        var answer = await Send(api, whose);
        if (answer.Allowed && Shows is not null && answer.Body?.ToJsonString().Contains(Shows, StringComparison.Ordinal) != true)
            answer = answer with { Code = 0, Reason = "NothingShown", Message = $"the answer does not hold \"{Shows}\"" };
        return new(who, Right, ClusterScope ? null : whose.Namespace, answer, Refusal, First);
    }

    private static string In(Tenant whose, string path) => $"/api/v1/namespaces/{whose.Namespace}/{path}";
}
