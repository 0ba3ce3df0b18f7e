using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SecuritySpecs.Kube.Manifests;

/// <summary>What a platform has in place of one file of fleet-fixtures/controls.</summary>
/// <param name="Text">
/// Its text, with placeholders. Of the file's other documents only the lines are left, so that a line here is the line of the file.
/// </param>
/// <param name="Told">File and objects as the platform's people know them, for messages.</param>
/// <param name="Values">What stands in it in place of placeholders.</param>
public sealed partial record OwnControl(string Text, string Told, IReadOnlyList<WrittenValue> Values)
{
    /// <summary>Its text for a tenant.</summary>
    /// <param name="values">The values of placeholders; what it has as <c>${NAME}</c> stays.</param>
    public string For(IReadOnlyDictionary<string, string> values) =>
        Values.Where(v => values.ContainsKey(v.Placeholder)).Aggregate(Text, (text, v) => v.Replace(text, values[v.Placeholder]));

    /// <summary>Takes a file in place of one of the reference.</summary>
    /// <param name="reference">The one that it stands for.</param>
    /// <param name="file">The file as its author knows it.</param>
    /// <param name="text">Its text.</param>
    /// <param name="choices">Which of its objects; none for all.</param>
    /// <param name="values">What stands in it in place of placeholders.</param>
    /// <exception cref="BadInputException">It cannot stand for it; the message says why.</exception>
    internal static OwnControl Of(ReferenceControl reference, string file, string text, IReadOnlyList<ObjectChoice> choices, IReadOnlyList<WrittenValue> values)
    {
        // Not read as objects of the API: it says who may do what.
        if (reference.Kinds.Count == 0)
            return new(text, file, []);
        var objects = Manifest.Documents(file, text).Select(d => Lines.Of(d.Written, d.Object)).ToList();
        var chosen = choices.Count == 0 ? objects : [.. objects.Where(o => choices.Any(c => c.Fits(o.Object)))];
        foreach (var choice in choices.Where(c => !objects.Exists(o => c.Fits(o.Object))))
            throw choice.Error($"{file} has no {choice}; it has {string.Join(", ", objects.Select(o => Name(o.Object)))}");
        foreach (var stranger in chosen.Where(o => !reference.Kinds.Contains(ReferenceControl.Kind(o.Object))))
            throw new BadInputException(file, stranger.Line, $"is a {ReferenceControl.Kind(stranger.Object)}, and fleet-fixtures/{reference.File} is made of {string.Join(", ", reference.Kinds)}: name under \"objects\" of {ControlSet.FileName} those that belong to it");
        var own = Renamed(Kept(text, objects, chosen), [.. chosen.Select(o => (o, choices.FirstOrDefault(c => c.As is not null && c.Fits(o.Object))?.As))]);
        CheckPlaceholders(reference, file, own, values, chosen[0].Line);
        // As it reads now.
        var read = Manifest.Documents(file, own).Select(d => d.Object).ToList();
        CheckNames(reference, file, chosen, [.. read.Select(o => (ReferenceControl.Kind(o), values.Aggregate((string?)o["metadata"]?["name"] ?? "", (n, v) => v.Replace(n, $"${{{v.Placeholder}}}"))))]);
        var told = chosen.Select(o => $"{(string)o.Object["kind"]!} {Name(o.Object).Split('/')[^1]} (line {o.Line.ToString(CultureInfo.InvariantCulture)})");
        return new(own, $"{file}: {string.Join(", ", told)}", values);
    }

    private static string Name(JsonObject @object) => string.Join('/', ((string?[])[(string)@object["kind"]!, (string?)@object["metadata"]?["namespace"], (string?)@object["metadata"]?["name"]]).OfType<string>());

    // A line that begins with three dashes separates documents, wherever it stands.
    private static string Kept(string text, List<Lines> all, List<Lines> chosen)
    {
        var lines = text.Split('\n');
        foreach (var other in all.Except(chosen))
        {
            var first = Array.FindLastIndex(lines, other.Line - 1, Separator().IsMatch);
            for (var n = Math.Max(first, 0); n < lines.Length && (n == first || !Separator().IsMatch(lines[n])); n++)
                lines[n] = n == first ? "---" : "";
        }

        return string.Join('\n', lines);
    }

    private static string Renamed(string text, IReadOnlyList<(Lines Of, string? To)> names)
    {
        var lines = text.Split('\n');
        var places = names.Where(n => n.To is not null).SelectMany(n => names.SelectMany(o => o.Of.NamesOf(n.Of)).Select(p => (Place: p, n.To)));
        foreach (var (place, to) in places.OrderByDescending(p => p.Place.Start.Column))
        {
            var line = (int)place.Start.Line - 1;
            lines[line] = $"{lines[line][..(int)(place.Start.Column - 1)]}\"{to}\"{lines[line][(int)(place.End.Column - 1)..]}";
        }

        return string.Join('\n', lines);
    }

    private static void CheckPlaceholders(ReferenceControl reference, string file, string text, IReadOnlyList<WrittenValue> values, int line)
    {
        foreach (var (at, number) in text.Split('\n').Select((l, n) => (l, n + 1)))
        {
            if (Manifest.Placeholders(at).FirstOrDefault(p => !reference.Placeholders.Contains(p)) is { } unknown)
                throw new BadInputException(file, number, $"${{{unknown}}} is no placeholder of fleet-fixtures/{reference.File}; known are {string.Join(", ", reference.Placeholders)}");
        }

        if (reference.Needed.Except(Manifest.Placeholders(text)).Except(values.Where(v => v.IsIn(text)).Select(v => v.Placeholder)).FirstOrDefault() is { } missing)
            throw new BadInputException(file, line, $"has no ${{{missing}}}, which the scenarios fill in; write it where fleet-fixtures/{reference.File} has it");
    }

    private static void CheckNames(ReferenceControl reference, string file, List<Lines> chosen, List<(string Kind, string Name)> read)
    {
        foreach (var (kind, name) in reference.Names)
        {
            var own = read.Index().Where(o => o.Item.Kind == kind).ToList();
            if (own.Count > 0 && own.TrueForAll(o => o.Item.Name != name))
                throw new BadInputException(file, chosen[own[0].Index].Line, $"is {Name(chosen[own[0].Index].Object)}, and the scenarios look for the name {name}: in {ControlSet.FileName} write objects: [\"{Name(chosen[own[0].Index].Object)} as {name}\"]");
            // Its rights may come by a ClusterRole of the platform.
            if (own.Count == 0 && reference.IsBase && !kind.Contains('.', StringComparison.Ordinal))
                throw new BadInputException(file, chosen[0].Line, $"has no {kind} {name}, without which there is no tenant");
        }
    }

    [GeneratedRegex(@"^(---|\.\.\.)(\s|$)")]
    private static partial Regex Separator();

    /// <summary>An object, and where its file says it.</summary>
    private sealed record Lines(YamlMappingNode Written, JsonObject Object, int Line)
    {
        public static Lines Of(YamlMappingNode written, JsonObject @object) => new(written, @object, (int)written.Start.Line);

        // Where this object says the name of another, or its own.
        public IEnumerable<(Mark Start, Mark End)> NamesOf(Lines other)
        {
            var (kind, name) = ((string)other.Object["kind"]!, (string?)other.Object["metadata"]?["name"]);
            var places = new List<YamlNode?>();
            if (ReferenceEquals(this, other))
                places.Add(At(At(Written, "metadata"), "name"));
            if (kind == "ValidatingAdmissionPolicy")
                places.Add(At(At(Written, "spec"), "policyName"));
            var named = (At(Written, "subjects") as YamlSequenceNode)?.Children.Append(At(Written, "roleRef")) ?? [];
            places.AddRange(named.Where(n => (At(n, "kind") as YamlScalarNode)?.Value == kind).Select(n => At(n, "name")));
            return places.OfType<YamlScalarNode>().Where(p => p.Value == name).Select(p => (p.Start, p.End));
        }

        private static YamlNode? At(YamlNode? node, string key) => (node as YamlMappingNode)?.Children.FirstOrDefault(c => c.Key is YamlScalarNode { Value: var k } && k == key).Value;
    }
}
