using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>A probe that asks a metadata service as its users do, with a token.</summary>
[TestFixture]
public sealed class MetadataProbeTests
{
    [Test]
    public async Task It_fetches_a_token_and_shows_it()
    {
        await using var service = await StartAsync(c => (c.Request.Method, c.Request.Path.Value) switch
        {
            ("PUT", "/latest/api/token") when c.Request.Headers["X-aws-ec2-metadata-token-ttl-seconds"] == "60" => (200, "t0ken"),
            ("GET", "/latest/meta-data/x") when c.Request.Headers["X-aws-ec2-metadata-token"] == "t0ken" => (200, "found"),
            _ => (401, "Unauthorized"),
        });

        var report = await ProbeAsync(service, "/latest/meta-data/x");

        report.GetProperty("status").GetInt32().Should().Be(200);
        report.GetProperty("body").GetString().Should().Be("found");
    }

    [Test]
    public async Task Without_a_token_it_says_what_it_was_told()
    {
        await using var service = await StartAsync(_ => (403, "not from a pod"));

        var report = await ProbeAsync(service, "/latest/meta-data/x");

        report.GetProperty("result").GetString().Should().Be("open");
        report.GetProperty("status").GetInt32().Should().Be(403);
        report.GetProperty("body").GetString().Should().Be("not from a pod");
    }

    [Test]
    public async Task Nobody_there_is_refused()
    {
        var result = await FleetProcess.RunAsync(["probe", "imds://127.0.0.1:1/"]);

        JsonDocument.Parse(result.Output).RootElement.GetProperty("result").GetString().Should().Be("refused");
    }

    private static async Task<JsonElement> ProbeAsync(WebApplication service, string path)
    {
        var address = service.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var result = await FleetProcess.RunAsync(["probe", address.Replace("http:", "imds:", StringComparison.Ordinal) + path]);
        result.ExitCode.Should().Be(0, result.Errors);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private static async Task<WebApplication> StartAsync(Func<HttpContext, (int Status, string Text)> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            var (status, text) = answer(context);
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(text);
        });
        await app.StartAsync();
        return app;
    }
}
