namespace SecuritySpecs.Secrets;

/// <summary>
/// How an API server stores a resource, by its encryption configuration (<c>apiserver.config.k8s.io/v1</c>), computed without one: the
/// first provider that the configuration names for the resource writes.
/// </summary>
public sealed class EncryptionConfiguration
{
    /// <summary>The provider of what is stored as it is.</summary>
    public const string None = "identity";

    private static readonly string[] Known = [None, "aescbc", "aesgcm", "secretbox", "kms"];
    private readonly List<(IReadOnlyList<string> Resources, string Provider, IReadOnlyList<string> Keys)> _entries;

    private EncryptionConfiguration(List<(IReadOnlyList<string>, string, IReadOnlyList<string>)> entries) => _entries = entries;

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="ArgumentException">It is none, or it has something that is not known here.</exception>
    public static EncryptionConfiguration Of(JsonObject configuration)
    {
        if ((string?)configuration["kind"] != "EncryptionConfiguration" || configuration["resources"] is not JsonArray { Count: > 0 } entries)
            throw new ArgumentException("An encryption configuration is of kind EncryptionConfiguration and has resources.");
        return new([.. entries.Select(e => Entry(e!.AsObject()))]);
    }

    /// <summary>The provider that stores a resource; <see cref="None"/> where it is stored as it is.</summary>
    /// <param name="resource">As kubectl writes it: <c>RESOURCE[.GROUP]</c>.</param>
    public string ProviderOf(string resource) => Find(resource)?.Provider ?? None;

    /// <summary>The keys of that provider.</summary>
    public IReadOnlyList<string> KeysOf(string resource) => Find(resource)?.Keys ?? [];

    private (IReadOnlyList<string> Resources, string Provider, IReadOnlyList<string> Keys)? Find(string resource) =>
        _entries.FindIndex(e => e.Resources.Contains(resource)) is >= 0 and var at ? _entries[at] : null;

    private static (IReadOnlyList<string>, string, IReadOnlyList<string>) Entry(JsonObject entry)
    {
        var resources = (entry["resources"]?.AsArray() ?? []).Select(r => (string)r!).ToList();
        if (resources.Find(r => r.Contains('*')) is { } pattern)
            throw new ArgumentException($"An encryption configuration names the resources \"{pattern}\"; patterns are not known here.");
        var (name, settings) = (entry["providers"]?.AsArray() ?? []).Select(p => p!.AsObject().Single()).FirstOrDefault();
        if (!Known.Contains(name))
            throw new ArgumentException($"An encryption configuration has the provider \"{name}\" in the first place; known are {string.Join(", ", Known)}.");
        return (resources, name, [.. (settings?["keys"]?.AsArray() ?? []).Select(k => (string)k!["secret"]!)]);
    }
}
