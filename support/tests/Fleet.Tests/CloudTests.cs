using Microsoft.AspNetCore.Http;
using SecuritySpecs.FleetProgram.Network;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>The cloud beyond the cluster: credentials, what they open, and how one is revoked.</summary>
[TestFixture]
public sealed class CloudTests
{
    private readonly CloudSessions _sessions = new();

    [Test]
    public async Task The_credentials_of_the_metadata_service_open_the_bucket_until_they_are_revoked()
    {
        var (metadata, cloud) = (new MetadataService(_sessions), new CloudApi(_sessions));
        var said = (await AskAsync(metadata.AnswerAsync, "GET", "/latest/meta-data/iam/security-credentials/gpu-node")).Text;
        said.Length.Should().BeLessThan(Probe.BodyLength, "a probe shows no more");
        var credentials = JsonNode.Parse(said)!;
        var (name, token) = ((string)credentials["AccessKeyId"]!, (string)credentials["Token"]!);
        var other = _sessions.Begin().Token;

        (await AskAsync(cloud.AnswerAsync, "GET", "/models/weights", token)).Status.Should().Be(200);
        (await AskAsync(cloud.AnswerAsync, "GET", "/models/weights", "guess")).Should().Be((403, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"));
        (await AskAsync(cloud.AnswerAsync, "DELETE", "/sessions/" + name)).Status.Should().Be(200);
        (await AskAsync(cloud.AnswerAsync, "DELETE", "/sessions/" + name)).Status.Should().Be(404);
        (await AskAsync(cloud.AnswerAsync, "GET", "/models/weights", token)).Status.Should().Be(403);
        (await AskAsync(cloud.AnswerAsync, "GET", "/models/weights", other)).Status.Should().Be(200, "nobody else's is revoked");
    }

    private static async Task<(int Status, string Text)> AskAsync(Func<HttpContext, Task> server, string method, string path, string? token = null)
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        (context.Request.Method, context.Request.Path) = (method, path);
        if (token is not null)
            context.Request.Headers[CloudApi.TokenHeader] = token;
        await server(context);
        context.Response.Body.Position = 0;
        using var reader = new StreamReader(context.Response.Body);
        return (context.Response.StatusCode, await reader.ReadToEndAsync());
    }
}
