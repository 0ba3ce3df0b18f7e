using Microsoft.AspNetCore.Http;

namespace SecuritySpecs.FleetProgram.ModelSupply.Registry;

/// <summary>
/// Lets in only callers whose token is for this server. Each token is reviewed by the API server (TokenReview), so that one whose pod is
/// gone, whose time is over, or that is for another server gets 401.
/// </summary>
/// <param name="api">The API server; this pod's account needs the right to create tokenreviews.</param>
/// <param name="audience">This server's audience. A review without one would accept the tokens that are for the API server.</param>
internal sealed class CallerCheck(KubeClient api, string audience)
{
    private const string Reviews = "/apis/authentication.k8s.io/v1/tokenreviews";
    private const string Scheme = "Bearer ";

    /// <summary>Lets a request in, or answers it.</summary>
    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.Ordinal) && await IsForThisServerAsync(header[Scheme.Length..], context.RequestAborted))
            await next(context);
        else
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
    }

    private async Task<bool> IsForThisServerAsync(string token, CancellationToken cancel)
    {
        var review = await api.PostAsync(Reviews, new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenReview",
            ["spec"] = new JsonObject { ["token"] = token, ["audiences"] = new JsonArray(audience) },
        }, cancel);
        var status = review["status"];
        // An API server that does not know of audiences leaves them out: then nobody said that the token is for this server.
        return (bool?)status?["authenticated"] == true && (status["audiences"]?.AsArray() ?? []).Any(a => (string?)a == audience);
    }
}
