using SecuritySpecs.Cluster.Images;

namespace SecuritySpecs.Tool.Bench;

/// <summary>Another commit of this repository in a working copy of its own, which its first run builds.</summary>
internal sealed class OtherCommit : IAsyncDisposable
{
    // What a build needs to know and git does not.
    private const string Marker = ".local-reqnroll-nunit";
    private readonly string _repository;

    private OtherCommit(string repository, string root) => (_repository, Root) = (repository, root);

    /// <summary>The working copy.</summary>
    public string Root { get; }

    /// <summary>Checks it out.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="reference">As git understands it.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="EnvironmentException">There is no such commit, or no git.</exception>
    public static async Task<OtherCommit> CheckOutAsync(string repository, string reference, CancellationToken cancel)
    {
        var other = new OtherCommit(repository, Path.Combine(Directory.CreateTempSubdirectory("specs-against-").FullName, "repository"));
        try
        {
            await other.GitAsync(cancel, "worktree", "add", "--detach", other.Root, $"{reference}^{{commit}}");
        }
        catch
        {
            Directory.Delete(Path.GetDirectoryName(other.Root)!, recursive: true);
            throw;
        }

        if (File.Exists(Path.Combine(repository, Marker)))
            File.Create(Path.Combine(other.Root, Marker)).Dispose();
        return other;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await GitAsync(CancellationToken.None, "worktree", "remove", "--force", Root);
        Directory.Delete(Path.GetDirectoryName(Root)!);
    }

    private async Task GitAsync(CancellationToken cancel, params string[] arguments)
    {
        var said = new List<string>();
        if (await ChildProcess.RunAsync(new("git", ["-C", _repository, .. arguments]), said.Add, said.Add, cancel) != 0)
            throw new EnvironmentException($"git {string.Join(' ', arguments)}: {said.LastOrDefault()}");
    }
}
