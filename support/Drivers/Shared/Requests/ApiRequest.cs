namespace SecuritySpecs.Drivers.Shared.Requests;

/// <summary>Something that an identity asks of the API server.</summary>
/// <typeparam name="TSubject">What it is about.</typeparam>
/// <param name="Phrase">As features say it, after "tries to" or "can".</param>
/// <param name="Right">The right that it takes, which the API server must name in a refusal.</param>
/// <param name="Send">Sends the request.</param>
/// <param name="MustContain">What the answer must hold to count as allowed: an empty answer has given nothing away. Null where the code says it all.</param>
/// <param name="Refusal">What a refusal for the right reason says, where it is not the usual sentence of RBAC.</param>
/// <param name="Precondition">A right that the API server asks for before <paramref name="Right"/>; null where there is none.</param>
public abstract record ApiRequest<TSubject>(
    string Phrase, Right Right, Func<KubeApi, TSubject, Task<ApiAnswer>> Send, string? MustContain = null, string? Refusal = null, Right? Precondition = null)
{
    /// <summary>Makes the request.</summary>
    /// <param name="who">Who asks; null for the cluster admin.</param>
    /// <param name="api">The API server as that identity sees it.</param>
    /// <param name="subject">What is asked about.</param>
    public async Task<Attempt> TryAsync(Identity? who, KubeApi api, TSubject subject)
    {
        var answer = await Send(api, subject);
        if (answer.Allowed && MustContain is not null && !Text(answer).Contains(MustContain, StringComparison.Ordinal))
            answer = answer with { Code = 0, Reason = "NothingShown", Message = $"the answer does not hold \"{MustContain}\"" };
        return new(who, Right, ScopeOf(subject), answer, Refusal, Precondition);
    }

    // JSON without white space, as the API server sends it; text as it came.
    private static string Text(ApiAnswer answer) => answer.Body switch
    {
        null => "",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var json => json.ToJsonString(),
    };

    /// <summary>The namespace that the request is about; null for the cluster scope.</summary>
    protected abstract string? ScopeOf(TSubject subject);
}
