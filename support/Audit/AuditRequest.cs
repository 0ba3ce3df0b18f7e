namespace SecuritySpecs.Audit;

/// <summary>A request to the API server, as far as an audit policy looks at it.</summary>
/// <param name="User">The user name of whoever asks.</param>
/// <param name="Groups">His groups.</param>
/// <param name="Verb">The verb.</param>
/// <param name="Resource">The resource.</param>
/// <param name="Namespace">The namespace; empty for the cluster scope.</param>
/// <param name="Name">The object; empty for a collection.</param>
public sealed record AuditRequest(string User, IReadOnlyList<string> Groups, string Verb, AuditedResource Resource, string Namespace = "", string Name = "");

/// <summary>A resource that an event is about.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Name">The resource.</param>
/// <param name="Subresource">The subresource; empty for none.</param>
public sealed record AuditedResource(string Group, string Name, string Subresource)
{
    /// <summary>The resource with its subresource: <c>pods/exec</c>.</summary>
    public string Path => Subresource.Length == 0 ? Name : $"{Name}/{Subresource}";

    /// <summary>The resource as kubectl writes it: <c>RESOURCE[/SUBRESOURCE]</c>, with <c>.GROUP</c> outside the core group.</summary>
    public static AuditedResource Of(string text)
    {
        var (path, group) = text.Split('.', 2) is [var before, var after] ? (before, after) : (text, "");
        return path.Split('/', 2) is [var name, var sub] ? new(group, name, sub) : new(group, path, "");
    }

    /// <inheritdoc/>
    public override string ToString() => Group.Length == 0 ? Path : $"{Path}.{Group}";
}
