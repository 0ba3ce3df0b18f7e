namespace SecuritySpecs.Rbac;

/// <summary>What a subject of a binding is.</summary>
public enum SubjectKind
{
    /// <summary>A user, by name.</summary>
    User,

    /// <summary>A group, by name.</summary>
    Group,

    /// <summary>A ServiceAccount, by namespace and name.</summary>
    ServiceAccount,
}

/// <summary>Whom a binding gives its role to. A ServiceAccount that is written as the user that it is, is a ServiceAccount here.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Name of the user or group; <c>NAMESPACE/NAME</c> of a ServiceAccount.</param>
public sealed record RbacSubject(SubjectKind Kind, string Name)
{
    /// <summary>Everybody who is in this group may do everything: the API server asks no authoriser.</summary>
    public const string Masters = "system:masters";

    /// <summary>The group of everybody who proved who they are.</summary>
    public const string Authenticated = "system:authenticated";

    /// <summary>The group of everybody who did not.</summary>
    public const string Unauthenticated = "system:unauthenticated";

    /// <summary>The user that everybody is who did not prove who they are.</summary>
    public const string Anonymous = "system:anonymous";

    /// <summary>The group of all ServiceAccounts.</summary>
    public const string ServiceAccounts = "system:serviceaccounts";

    private const string AccountPrefix = "system:serviceaccount:";

    /// <summary>A user; a ServiceAccount where the name is one's.</summary>
    public static RbacSubject User(string name) => name.StartsWith(AccountPrefix, StringComparison.Ordinal) && name.Split(':') is [_, _, var space, var account]
        ? Account(space, account)
        : new(SubjectKind.User, name);

    /// <summary>A group.</summary>
    public static RbacSubject Group(string name) => new(SubjectKind.Group, name);

    /// <summary>A ServiceAccount.</summary>
    public static RbacSubject Account(string @namespace, string name) => new(SubjectKind.ServiceAccount, $"{@namespace}/{name}");

    /// <summary>The namespace of a ServiceAccount; null for any other subject.</summary>
    public string? AccountNamespace => Kind == SubjectKind.ServiceAccount ? Name[..Name.IndexOf('/', StringComparison.Ordinal)] : null;

    /// <summary>Whether it stands for people and programs that nobody has chosen: everybody, or every account (of a namespace).</summary>
    public bool IsBroad => Kind == SubjectKind.Group
        ? Name is Authenticated or Unauthenticated or ServiceAccounts || Name.StartsWith(ServiceAccounts + ":", StringComparison.Ordinal)
        : this == User(Anonymous);

    /// <summary>
    /// Who asks when this subject asks and nothing else is known of it: a ServiceAccount has its groups, a member of a group
    /// is somebody of whom nothing else is known.
    /// </summary>
    public (string User, IReadOnlyList<string> Groups) Identity => (Kind, Name) switch
    {
        (SubjectKind.ServiceAccount, _) => (AccountPrefix + Name.Replace('/', ':'), [ServiceAccounts, $"{ServiceAccounts}:{AccountNamespace}", Authenticated]),
        (SubjectKind.User, Anonymous) or (SubjectKind.Group, Unauthenticated) => (Anonymous, [Unauthenticated]),
        (SubjectKind.User, _) => (Name, [Authenticated]),
        (_, Authenticated) => ("somebody", [Authenticated]),
        _ => ("somebody", [Name, Authenticated]),
    };

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        SubjectKind.User => $"user {Name}",
        SubjectKind.Group => $"group {Name}",
        _ => $"service account {Name}",
    };
}
