using SecuritySpecs.FleetProgram.ModelSupply.Formats;

namespace SecuritySpecs.FleetProgram.ModelSupply.Signing;

/// <summary>A part of a signed document, from which a field is taken or the document is refused.</summary>
/// <param name="json">The part.</param>
/// <param name="where">What messages call it.</param>
/// <param name="what">The kind of the findings.</param>
internal readonly struct JsonView(JsonElement json, string where, string what = Manifest.What)
{
    /// <summary>Whether it is an object that has the field.</summary>
    public bool Has(string field) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(field, out _);

    /// <summary>The names of all fields.</summary>
    public IEnumerable<string> Fields => json.ValueKind == JsonValueKind.Object ? json.EnumerateObject().Select(p => p.Name).ToArray() : [];

    /// <summary>A field that is an object.</summary>
    public JsonView Object(string field) => new(Field(field, JsonValueKind.Object), $"{where}'s {field}", what);

    /// <summary>A field that is an array.</summary>
    public IReadOnlyList<JsonView> Array(string field)
    {
        var (name, kind) = ($"an item of {where}'s {field}", what);
        return [.. Field(field, JsonValueKind.Array).EnumerateArray().Select(i => new JsonView(i, name, kind))];
    }

    /// <summary>A field that is a text.</summary>
    public string Text(string field) => Unescaped(Field(field, JsonValueKind.String));

    /// <summary>The part itself, as a text.</summary>
    public string AsText() => json.ValueKind == JsonValueKind.String ? Unescaped(json) : throw Refused($"{where} is no text");

    /// <summary>A field that is true or false.</summary>
    public bool IsTrue(string field) => Has(field) && json.GetProperty(field).ValueKind is JsonValueKind.True or JsonValueKind.False
        ? json.GetProperty(field).GetBoolean()
        : throw Refused($"{where} has no {field} that is true or false");

    /// <summary>A field that is a whole number above 0.</summary>
    public long Positive(string field) => Field(field, JsonValueKind.Number).TryGetInt64(out var number) && number > 0
        ? number
        : throw Refused($"{where}'s {field} is no whole number above 0");

    /// <summary>A field that is a whole number from 0 on.</summary>
    public long Count(string field) => Field(field, JsonValueKind.Number).TryGetInt64(out var number) && number >= 0
        ? number
        : throw Refused($"{where}'s {field} is no whole number from 0 on");

    /// <exception cref="RefusedException">The field is another text, or none.</exception>
    public void MustBe(string field, string text)
    {
        if (Text(field) is var seen && seen != text)
            throw Refused($"{where}'s {field} is {Printable.Line(seen, 100)}; {text} is expected");
    }

    private JsonElement Field(string field, JsonValueKind kind) => Has(field) && json.GetProperty(field) is var value && value.ValueKind == kind
        ? value
        : throw Refused($"{where} has no {field} that is {Word(kind)}");

    private static string Word(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        _ => "a number",
    };

    private string Unescaped(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Refused($"{where} has a text with half a character");
        }
    }

    private RefusedException Refused(string why) => new(what, why);
}
