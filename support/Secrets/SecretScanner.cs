using System.Buffers;
using System.Buffers.Text;

namespace SecuritySpecs.Secrets;

/// <summary>A credential where none must be. It names object and field, and never the value.</summary>
/// <param name="Rule">The rule that found it.</param>
/// <param name="Description">What it is.</param>
/// <param name="Where">The object, for example <c>ConfigMap blue/notebook</c>.</param>
/// <param name="Field">The field, with the steps inside a text that is JSON itself: <c>data['train.ipynb'].cells[2].source</c>.</param>
public sealed record SecretFinding(string Rule, string Description, string Where, string Field)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Where}, {Field}: {Description} ({Rule})";
}

/// <summary>
/// Finds credentials in objects of a cluster, in every text of every field: the value of a variable, arguments, annotations with the last
/// applied configuration, notebooks in ConfigMaps. A text that is JSON or base64 is looked into.
/// </summary>
/// <param name="rules">By which it finds them.</param>
public sealed class SecretScanner(IReadOnlyList<SecretRule> rules)
{
    // What JSON in JSON in JSON may be wrapped in: enough for a notebook in the last applied configuration of a ConfigMap.
    private const int DeepestNesting = 4;
    private const int ShortestBase64 = 24;

    // Most texts of a cluster have no word of any rule: one search for all words at once tells, before each rule searches for its own.
    private readonly SearchValues<string> _words = SearchValues.Create([.. rules.SelectMany(r => r.Keywords)], StringComparison.OrdinalIgnoreCase);
    private readonly List<SecretRule> _withoutWords = [.. rules.Where(r => r.Keywords.Count == 0)];

    /// <summary>What is found in an object. Where Secrets are kept, in the data of a Secret, nothing is looked for.</summary>
    public IReadOnlyList<SecretFinding> Scan(JsonNode item)
    {
        var kind = (string?)item["kind"] ?? "object";
        var where = $"{kind} {((string?)item["metadata"]?["namespace"] is { } space ? space + "/" : "")}{(string?)item["metadata"]?["name"]}";
        var found = new Walk(text => text.AsSpan().ContainsAny(_words) ? rules : _withoutWords);
        foreach (var (key, value) in item.AsObject())
        {
            if (kind != "Secret" || key is not ("data" or "stringData"))
                found.Into(value, key, key, 0);
        }

        return [.. found.Found.Distinct().Select(f => new SecretFinding(f.Rule.Id, f.Rule.Description, where, f.Field))];
    }

    private sealed class Walk(Func<string, IReadOnlyList<SecretRule>> rulesFor)
    {
        public List<(SecretRule Rule, string Field)> Found { get; } = [];

        // The name is what a reader takes the value to be: the key of a map, the name of a variable.
        public void Into(JsonNode? node, string field, string name, int nesting)
        {
            switch (node)
            {
                case JsonObject map:
                    foreach (var (key, value) in map)
                        Into(value, Under(field, key), key == "value" && map["name"] is JsonValue variable ? variable.ToString() : key, nesting);
                    break;
                case JsonArray list:
                    IntoList(list, field, name, nesting);
                    break;
                case JsonValue value when value.TryGetValue<string>(out var text):
                    IntoText(text, field, name, nesting);
                    break;
                default:
                    break; // a number or a truth value is no credential
            }
        }

        private void IntoList(JsonArray list, string field, string name, int nesting)
        {
            var before = Found.Count;
            for (var i = 0; i < list.Count; i++)
                Into(list[i], string.Create(CultureInfo.InvariantCulture, $"{field}[{i}]"), name, nesting);
            if (Found.Count > before || list.Count < 2 || !list.All(i => i is JsonValue v && v.TryGetValue<string>(out _)))
                return;
            // One text in several lines, as notebooks have it; an option and its value, as arguments have it.
            var texts = list.Select(i => (string)i!).ToList();
            Judge(string.Concat(texts), field, name);
            Judge(string.Join('=', texts), field, name);
        }

        private void IntoText(string text, string field, string name, int nesting)
        {
            if (nesting < DeepestNesting && Json(text) is { } inner)
                Into(inner, field, name, nesting + 1);
            else if (nesting < DeepestNesting && Decoded(text) is { } plain)
                IntoText(plain, field, name, nesting + 1);
            Judge(text, field, name);
        }

        private void Judge(string text, string field, string name)
        {
            var line = $"{name}={text}";
            // Of a text that was looked into, the place inside it says more.
            foreach (var rule in rulesFor(line).Where(r => (r.IsIn(line) || r.IsIn(text)) && !Found.Any(f => f.Rule == r && f.Field.StartsWith(field, StringComparison.Ordinal))))
                Found.Add((rule, field));
        }

        private static JsonNode? Json(string text)
        {
            if (text.TrimStart() is not ['{' or '[', ..])
                return null;
            try
            {
                return JsonNode.Parse(text, documentOptions: new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            }
            catch (JsonException)
            {
                return null; // it only begins like JSON: as a text it is judged all the same
            }
        }

        private static string? Decoded(string text)
        {
            var compact = text.Trim();
            if (compact.Length < ShortestBase64 || !Base64.IsValid(compact))
                return null;
            var plain = Encoding.UTF8.GetString(Convert.FromBase64String(compact));
            return plain.All(c => c is '\n' or '\r' or '\t' or (>= ' ' and not '\uFFFD')) ? plain : null;
        }

        private static string Under(string field, string key) => key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? $"{field}.{key}" : $"{field}['{key}']";
    }
}
