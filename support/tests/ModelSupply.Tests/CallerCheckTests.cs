using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using SecuritySpecs.FleetProgram.ModelSupply.Registry;

namespace SecuritySpecs.FleetProgram.ModelSupply.Tests;

/// <summary>Who is let into a registry that has the API server review its callers' tokens.</summary>
[TestFixture]
public sealed class CallerCheckTests
{
    private const string Audience = "model-registry";

    // What the API server says of each token.
    private static readonly Dictionary<string, string> s_reviews = new()
    {
        ["mine"] = $$"""{"authenticated": true, "audiences": ["{{Audience}}"]}""",
        ["other"] = """{"authenticated": false, "error": "token audiences is invalid"}""",
        ["audiences-unknown"] = """{"authenticated": true}""",
        ["another-s"] = """{"authenticated": true, "audiences": ["inference-gateway"]}""",
    };

    [TestCase("Bearer mine", HttpStatusCode.OK)]
    [TestCase("Bearer other", HttpStatusCode.Unauthorized)]
    [TestCase("Bearer audiences-unknown", HttpStatusCode.Unauthorized)]
    [TestCase("Bearer another-s", HttpStatusCode.Unauthorized)]
    [TestCase("Basic mine", HttpStatusCode.Unauthorized)]
    [TestCase("", HttpStatusCode.Unauthorized)]
    [TestCase("Bearer refused", HttpStatusCode.InternalServerError, Description = "the API server lets nobody review: nobody is let in")]
    public async Task Only_a_token_for_this_server_is_let_in(string header, HttpStatusCode status)
    {
        await using var reviewer = await ReviewerAsync();
        using var api = KubeClient.Open(reviewer.Urls.First());
        await using var registry = await RunningRegistry.StartAsync(check: new CallerCheck(api, Audience));
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{registry.Address}/acme/llm/tags/main");
        if (header.Length > 0)
            request.Headers.TryAddWithoutValidation("Authorization", header);

        using var answer = await http.SendAsync(request);

        answer.StatusCode.Should().Be(status);
        (await answer.Content.ReadAsStringAsync()).Contains("sha256:", StringComparison.Ordinal).Should().Be(status == HttpStatusCode.OK);
    }

    private static async Task<WebApplication> ReviewerAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            var spec = (await JsonNode.ParseAsync(context.Request.Body))!["spec"]!;
            spec["audiences"]!.ToJsonString().Should().Be($"[\"{Audience}\"]");
            var known = s_reviews.TryGetValue((string)spec["token"]!, out var status);
            context.Response.StatusCode = known ? StatusCodes.Status201Created : StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync(known ? $$"""{"status": {{status}}}""" : """{"message": "forbidden"}""");
        });
        await app.StartAsync();
        return app;
    }
}
