using System.Security.Cryptography;

namespace SecuritySpecs.FleetProgram.ModelSupply.Fetching;

/// <summary>Where a model comes from: <c>http://HOST:PORT/OWNER/NAME@REVISION</c>.</summary>
/// <param name="Registry">The registry's address.</param>
/// <param name="Repository">The owner and the name.</param>
/// <param name="Revision">A digest, <c>sha256:</c> and 64 hex digits, or the name of a tag.</param>
internal sealed partial record ModelSource(Uri Registry, string Repository, string Revision)
{
    /// <summary>The tag that stands where no revision is given.</summary>
    public const string DefaultTag = "main";

    /// <summary>Whether the revision is a digest, so that nobody can put other files under it.</summary>
    public bool IsPinned => Digest().IsMatch(Revision);

    /// <summary>The registry and the repository, as allow-lists name them.</summary>
    public string Address => $"{Registry.GetLeftPart(UriPartial.Authority)}/{Repository}";

    /// <summary>Reads a source.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static ModelSource Parse(string text) =>
        Form().Match(text) is { Success: true } match && Uri.TryCreate(match.Groups["registry"].Value, UriKind.Absolute, out var registry) && registry.UserInfo.Length == 0
            ? new(registry, match.Groups["repository"].Value, match.Groups["revision"] is { Success: true } revision ? revision.Value : DefaultTag)
            : throw new UsageException($"'{text}' is no model: expected http://HOST:PORT/OWNER/NAME@sha256:DIGEST");

    /// <summary>Whether a list of sources allows this one: by its address, or by the address of its owner or registry with a <c>/</c> behind it.</summary>
    public bool IsAllowedBy(IEnumerable<string> sources) =>
        sources.Any(s => Address == s || s.EndsWith('/') && s.Length > "http://".Length && Address.StartsWith(s, StringComparison.Ordinal));

    /// <summary>What a listing is called, and with it every file of the revision.</summary>
    public static string DigestOf(ReadOnlySpan<byte> listing) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(listing))}";

    [GeneratedRegex("^sha256:[0-9a-f]{64}$", RegexOptions.CultureInvariant)]
    private static partial Regex Digest();

    [GeneratedRegex("^(?<registry>http://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+\\])(:[0-9]{1,5})?)/(?<repository>[A-Za-z0-9_][A-Za-z0-9._-]*/[A-Za-z0-9_][A-Za-z0-9._-]*)(@(?<revision>[A-Za-z0-9_][A-Za-z0-9:._-]*))?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
