namespace SecuritySpecs.Rbac;

/// <summary>How a subject comes by a right.</summary>
/// <param name="Right">The right.</param>
/// <param name="Subject">Who has it.</param>
/// <param name="Namespace">Where; null for the whole cluster.</param>
/// <param name="Binding">The binding that gives it; null for system:masters, which needs none.</param>
/// <param name="Names">The only objects that it is about; empty for all.</param>
/// <param name="Example">A request that the binding allows.</param>
public sealed record RightGrant(
    DangerousRight Right, RbacSubject Subject, string? Namespace, RbacBinding? Binding, IReadOnlyList<string> Names, AccessRequest Example)
{
    /// <summary>Subject, scope and cause in one line.</summary>
    public override string ToString() =>
        $"{Subject} can {Right.Id} in {(Namespace is null ? "the whole cluster" : $"namespace {Namespace}")}"
        + (Names.Count == 0 ? "" : $", of the names {string.Join(", ", Names)},")
        + (Binding is null ? " without any binding: the API server lets this group do everything" : $" by {Binding}");
}

/// <summary>
/// Answers for a whole cluster what its RBAC allows, by its objects alone and as the API server's RBAC authoriser would.
/// Other authorisers (the Node authoriser, webhooks) are not looked at.
/// </summary>
public sealed class RbacAnalysis
{
    private readonly Dictionary<(string? Namespace, string Name), RbacRole> _roles = [];
    private readonly Dictionary<RbacSubject, List<RbacBinding>> _bindings = [];
    private readonly Dictionary<DangerousRight, Dictionary<RbacRole, RoleGrant?>> _grants = [];
    private readonly List<(RbacBinding Binding, RbacRole Role)> _given = [];

    /// <summary>Prepares the analysis of a snapshot.</summary>
    public RbacAnalysis(RbacSnapshot snapshot)
    {
        foreach (var role in snapshot.Roles)
            _roles[(role.Namespace, role.Name)] = role;
        foreach (var binding in snapshot.Bindings)
        {
            if (RoleOf(binding) is { } role)
                _given.Add((binding, role));
            foreach (var subject in binding.Subjects)
            {
                if (!_bindings.TryGetValue(subject, out var list))
                    _bindings[subject] = list = [];
                list.Add(binding);
            }
        }
    }

    /// <summary>Whether somebody may do something.</summary>
    /// <param name="user">User name.</param>
    /// <param name="groups">All groups of the user, those that the API server adds included.</param>
    /// <param name="request">What is asked.</param>
    public bool Allows(string user, IReadOnlyCollection<string> groups, AccessRequest request) =>
        groups.Contains(RbacSubject.Masters)
        || groups.Select(RbacSubject.Group).Prepend(RbacSubject.User(user)).Any(s => _bindings.GetValueOrDefault(s)?.Any(b => Allows(b, request)) == true);

    /// <summary>Everybody who has a right: the subjects as the bindings name them.</summary>
    /// <param name="right">The right.</param>
    /// <param name="namespace">Only where it holds in this namespace, by a binding there or for the whole cluster; null for anywhere.</param>
    public IReadOnlyList<RightGrant> WhoCan(DangerousRight right, string? @namespace = null)
    {
        var grants = new List<RightGrant> { new(right, RbacSubject.Group(RbacSubject.Masters), null, null, [], right.Questions[0].Example(null, "")) };
        var ofRoles = GrantsOf(right);
        foreach (var (binding, role) in _given)
        {
            if ((@namespace is null || binding.Namespace is null || binding.Namespace == @namespace)
                && ofRoles[role] is { } grant && (binding.Namespace is null ? grant.Cluster : grant.Namespaced) is { } found)
            {
                var example = found.Question.Example(binding.Namespace, found.Names.FirstOrDefault(""));
                foreach (var subject in binding.Subjects)
                    grants.Add(new(right, subject, binding.Namespace, binding, found.Names, example));
            }
        }

        return [.. grants, .. ByTwoRequests(right, @namespace).Where(g => !grants.Exists(o => o.Binding == g.Binding && o.Subject == g.Subject))];
    }

    /// <summary>The role that a binding refers to; null where there is none, and the binding gives nothing.</summary>
    public RbacRole? RoleOf(RbacBinding binding) => _roles.GetValueOrDefault((binding.ToClusterRole ? null : binding.Namespace ?? "", binding.Role));

    // Each binding that gives one of two requests, for the subjects that have the other one there, by whichever binding.
    private IEnumerable<RightGrant> ByTwoRequests(DangerousRight right, string? @namespace) =>
        from question in right.Questions
        let other = question.With
        where other is not null
        // First the bindings with what few have: they are the reason.
        from pair in ((RightQuestion One, RightQuestion Other)[])[(other, question), (question, other)]
        from given in _given
        where @namespace is null || given.Binding.Namespace is null || given.Binding.Namespace == @namespace
        let found = Found(given.Role, [pair.One])
        where found is not null
        from subject in given.Binding.Subjects
        where Holds(subject, pair.Other, given.Binding.Namespace)
        select new RightGrant(right, subject, given.Binding.Namespace, given.Binding, found.Names, found.Question.Example(given.Binding.Namespace, found.Names.FirstOrDefault("")));

    // By its own bindings and those of the groups that it is in.
    private bool Holds(RbacSubject subject, RightQuestion question, string? @namespace) =>
        subject.Identity.Groups.Select(RbacSubject.Group).Prepend(RbacSubject.User(subject.Identity.User)).Prepend(subject).Distinct()
            .SelectMany(s => _bindings.GetValueOrDefault(s) ?? [])
            .Any(b => (b.Namespace is null || b.Namespace == @namespace) && RoleOf(b) is { } role && Found(role, [question]) is not null);

    private bool Allows(RbacBinding binding, AccessRequest request) =>
        (binding.Namespace is null || (request.Url is null && binding.Namespace == request.Namespace))
        && RoleOf(binding) is { } role && role.Rules.Any(r => r.Allows(request));

    // Once for each role, however many bindings refer to it.
    private Dictionary<RbacRole, RoleGrant?> GrantsOf(DangerousRight right)
    {
        if (!_grants.TryGetValue(right, out var grants))
        {
            _grants[right] = grants = new(ReferenceEqualityComparer.Instance);
            var questions = right.Questions.Where(q => q.With is null).ToList();
            foreach (var role in _roles.Values)
                grants[role] = Found(role, questions) is { } cluster ? new(cluster, Found(role, questions.Where(q => q.InNamespaces))) : null;
        }

        return grants;
    }

    // All objects rather than some; of some, every name.
    private static FoundRule? Found(RbacRole role, IEnumerable<RightQuestion> questions)
    {
        FoundRule? named = null;
        foreach (var question in questions)
        {
            foreach (var rule in role.Rules.Where(question.IsAnsweredBy))
            {
                if (rule.Names.Count == 0)
                    return new(question.As(rule), []);
                named = named is null ? new(question.As(rule), rule.Names) : named with { Names = [.. named.Names.Union(rule.Names)] };
            }
        }

        return named;
    }

    private sealed record FoundRule(RightQuestion Question, IReadOnlyList<string> Names);

    private sealed record RoleGrant(FoundRule Cluster, FoundRule? Namespaced);
}
