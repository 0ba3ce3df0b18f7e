using Microsoft.AspNetCore.Builder;
using SecuritySpecs.FleetProgram.ModelSupply.Fetching;
using SecuritySpecs.FleetProgram.ModelSupply.Registry;

namespace SecuritySpecs.FleetProgram.ModelSupply.Tests;

/// <summary>A registry in this process, with one signed model under acme/llm/main.</summary>
internal sealed class RunningRegistry : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private WebApplication? _server;

    /// <summary>The model that is served, and its key.</summary>
    public SignedModel Model { get; } = new SignedModel().Sign();

    /// <summary>The registry's address.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The digest of the honest revision.</summary>
    public string Digest => ModelRevision.Read(FolderOf("acme/llm/main")).Digest;

    /// <summary>Where a model goes.</summary>
    public string Target => _folder.File("volume/llm");

    /// <summary>What is in the volume, hidden files too.</summary>
    public IEnumerable<string> Volume => Directory.EnumerateFileSystemEntries(_folder.File("volume")).Select(e => System.IO.Path.GetFileName(e)!);

    /// <summary>Starts one.</summary>
    public static async Task<RunningRegistry> StartAsync(string? attack = null, CallerCheck? check = null)
    {
        var registry = new RunningRegistry();
        Directory.CreateDirectory(registry._folder.File("volume"));
        registry.Serve(registry.Model, "acme/llm/main");
        registry._server = ModelRegistryRole.Server(0, new ModelRegistry(registry._folder.File("models"), RegistryAttack.Parse(attack)), check);
        await registry._server.StartAsync();
        registry.Address = $"http://127.0.0.1:{new Uri(registry._server.Urls.First()).Port}";
        return registry;
    }

    /// <summary>Serves another model, or the files of this one as they are now.</summary>
    public void Serve(SignedModel model, string tag)
    {
        foreach (var file in Directory.EnumerateFiles(model.Path, "*", SearchOption.AllDirectories))
            Write($"{tag}/{System.IO.Path.GetRelativePath(model.Path, file)}", File.ReadAllBytes(file));
    }

    /// <summary>Writes a file of a tag.</summary>
    public void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(FolderOf(path))!);
        File.WriteAllBytes(FolderOf(path), bytes);
    }

    /// <summary>The digest of a tag's revision.</summary>
    public string DigestOf(string tag) => ModelRevision.Read(FolderOf(tag)).Digest;

    /// <summary>Fetches with verification; the findings.</summary>
    public async Task<IReadOnlyList<string>> FetchAsync(string? revision = null, string? allow = null, string? archive = null, int seconds = 30, string repository = "acme/llm")
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var verdict = await new ModelFetcher(Order(revision ?? Digest, allow, archive, repository), new ModelVerifier(Model.Key, [])).FetchAsync(limit.Token);
        return [.. verdict.Findings.Select(f => f.ToString())];
    }

    /// <summary>Fetches without verification.</summary>
    public Task FetchUnverifiedAsync(string revision = "main", string? archive = null) => UnverifiedFetcher.FetchAsync(Order(revision, null, archive, "acme/llm"), CancellationToken.None);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        Model.Dispose();
        _folder.Dispose();
    }

    private FetchOrder Order(string revision, string? allow, string? archive, string repository) =>
        new(ModelSource.Parse($"{Address}/{repository}@{revision}"), [allow ?? $"{Address}/acme/"], Target, "model.sig", archive, 1_000_000);

    private string FolderOf(string path) => _folder.File($"models/{path}");
}
