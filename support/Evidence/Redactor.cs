namespace SecuritySpecs.Evidence;

/// <summary>
/// Takes credentials and Secret values out of every text before it is stored or printed:
/// values that the run knows to be secret, and anything of the form of a token.
/// </summary>
public sealed partial class Redactor
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Mark = "[redacted]";

    private const int ShortestSecret = 6; // shorter ones would tear holes into ordinary words
    private readonly Lock _lock = new();
    private readonly HashSet<string> _secrets = [];
    private string[]? _longestFirst; // of _secrets, until one is added

    /// <summary>Makes a value known as secret, from now on and for the whole run; its base64 form, in which the API carries it, too.</summary>
    public void Add(string secret)
    {
        if (secret.Length < ShortestSecret)
            return;
        lock (_lock)
        {
            _secrets.Add(secret);
            _secrets.Add(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)));
            _longestFirst = null;
        }
    }

    /// <summary>The text without secrets.</summary>
    public string? Redact(string? text)
    {
        if (text is null)
            return null;
        // A run has hundreds of secrets, and texts by the hundred thousand, of which most are shorter than any.
        foreach (var secret in LongestFirst())
        {
            if (secret.Length <= text.Length)
                text = text.Replace(secret, Mark, StringComparison.Ordinal);
        }

        return Key().Replace(Bearer().Replace(Jwt().Replace(text, Mark), "Bearer " + Mark), Mark);
    }

    /// <summary>The JSON document with every text in it redacted.</summary>
    public string RedactJson(string json)
    {
        var document = JsonNode.Parse(json)!;
        RedactTexts(document);
        return document.ToJsonString();
    }

    private void RedactTexts(JsonNode? node)
    {
        if (node is JsonValue value && value.TryGetValue<string>(out var text) && Redact(text) is { } redacted && redacted != text)
            value.ReplaceWith(redacted);
        else if (node is JsonObject members)
            members.ToList().ForEach(m => RedactTexts(m.Value));
        else if (node is JsonArray items)
            items.ToList().ForEach(RedactTexts);
    }

    private string[] LongestFirst()
    {
        lock (_lock)
            return _longestFirst ??= [.. _secrets.OrderByDescending(s => s.Length)];
    }

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}")]
    private static partial Regex Jwt();

    [GeneratedRegex(@"Bearer\s+(?!\[)[^\s""']{6,}", RegexOptions.IgnoreCase)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----")]
    private static partial Regex Key();
}
