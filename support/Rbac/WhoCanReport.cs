namespace SecuritySpecs.Rbac;

/// <summary>A right that everybody, or every account, was given.</summary>
/// <param name="Subject">Whom it was given to.</param>
/// <param name="Binding">The binding that gives it.</param>
/// <param name="Request">What it allows, each part as the rule writes it.</param>
public sealed record BroadGrant(RbacSubject Subject, RbacBinding Binding, AccessRequest Request)
{
    /// <summary>Subject, right and cause in one line.</summary>
    public override string ToString() => $"{Subject} may {Request} by {Binding}";
}

/// <summary>Everybody who holds more than was declared.</summary>
/// <param name="analysis">The analysis of the snapshot.</param>
/// <param name="snapshot">The snapshot.</param>
/// <param name="owners">Who may hold what.</param>
public sealed class WhoCanReport(RbacAnalysis analysis, RbacSnapshot snapshot, RightsOwners owners)
{
    /// <summary>Everybody beyond the declared owners and the system's components who holds a right.</summary>
    public IReadOnlyList<RightGrant> BeyondOwners(DangerousRight right) => [.. WhoCan(right)
        .Where(g => !owners.Components.Any(c => c.Matches(g.Subject)) && !owners.Owners.Any(o => o.Covers(g, snapshot)))];

    /// <summary>The declared owners who do hold a right.</summary>
    public IReadOnlyList<RightGrant> Owners(DangerousRight right) =>
        [.. WhoCan(right).Where(g => owners.Owners.Any(o => o.Covers(g, snapshot)))];

    /// <summary>Every right, dangerous or not, of subjects that nobody has chosen, beyond what is declared for everybody.</summary>
    public IReadOnlyList<BroadGrant> BroadBindings() =>
    [
        .. from binding in snapshot.Bindings
           where binding.Subjects.Any(s => s.IsBroad)
           let role = analysis.RoleOf(binding)
           where role is not null
           from subject in binding.Subjects.Where(s => s.IsBroad).Distinct()
           from request in role.Rules.SelectMany(r => Requests(r, binding.Namespace ?? "")).Distinct()
           where !IsEverybodys(subject, request)
           select new BroadGrant(subject, binding, request),
    ];

    // The objects of extensions included by which the same is done.
    private IEnumerable<RightGrant> WhoCan(DangerousRight right) => analysis.WhoCan(owners.Widened(right));

    private bool IsEverybodys(RbacSubject subject, AccessRequest request) => owners.Everybody.Any(e =>
        e.Who.Any(w => w.Matches(subject)) && (e.Namespace is null || e.Namespace == request.Namespace) && e.Rule.Allows(request));

    // A wildcard stays one: it is allowed only where the declaration has it, too.
    private static IEnumerable<AccessRequest> Requests(RbacRule rule, string @namespace) =>
        (from verb in rule.Verbs
         from apiGroup in rule.Groups
         from resource in rule.Resources
         let parts = resource.Split('/', 2)
         from name in rule.Names.DefaultIfEmpty("")
         select new AccessRequest(verb, apiGroup, parts[0], parts.ElementAtOrDefault(1) ?? "", name, @namespace))
        // A RoleBinding gives no right to a URL.
        .Concat(from verb in rule.Verbs from url in @namespace.Length == 0 ? rule.Urls : [] select AccessRequest.ForUrl(verb, url));
}
