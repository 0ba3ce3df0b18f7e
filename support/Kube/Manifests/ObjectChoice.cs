namespace SecuritySpecs.Kube.Manifests;

/// <summary>Objects of a file that are chosen by kind, and by name and namespace where these are told.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Namespace">As the file has it; null for any.</param>
/// <param name="Name">As the file has it; null for any.</param>
/// <param name="As">The name by which the scenarios find it; null for its own.</param>
/// <param name="Error">The error for the place where it is chosen.</param>
internal sealed partial record ObjectChoice(string Kind, string? Namespace, string? Name, string? As, Func<string, BadInputException> Error)
{
    /// <summary>Reads <c>KIND</c>, <c>KIND/NAME</c> or <c>KIND/NAMESPACE/NAME</c>, with <c>as NAME</c> behind it where it is another's name.</summary>
    /// <exception cref="BadInputException">It is none of these.</exception>
    public static ObjectChoice Of(string text, Func<string, BadInputException> error)
    {
        if (Form().Match(text) is not { Success: true } match)
            throw error($"expected KIND, KIND/NAME or KIND/NAMESPACE/NAME, and \"as NAME\" where the scenarios look for another name, but found \"{text}\"");
        string? Part(string name) => match.Groups[name] is { Success: true } part ? part.Value : null;
        return new(match.Groups["kind"].Value, Part("space"), Part("name"), Part("as"), error);
    }

    /// <summary>Whether it chooses an object.</summary>
    public bool Fits(JsonObject @object) => (string?)@object["kind"] == Kind && (Name is null || (string?)@object["metadata"]?["name"] == Name)
        && (Namespace is null || (string?)@object["metadata"]?["namespace"] == Namespace);

    /// <inheritdoc/>
    public override string ToString() => string.Join('/', ((string?[])[Kind, Namespace, Name]).OfType<string>());

    [GeneratedRegex(@"^(?<kind>[A-Za-z]+)(/((?<space>[^\s/]+)/)?(?<name>[^\s/]+)( as (?<as>[^\s/]+))?)?\z")]
    private static partial Regex Form();
}
