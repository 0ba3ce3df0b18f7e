using System.Collections.Concurrent;

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
    private readonly ConcurrentDictionary<string, byte> _secrets = new();

    /// <summary>Makes a value known as secret, from now on and for the whole run; its base64 form, in which the API carries it, too.</summary>
    public void Add(string secret)
    {
        if (secret.Length < ShortestSecret)
            return;
        _secrets.TryAdd(secret, 0);
        _secrets.TryAdd(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(secret)), 0);
    }

    /// <summary>The text without secrets.</summary>
    public string? Redact(string? text)
    {
        if (text is null)
            return null;
        foreach (var secret in _secrets.Keys.OrderByDescending(s => s.Length))
            text = text.Replace(secret, Mark, StringComparison.Ordinal);
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

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}")]
    private static partial Regex Jwt();

    [GeneratedRegex(@"Bearer\s+(?!\[)[^\s""']{6,}", RegexOptions.IgnoreCase)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----")]
    private static partial Regex Key();
}
