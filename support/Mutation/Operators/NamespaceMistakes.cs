namespace SecuritySpecs.Mutation.Operators;

/// <summary>Mistakes in what the platform writes on a namespace.</summary>
internal static class NamespaceMistakes
{
    private const string PodSecurity = "pod-security.kubernetes.io/";
    private static readonly string[] Kinds = ["Namespace"];
    private static readonly string[] Maps = ["labels", "annotations"];

    /// <summary>The operators.</summary>
    public static IEnumerable<MutationOperator> All =>
    [
        new("drop-mark", Kinds, "Takes a label or an annotation away.", "The namespace was made anew by hand.", o => Marks(o).Select(Change.Drop)),
        new("misspelt-mark", Kinds, "Misspells the name of a label or an annotation.", "Nothing complains about a label that nobody reads.",
            o => Marks(o).Select(m => Change.Rename(m.Parent!.AsObject(), m.GetPropertyName(), m.GetPropertyName() + "s"))),
        new("other-mark", Kinds, "Gives a label or an annotation another value.", "The line was copied from another namespace.",
            o => Marks(o).Where(m => !Name(m).StartsWith(PodSecurity, StringComparison.Ordinal) && !m.ToString().StartsWith('[')).Select(m => Change.Replace(m, $"{m}x"))),
        new("baseline-level", Kinds, "Sets a Pod Security level to baseline.", "One image still runs as root.", o => Levels(o).Select(m => Change.Replace(m, "baseline"))),
        new("privileged-level", Kinds, "Sets a Pod Security level to privileged.", "One chart asks for it, and it holds for the whole namespace.", o => Levels(o).Select(m => Change.Replace(m, "privileged"))),
        new("old-level-version", Kinds, "Pins Pod Security to an old version.", "An upgrade refused a pod. What later versions found is then not looked at, such as AppArmor or host probes (1.34).",
            o => Marks(o).Where(m => Name(m).StartsWith(PodSecurity, StringComparison.Ordinal) && Name(m).EndsWith("-version", StringComparison.Ordinal)).Select(m => Change.Replace(m, "v1.18"))),
        new("empty-list-mark", Kinds, "Empties the list in an annotation.", "\"Nothing is allowed\", one thinks. An empty whitelist of tolerations allows all.",
            o => Lists(o).Where(m => Items(m).Count > 1).Select(m => Change.Replace(m, "[]"))),
        new("drop-list-item", Kinds, "Takes an item out of the list in an annotation.", "Two of them look the same.", o => Lists(o).SelectMany(m => Items(m).Select((_, n) => Without(m, n)))),
        new("any-toleration", Kinds, "Adds a toleration of everything to the list in an annotation.", "One line in place of many.",
            o => Lists(o).Select(m => new Change($"{Places.Of(m)}+Exists", () =>
            {
                var list = Items(m);
                list.Add(new JsonObject { ["operator"] = "Exists" });
                m.ReplaceWith(list.ToJsonString());
            }))),
    ];

    private static IEnumerable<JsonNode> Marks(JsonObject o) => Maps.SelectMany(m => o["metadata"].At(m).Values());

    private static IEnumerable<JsonNode> Levels(JsonObject o) =>
        Marks(o).Where(m => Name(m).StartsWith(PodSecurity, StringComparison.Ordinal) && !Name(m).EndsWith("-version", StringComparison.Ordinal));

    private static IEnumerable<JsonNode> Lists(JsonObject o) => Marks(o).Where(m => m.ToString().StartsWith('['));

    private static string Name(JsonNode mark) => mark.GetPropertyName();

    private static JsonArray Items(JsonNode mark) => JsonNode.Parse(mark.ToString())!.AsArray();

    private static Change Without(JsonNode mark, int index)
    {
        var item = Items(mark)[index]!;
        return new($"{Places.Of(mark)}[{item["key"]}{(item["operator"] is null ? "" : $" {item["operator"]}")}]", () =>
        {
            var list = Items(mark);
            list.RemoveAt(index);
            mark.ReplaceWith(list.ToJsonString());
        });
    }
}
