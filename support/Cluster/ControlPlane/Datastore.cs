using System.Security.Cryptography;

namespace SecuritySpecs.Cluster.ControlPlane;

/// <summary>
/// The files of the datastore of a cluster that this project starts, SQLite's or etcd's. They are read out of the container of the API
/// server, as somebody does who has a copy of the disk.
/// </summary>
/// <param name="container">The id of the container.</param>
public sealed class Datastore(string container)
{
    /// <summary>What the API server encrypts, in fleet-fixtures.</summary>
    public const string ConfigurationFile = "controls/encryption-at-rest.yaml";

    /// <summary>Where k3s, and the offline cluster, look for it.</summary>
    public const string ConfigurationPath = "/var/lib/rancher/k3s/server/cred/encryption-config.json";

    /// <summary>Where k3s has the files.</summary>
    public const string Folder = "/var/lib/rancher/k3s/server/db";

    // Every cluster has it, and it is never removed.
    private const string KnownKey = "/registry/namespaces/kube-system";

    // What moves, moves from a log to the main file. The logs come first in this order (wal before snap, state.db-wal before state.db).
    // A file of etcd's log has 64 MB from the start, most of them zeros, which are in no text.
    private const string ReadAll = $"find {Folder} -type f | sort -r | xargs cat | tr -d '\\000'";

    /// <summary>What the API server is started with.</summary>
    public static IReadOnlyList<string> Arguments => ["--secrets-encryption"];

    /// <summary>A key for the provider aescbc, in base64.</summary>
    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>What the API server is to encrypt, with a key of this cluster's own.</summary>
    public static byte[] Configuration(RunManifests manifests)
    {
        return JsonSerializer.SerializeToUtf8Bytes(Manifest.Fill(ConfigurationFile, manifests.SourceOf(ConfigurationFile), new Dictionary<string, string> { ["KEY"] = NewKey() }).Objects[0]);
    }

    /// <summary>The number of the files.</summary>
    public async Task<int> FilesAsync() =>
        Encoding.UTF8.GetString((await ContainerEngine.OutputAsync(container, "find", Folder, "-type", "f")).Span).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>Looks for texts in all bytes of the files.</summary>
    /// <param name="texts">The texts; they are not told to anybody.</param>
    /// <exception cref="InvalidOperationException">What was read is no datastore of Kubernetes.</exception>
    public async Task<(bool Found, long Bytes)> SearchAsync(params IReadOnlyList<string> texts)
    {
        var search = new ByteSearch([.. texts, KnownKey]);
        await ContainerEngine.ReadOutputAsync(container, search.Add, "sh", "-c", ReadAll);
        return search.Has(KnownKey) ? (texts.Any(search.Has), search.Length)
            : throw new InvalidOperationException($"The {search.Length} bytes below {Folder} in the container of the API server do not hold the key {KnownKey}: they are not its datastore.");
    }
}
