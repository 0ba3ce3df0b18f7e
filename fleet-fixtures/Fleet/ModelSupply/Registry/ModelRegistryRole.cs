using Microsoft.AspNetCore.Builder;

namespace SecuritySpecs.FleetProgram.ModelSupply.Registry;

/// <summary><c>fleet model-registry</c>: serves repositories of models.</summary>
internal sealed class ModelRegistryRole : Role
{
    private const int DefaultPort = 8080;

    public override string Name => "model-registry";

    public override string Summary => "a registry of models with tags and revisions, honest or not";

    public override IReadOnlyCollection<string> Options => ["--port", "--models", "--audience", KubeClient.Option, "--attack", "--attacks"];

    public override string Help =>
        $"""
        Usage: fleet model-registry --models FOLDER [option ...]

        GET /OWNER/NAME/tags/TAG answers with the name of a revision, sha256:DIGEST; GET /OWNER/NAME/revisions/REVISION with its
        listing, whose SHA-256 the digest is; GET /OWNER/NAME/revisions/REVISION/files/PATH with a file.

          --models FOLDER  folders OWNER/NAME/TAG with the files of the tag's revision; links are followed, as in mounted ConfigMaps
          --port PORT      0 to 65535; 0 is any free one, which the log names (default {DefaultPort})
          --audience NAME  answer only callers whose token is for this audience, by a TokenReview of the pod's account; else 401
          {KubeClient.Option} URL        of the API server: http://HOST:PORT, for tests
          --attack KIND    what it does that is not in good faith:
                           {RegistryAttack.MovedTag}=TAG=OTHER            the tag names another tag's revision
                           {RegistryAttack.NameTakenOver}=OWNER/NAME=OTHER  the name has another repository behind it
                           {RegistryAttack.OtherListing}=TAG              any revision's listing is that of the tag's
                           {RegistryAttack.FlippedByte}=FILE              the file's last byte is another
                           {RegistryAttack.Truncated}=FILE                 the file ends in its middle
                           {RegistryAttack.Redirect}=http://HOST:PORT      files are at another host
                           {RegistryAttack.Slow}=FILE                      the file comes one byte a second
                           {RegistryAttack.Silent}                         no answer ever
          --attacks LIST   further ports, each with its attack, with commas between them: PORT:KIND=VALUE
        """;

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        arguments.NoWords();
        var models = arguments.Text("--models") ?? throw new UsageException("--models is missing");
        if (!Directory.Exists(models))
            throw new UsageException($"--models {models}: there is no such folder");
        var first = (Port: arguments.Number("--port", 0, 65535, DefaultPort), Attack: arguments.Text("--attack"));
        using var api = arguments.Text("--audience") is null ? null : KubeClient.Open(arguments.Text(KubeClient.Option));
        var check = api is null ? null : new CallerCheck(api, arguments.Text("--audience")!);
        var apps = ModelOptions.List(arguments, "--attacks").Select(Further).Prepend(first)
            .Select(s => (s.Attack, Server: Server(s.Port, new ModelRegistry(models, RegistryAttack.Parse(s.Attack)), check))).ToList();
        foreach (var (attack, app) in apps)
        {
            await app.StartAsync(stop);
            Log.Line($"answering on port {app.Port()}{(attack is null ? "" : $", with the attack {attack}")}");
        }
        await HttpServers.ServeAsync(stop, apps.Select(a => a.Server));
        return 0;
    }

    private static (int Port, string? Attack) Further(string text) =>
        text.Split(':', 2) is [var port, var attack] && ushort.TryParse(port, out var number) ? (number, attack) : throw new UsageException($"--attacks {text}: expected PORT:KIND=VALUE");

    /// <summary>The HTTP server of a registry.</summary>
    public static WebApplication Server(int port, ModelRegistry registry, CallerCheck? check = null) =>
        HttpServers.At(port, check is null ? registry.HandleAsync : context => check.HandleAsync(context, registry.HandleAsync));
}
