using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using SecuritySpecs.FleetProgram.DevicePlugin;

namespace SecuritySpecs.FleetProgram.Sharing;

/// <summary><c>fleet vgpu-scheduler</c>: HAMi's scheduler and its mutating webhook, which run in one pod.</summary>
internal sealed class VgpuSchedulerRole : Role
{
    private const int DefaultPort = 8443;

    public override string Name => "vgpu-scheduler";

    public override string Summary => "account and place shares of GPUs (HAMi's scheduler and webhook)";

    public override IReadOnlyCollection<string> Options => ["--tls-cert", "--tls-key", "--port", "--resource", KubeClient.Option];

    public override string Help =>
        $"""
        Usage: fleet vgpu-scheduler --tls-cert FILE --tls-key FILE [option ...]

        Serves POST /webhook (AdmissionReview v1: pods that ask for a share get schedulerName {Hami.Scheduler}, unless they
        name another scheduler than {Hami.DefaultScheduler}) and GET /healthz by HTTPS, and places the pods of that name: it
        counts {Hami.Memory} (MiB), {Hami.MemoryPercentage} and {Hami.Cores} (%) of each GPU, writes each pod's slice
        on it as HAMi 2.10 does, and binds it. What does not fit waits, with the reason in the pod's conditions.
        Runs until SIGTERM.

          --tls-cert FILE  the certificate (PEM)
          --tls-key FILE   its key (PEM)
          --port PORT      0 to 65535; 0 is any free one, which the log names (default {DefaultPort})
          --resource NAME  what shares are called (default {Hami.DefaultResource})
          {KubeClient.Option} URL        the API server (default: the cluster that this pod is in)
        """;

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        arguments.NoWords();
        var resource = DevicePluginRole.Resource(arguments, Hami.DefaultResource);
        var port = arguments.Number("--port", 0, 65535, DefaultPort);
        using var certificate = Certificate(arguments);
        using var api = KubeClient.Open(arguments.Text(KubeClient.Option));
        using var scheduler = new VgpuScheduler(api, resource);
        await using var app = Server(port, certificate, new Webhook(resource), scheduler);
        await app.StartAsync(stop);
        Log.Line($"answering on port {app.Port()}");
        try
        {
            await scheduler.RunAsync(stop);
            return 0;
        }
        finally
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            await app.StopAsync(patience.Token); // the API server keeps its connection open
        }
    }

    private static X509Certificate2 Certificate(Arguments arguments)
    {
        var (cert, key) = (Text(arguments, "--tls-cert"), Text(arguments, "--tls-key"));
        try
        {
            return X509Certificate2.CreateFromPemFile(cert, key);
        }
        catch (CryptographicException e)
        {
            throw new FleetException($"{cert} and {key} are no certificate and its key in PEM: {e.Message}");
        }
    }

    private static string Text(Arguments arguments, string option) => arguments.Text(option) ?? throw new UsageException($"{option} is missing");

    private static WebApplication Server(int port, X509Certificate2 certificate, Webhook webhook, VgpuScheduler scheduler)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var tls = SslStreamCertificateContext.Create(certificate, null, offline: true);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenAnyIP(port, listen => listen.UseHttps((_, _, _, _) => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = tls }), new object()));
        });
        var app = builder.Build();
        app.Run(context => AnswerAsync(context, webhook, scheduler));
        return app;
    }

    private static async Task AnswerAsync(HttpContext context, Webhook webhook, VgpuScheduler scheduler)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) && request.Path == "/healthz")
            context.Response.StatusCode = scheduler.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        else if (HttpMethods.IsPost(request.Method) && request.Path == "/webhook")
            await ReviewAsync(context, webhook);
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private static async Task ReviewAsync(HttpContext context, Webhook webhook)
    {
        try
        {
            var review = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var answer = webhook.Review(review).ToJsonString();
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer, context.RequestAborted);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest; // no AdmissionReview about a pod
        }
    }
}
