using SecuritySpecs.Cluster;
using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Rbac;

namespace SecuritySpecs.Drivers.RbacAndQuotas;

/// <summary>
/// Who can do what is dangerous, on the platform as one scenario sees it: the cluster as it was, and what the scenario itself
/// has put there. What other scenarios do at the same time is left out, and what they left behind when they ended is not.
/// </summary>
/// <param name="scenario">The scenario.</param>
public sealed class RightsAnalysis(ScenarioPlatform scenario)
{
    // A change of RBAC reaches the authoriser within tens of milliseconds, an aggregated ClusterRole a little later.
    private static readonly TimeSpan RbacDeadline = TimeSpan.FromSeconds(10);

    private readonly RightsOwners _owners = RightsOwners.Parse(scenario.Files.SourceOf(RightsOwners.FileName));
    private readonly AccessReview _review = new(scenario.Admin);

    /// <summary>Everybody beyond the declared owners who holds a right.</summary>
    public async Task<IReadOnlyList<RightGrant>> BeyondOwnersAsync(DangerousRight right)
    {
        var found = (await ReadAsync()).BeyondOwners(right);
        scenario.Note("analysis", $"who can {right} beyond the declared owners: {Told(found)}");
        return found;
    }

    /// <summary>Everybody beyond the declared owners, for every right, by one reading of the cluster.</summary>
    public async Task<IReadOnlyDictionary<DangerousRight, IReadOnlyList<RightGrant>>> AllBeyondOwnersAsync()
    {
        var report = await ReadAsync();
        var found = DangerousRight.All.ToDictionary(r => r, report.BeyondOwners);
        scenario.Note("analysis", $"beyond the declared owners: {Told([.. found.SelectMany(f => f.Value).Select(g => g.Subject).Distinct()])}");
        return found;
    }

    /// <summary>The declared owners who do hold a right.</summary>
    public async Task<IReadOnlyList<RightGrant>> OwnersAsync(DangerousRight right)
    {
        var found = (await ReadAsync()).Owners(right);
        scenario.Note("analysis", $"declared owners who can {right}: {Told(found)}");
        return found;
    }

    /// <summary>Waits until somebody is found who holds a right beyond the declared owners.</summary>
    /// <param name="right">The right.</param>
    /// <param name="subject">Who.</param>
    /// <param name="namespace">Where; null for the whole cluster.</param>
    /// <exception cref="TimeoutException">He is not; the message tells who is.</exception>
    public async Task<RightGrant> FindAsync(DangerousRight right, RbacSubject subject, string? @namespace)
    {
        var found = await Poll.UntilAsync($"the analysis to find that {subject} can {right} in {@namespace ?? "the whole cluster"}",
            () => BeyondOwnersAsync(right), all => Of(all).Any(), Told, RbacDeadline);
        return Of(found).First();

        IEnumerable<RightGrant> Of(IEnumerable<RightGrant> all) => all.Where(g => g.Subject == subject && g.Namespace == @namespace);
    }

    /// <summary>Waits until somebody is not found any more to hold a right beyond the declared owners.</summary>
    /// <exception cref="TimeoutException">He still is; the message tells how.</exception>
    public Task NotFoundAsync(DangerousRight right, RbacSubject subject) => Poll.UntilAsync(
        $"the analysis to find no longer that {subject} can {right}", () => BeyondOwnersAsync(right), all => all.All(g => g.Subject != subject), Told, RbacDeadline);

    /// <summary>What subjects that nobody has chosen were given beyond what is declared for everybody.</summary>
    public async Task<IReadOnlyList<BroadGrant>> BroadBindingsAsync()
    {
        var found = (await ReadAsync()).BroadBindings();
        scenario.Note("analysis", $"given to everybody beyond what is declared: {Told(found)}");
        return found;
    }

    /// <summary>The subresources of pods, namespaces, nodes and quotas that this cluster serves, and that the analysis neither asks for nor calls harmless; sorted.</summary>
    public async Task<IReadOnlyList<string>> UnknownSubresourcesAsync()
    {
        var served = (await scenario.Admin.GetAsync("/api/v1")).OrThrow().Body!["resources"]!.AsArray().Select(r => (string)r!["name"]!)
            .Where(name => name.Split('/') is ["pods" or "namespaces" or "nodes" or "resourcequotas", _]).ToList();
        var asked = DangerousRight.All.SelectMany(r => r.Questions).Select(q => $"{q.Resource}/{q.Subresource}").ToHashSet();
        return served.Count == 0 ? throw new InvalidOperationException("The cluster serves no subresource: nothing was looked at.")
            : [.. served.Where(s => !asked.Contains(s) && !DangerousRight.HarmlessSubresources.ContainsKey(s)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The second oracle: waits until the API server's own review of a request says what the analysis says.</summary>
    /// <param name="subject">Who would make the request, alone by being this subject.</param>
    /// <param name="request">The request.</param>
    /// <param name="allowed">What the analysis says.</param>
    /// <exception cref="TimeoutException">It says otherwise.</exception>
    public Task ConfirmAsync(RbacSubject subject, AccessRequest request, bool allowed) => Poll.UntilAsync(
        $"SubjectAccessReview to {(allowed ? "allow" : "deny")} {subject} to {request}, as the analysis does",
        () => _review.AllowsAsync(subject.Identity.User, subject.Identity.Groups, request), a => a.Allowed == allowed,
        a => $"{(a.Allowed ? "allowed" : "denied")} ({a.Reason})", RbacDeadline);

    private async Task<WhoCanReport> ReadAsync()
    {
        var platform = scenario.Platform;
        // Before the reading: who ends while it lasts may have been in the middle of its work. And runs that live before or after it.
        var others = new OthersAtWork(platform.Options.RunId, scenario.Id, platform.EndedScenarios.Keys.ToHashSet(), await ClusterLease.LiveRunsAsync(platform.Admin));
        // Of the many namespaces that other scenarios have, nothing is even read.
        var snapshot = await RbacSnapshot.ReadAsync(scenario.Admin, Leftovers.SharedNamespaces, "!" + RunLabels.Run, $"{RunLabels.Scenario}={scenario.Id}");
        snapshot = snapshot.Without((others with { LiveRuns = others.LiveRuns.Union(await ClusterLease.LiveRunsAsync(platform.Admin)).ToHashSet() }).Have);
        return new(new(snapshot), snapshot, _owners);
    }

    private static string Told<T>(IReadOnlyList<T> found) => found.Count == 0 ? "nobody" : string.Join("; ", found);
}
