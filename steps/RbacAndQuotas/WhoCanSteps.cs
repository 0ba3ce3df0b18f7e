using SecuritySpecs.Drivers.RbacAndQuotas;
using SecuritySpecs.Rbac;

namespace SecuritySpecs.Steps.RbacAndQuotas;

/// <summary>Who holds dangerous rights, by an analysis of the whole cluster's RBAC and by the API server's own reviews.</summary>
[Binding]
public sealed class WhoCanSteps(ScenarioPlatform scenario, RightsAnalysis analysis, MistakeDriver mistakes, PersonaDriver personas)
{
    private RightGrant? _found;

    [StepArgumentTransformation("(" + DangerousRight.Phrases + ")", Name = "right")]
    public static DangerousRight ToRight(string phrase) => DangerousRight.Of(phrase);

    [Then("the declared owners can {right}")]
    public async Task ThenOwnersCan(DangerousRight right)
    {
        var owners = await analysis.OwnersAsync(right);
        owners.Should().NotBeEmpty("somebody must be able to run the platform");
        await Task.WhenAll(owners.Select(o => analysis.ConfirmAsync(o.Subject, o.Example, allowed: true)));
    }

    [Then("nobody beyond the declared owners can {right}")]
    public async Task ThenNobodyElseCan(DangerousRight right) =>
        (await analysis.BeyondOwnersAsync(right)).Select(g => g.ToString()).Should().BeEmpty("{0}; {1} declares who may", right.Why, RightsOwners.FileName);

    [Then("beyond the declared owners only {actor} holds dangerous rights")]
    public async Task ThenOnlyOneAccount(Actor actor)
    {
        var (@namespace, name) = personas.AccountOf(actor.Persona!);
        foreach (var (right, found) in await analysis.AllBeyondOwnersAsync())
            found.Select(g => g.Subject).Distinct().Should().Equal([RbacSubject.Account(@namespace, name)], "he alone can {0}", right);
    }

    [Then("tenant {string} is declared to be able to {right} in the namespace of tenant {string}")]
    public async Task ThenATenantIsAnOwner(string who, DangerousRight right, string whose)
    {
        var own = (await analysis.OwnersAsync(right)).Where(g => g.Subject == Account(who)).ToList();
        own.Should().NotBeEmpty().And.OnlyContain(g => g.Namespace == scenario[whose].Namespace);
        await analysis.ConfirmAsync(own[0].Subject, own[0].Example, allowed: true);
    }

    [Given("tenant {string} has a dashboard whose role collects its rules by label")]
    public Task GivenADashboard(string guest) => mistakes.MakeAsync("dashboard-role", new() { ["NAME"] = Dashboard, ["GUEST_NAMESPACE"] = scenario[guest].Namespace });

    [When("a plugin adds the right to read secrets to the dashboard's role")]
    public Task WhenAPlugin() => mistakes.MakeAsync("dashboard-plugin", new() { ["NAME"] = Dashboard });

    [Then("the analysis finds that {subject} can {right} {scope}")]
    public async Task ThenFound(Subject who, DangerousRight right, Scope scope)
    {
        var subject = who.Tenant is { } tenant ? Account(tenant) : RbacSubject.Group(who.Group!);
        _found = await analysis.FindAsync(right, subject, scope.Tenant is { } host ? scenario[host].Namespace : null);
        _found.Binding?.Name.Should().Be(mistakes.Binding, "the mistake was made there");
        await analysis.ConfirmAsync(subject, _found.Example, allowed: true);
    }

    [Then("the analysis finds that tenant {string} holds every dangerous right in the whole cluster")]
    public async Task ThenEverythingIsFound(string who)
    {
        var found = (await analysis.AllBeyondOwnersAsync()).Select(f => f.Value.FirstOrDefault(g => g.Subject == Account(who) && g.Namespace is null)).ToList();
        found.Should().NotContainNulls("one binding gives all");
        found.Select(g => g!.Binding?.Name).Should().AllBe(mistakes.Binding, "the mistake was made there");
        await Task.WhenAll(found.Select(g => analysis.ConfirmAsync(g!.Subject, g.Example, allowed: true)));
        _found = found[0]!;
    }

    [Then("the analysis no longer finds that tenant {string} can {right}")]
    public async Task ThenNoLongerFound(string who, DangerousRight right)
    {
        await analysis.NotFoundAsync(right, Account(who));
        await analysis.ConfirmAsync(Account(who), Found.Example, allowed: false);
    }

    [Then("the analysis finds the group {string} among those that stand for everybody")]
    public async Task ThenTheBroadGroupIsFound(string group)
    {
        var broad = (await analysis.BroadBindingsAsync()).Where(b => b.Subject == RbacSubject.Group(group)).ToList();
        broad.Should().NotBeEmpty().And.OnlyContain(b => b.Binding.Name == mistakes.Binding);
    }

    [Then("the analysis asks for every subresource of pods, namespaces, nodes and quotas that the cluster serves, or says why not")]
    public async Task ThenNoneIsUnknown() => (await analysis.UnknownSubresourcesAsync()).Should().BeEmpty("a subresource has a right of its own, which the one of its resource does not give");

    [Then("everybody may do only what is declared for everybody")]
    public async Task ThenNothingIsBroad() =>
        (await analysis.BroadBindingsAsync()).Select(b => b.ToString()).Should().BeEmpty("{0} declares what everybody may do", RightsOwners.FileName);

    private string Dashboard => scenario.Unique("dashboard");

    private RightGrant Found => _found ?? throw new InvalidOperationException("No step of this scenario has found anything yet.");

    private RbacSubject Account(string tenant) => RbacSubject.Account(scenario[tenant].Namespace, Tenant.ServiceAccount);
}
