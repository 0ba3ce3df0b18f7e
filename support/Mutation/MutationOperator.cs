namespace SecuritySpecs.Mutation;

/// <summary>One way of getting a manifest wrong, by name.</summary>
/// <param name="Name">For example <c>drop-key</c>.</param>
/// <param name="Kinds">The kinds of objects that it fits.</param>
/// <param name="Does">What it does, for people.</param>
/// <param name="Pretext">The plausible reason why somebody makes this change, with the public bug where one is known.</param>
/// <param name="Changes">Every place in an object where it can be made. A change alters that object when it is made.</param>
public sealed record MutationOperator(
    string Name, IReadOnlyList<string> Kinds, string Does, string Pretext, Func<JsonObject, IEnumerable<Change>> Changes);

/// <summary>A change of an object of a manifest.</summary>
/// <param name="Place">Where, and to what, in words that stay the same when lines of the file move.</param>
/// <param name="Make">Makes it.</param>
public sealed record Change(string Place, Action Make)
{
    /// <summary>Removes a field or an item of a list.</summary>
    public static Change Drop(JsonNode node) => new(Places.Of(node), () => Places.Remove(node));

    /// <summary>Sets a field, whether it is there or not.</summary>
    public static Change Set(JsonObject map, string field, JsonNode? value) => new($"{Places.Under(map, field)}={Places.Short(value)}", () => map[field] = value);

    /// <summary>Puts another value in the place of a field's or an item's.</summary>
    public static Change Replace(JsonNode node, JsonNode value) => new($"{Places.Of(node)}={Places.Short(value)}", () => node.ReplaceWith(value));

    /// <summary>Gives a field another name and leaves it where it is.</summary>
    public static Change Rename(JsonObject map, string field, string name) => new($"{Places.Under(map, field)}={name}", () =>
    {
        var index = map.IndexOf(field);
        var value = map[field];
        map.RemoveAt(index);
        map.Insert(index, name, value);
    });

    /// <summary>Adds an item to a list.</summary>
    public static Change Add(JsonArray list, JsonNode item) => new($"{Places.Of(list)}+{Places.Short(item)}", () => list.Add(item));

    /// <summary>Adds an item to a list of an object, which may lack the list.</summary>
    public static Change Add(JsonObject map, string field, JsonNode item) => new($"{Places.Under(map, field)}+{Places.Short(item)}", () =>
    {
        if (map[field] is not JsonArray)
            map[field] = new JsonArray();
        map[field]!.AsArray().Add(item);
    });
}
