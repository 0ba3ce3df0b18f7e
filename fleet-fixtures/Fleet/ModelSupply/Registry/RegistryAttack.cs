namespace SecuritySpecs.FleetProgram.ModelSupply.Registry;

/// <summary>What a registry does that is not in good faith, or broken. Attacks on the files themselves are revisions of their own.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>, or null for an honest registry.</param>
/// <param name="Value">What the attack needs.</param>
internal sealed record RegistryAttack(string? Kind, string Value)
{
    /// <summary>The tag VALUE=OTHER names another tag's revision.</summary>
    public const string MovedTag = "moved-tag";

    /// <summary>The repository VALUE=OTHER has another repository's tags and revisions: somebody took over its name.</summary>
    public const string NameTakenOver = "name-taken-over";

    /// <summary>Whatever revision is asked for, its listing is that of tag VALUE.</summary>
    public const string OtherListing = "other-listing";

    /// <summary>The last byte of the file VALUE is another.</summary>
    public const string FlippedByte = "flipped-byte";

    /// <summary>The file VALUE ends in its middle, and the connection with it.</summary>
    public const string Truncated = "truncated";

    /// <summary>Files are at another host: VALUE, as http://HOST:PORT.</summary>
    public const string Redirect = "redirect";

    /// <summary>The file VALUE comes one byte a second.</summary>
    public const string Slow = "slow";

    /// <summary>No answer ever.</summary>
    public const string Silent = "silent";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> Kinds = [MovedTag, NameTakenOver, OtherListing, FlippedByte, Truncated, Redirect, Slow, Silent];

    /// <summary>Reads KIND or KIND=VALUE.</summary>
    /// <exception cref="UsageException">There is no such attack.</exception>
    public static RegistryAttack Parse(string? text)
    {
        var parts = (text ?? "").Split('=', 2);
        return text is null || Kinds.Contains(parts[0]) && (parts.Length == 2 || parts[0] == Silent)
            ? new(text is null ? null : parts[0], parts.ElementAtOrDefault(1) ?? "")
            : throw new UsageException($"--attack {text}: expected one of {string.Join(", ", Kinds)}, with =VALUE behind it");
    }

    /// <summary>The tag or repository that stands for the one that is asked for.</summary>
    public string Replace(string kind, string asked) => Kind == kind && Value.Split('=', 2) is [var from, var to] && from == asked ? to : asked;

    /// <summary>Whether the attack is of this kind, and aims at this file.</summary>
    public bool Hits(string kind, string file) => Kind == kind && Value == file;
}
