using System.Security.Cryptography;

namespace SecuritySpecs.FleetProgram.Models;

/// <summary>The keys that open the model server: a folder with one file a key, called by the key's id.</summary>
/// <param name="folder">The folder, as a mounted Secret makes it; null where everybody is let in.</param>
/// <param name="variable">A variable of the environment that holds a key as well; null for none.</param>
/// <param name="log">Told once of each file that is no key.</param>
/// <remarks>
/// Read for each request: what the kubelet has replaced counts at once, and nothing here can be stale. A file that cannot be
/// read is no key, so whatever goes wrong shuts people out and lets nobody in.
/// </remarks>
internal sealed partial class KeyRing(string? folder, string? variable, Action<string> log)
{
    /// <summary>Shorter ones could be guessed, for guesses are not counted.</summary>
    public const int ShortestKey = 32;

    /// <summary>Who asks where no keys are configured.</summary>
    public const string Anyone = "anyone";

    /// <summary>The id of the key that the environment holds.</summary>
    public const string Environmental = "environment";

    private readonly HashSet<string> _complaints = [];

    /// <summary>Whether everybody is let in.</summary>
    public bool IsOpen => folder is null && variable is null;

    /// <summary>The id of the key that a request shows, or null for none that opens.</summary>
    /// <param name="authorization">The values of its Authorization header; anything but one <c>Bearer KEY</c> is no key.</param>
    public string? IdOf(IReadOnlyList<string?> authorization)
    {
        if (IsOpen)
            return Anyone;
        if (authorization.Count != 1 || Bearer().Match(authorization[0] ?? "") is not { Success: true } bearer)
            return null;
        var shown = Digest(bearer.Groups[1].Value);
        string? found = null;
        // All are compared, each in the same time: how long it takes tells nothing of how near a guess was.
        foreach (var (id, key) in Keys())
        {
            if (CryptographicOperations.FixedTimeEquals(shown, Digest(key)))
                found = id;
        }
        return found;
    }

    private IEnumerable<(string Id, string Key)> Keys()
    {
        if (variable is not null && Usable(Environmental, Environment.GetEnvironmentVariable(variable)) is { } own)
            yield return (Environmental, own);
        foreach (var id in folder is null ? [] : Ids(folder))
        {
            if (Usable(id, Read(Path.Combine(folder!, id))) is { } key)
                yield return (id, key);
        }
    }

    private string? Usable(string id, string? key)
    {
        if (key is null || key.Length >= ShortestKey)
            return key;
        bool isNew;
        lock (_complaints)
            isNew = _complaints.Add(id);
        if (isNew)
            log($"key {id} is ignored: it is shorter than {ShortestKey} characters");
        return null;
    }

    // Names that a Secret's keys may have, and not the kubelet's own (..data).
    private static IEnumerable<string> Ids(string folder)
    {
        try
        {
            return [.. Directory.GetFiles(folder).Select(f => Path.GetFileName(f)!).Where(n => Id().IsMatch(n)).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    [GeneratedRegex("^bearer ([!-~]+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"^(?!\.\.)[-._a-zA-Z0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
