using SecuritySpecs.Drivers.RbacAndQuotas;
using SecuritySpecs.Rbac;

namespace SecuritySpecs.Steps.RbacAndQuotas;

/// <summary>Who holds dangerous rights, by an analysis of the whole cluster's RBAC and by the API server's own reviews.</summary>
[Binding]
public sealed class WhoCanSteps(ScenarioPlatform scenario, RightsAnalysis analysis, StrayRights stray, PersonaDriver personas)
{
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

    [Then("beyond the declared owners only the account of the {persona} can do what is dangerous")]
    public async Task ThenOnlyOneAccount(Persona persona)
    {
        var (@namespace, name) = personas.AccountOf(persona);
        foreach (var (right, found) in await analysis.AllBeyondOwnersAsync())
            found.Select(g => g.Subject).Distinct().Should().Equal([RbacSubject.Account(@namespace, name)], "he alone can {0}", right);
    }

    [Then("tenant {string} is a declared owner that can {right} in the namespace of tenant {string}")]
    public async Task ThenATenantIsAnOwner(string who, DangerousRight right, string whose)
    {
        var own = (await analysis.OwnersAsync(right)).Where(g => g.Subject == Account(who)).ToList();
        own.Should().NotBeEmpty().And.OnlyContain(g => g.Namespace == scenario[whose].Namespace);
        await analysis.ConfirmAsync(own[0].Subject, own[0].Example, allowed: true);
    }

    [When("a stray role gives tenant {string} the verb {string} on {string} in the whole cluster")]
    public Task WhenAStrayRight(string guest, string verb, string resource) => stray.GiveAsync(scenario[guest], verb, resource, host: null);

    [When("a stray role gives tenant {string} the verb {string} on {string} in the namespace of tenant {string}")]
    public Task WhenAStrayRightNextDoor(string guest, string verb, string resource, string host) => stray.GiveAsync(scenario[guest], verb, resource, scenario[host]);

    [When("the stray role is removed")]
    public Task WhenTheStrayRoleIsRemoved() => stray.TakeBackAsync();

    [Given("tenant {string} has a dashboard whose role collects its rules by label")]
    public Task GivenADashboard(string guest) => stray.GiveDashboardAsync(scenario[guest]);

    [When("a plugin adds the right to read secrets to the dashboard's role")]
    public Task WhenAPlugin() => stray.AddPluginAsync();

    [When("the plugin is removed")]
    public Task WhenThePluginIsRemoved() => stray.TakeBackAsync();

    [When("an open door lets the group {string} read the secrets of tenant {string}")]
    public Task WhenAnOpenDoor(string group, string host) => stray.OpenDoorAsync(group, scenario[host]);

    [When("the open door is closed")]
    public Task WhenTheDoorIsClosed() => stray.TakeBackAsync();

    [Then("the analysis finds that tenant {string} can {right} in the whole cluster")]
    public Task ThenFoundInTheCluster(string who, DangerousRight right) => FindAsync(right, Account(who), null);

    [Then("the analysis finds that tenant {string} can {right} in the namespace of tenant {string}")]
    public Task ThenFoundIn(string who, DangerousRight right, string whose) => FindAsync(right, Account(who), scenario[whose].Namespace);

    [Then("the analysis finds that the group {string} can {right} in the namespace of tenant {string}")]
    public Task ThenTheGroupIsFound(string group, DangerousRight right, string whose) => FindAsync(right, RbacSubject.Group(group), scenario[whose].Namespace);

    [Then("the analysis finds that tenant {string} can do everything that is dangerous in the whole cluster")]
    public async Task ThenEverythingIsFound(string who)
    {
        var found = (await analysis.AllBeyondOwnersAsync()).Select(f => f.Value.FirstOrDefault(g => g.Subject == Account(who) && g.Namespace is null)).ToList();
        found.Should().NotContainNulls("one binding gives all");
        found.Select(g => g!.Binding?.Name).Should().AllBe(stray.Binding, "the mistake was made there");
        await Task.WhenAll(found.Select(g => analysis.ConfirmAsync(g!.Subject, g.Example, allowed: true)));
        stray.Found = found[0]!;
    }

    [Then("tenant {string} is no longer found to be able to {right}")]
    public async Task ThenNoLongerFound(string who, DangerousRight right)
    {
        await analysis.NotFoundAsync(right, Account(who));
        await analysis.ConfirmAsync(Account(who), stray.Found.Example, allowed: false);
    }

    [Then("the analysis finds the group {string} among those that stand for everybody")]
    public async Task ThenTheBroadGroupIsFound(string group)
    {
        var broad = (await analysis.BroadBindingsAsync()).Where(b => b.Subject == RbacSubject.Group(group)).ToList();
        broad.Should().NotBeEmpty().And.OnlyContain(b => b.Binding.Name == stray.Binding);
    }

    [Then("everybody may do only what is declared for everybody")]
    public async Task ThenNothingIsBroad() =>
        (await analysis.BroadBindingsAsync()).Select(b => b.ToString()).Should().BeEmpty("{0} declares what everybody may do", RightsOwners.FileName);

    private RbacSubject Account(string tenant) => RbacSubject.Account(scenario[tenant].Namespace, Tenant.ServiceAccount);

    private async Task FindAsync(DangerousRight right, RbacSubject subject, string? @namespace)
    {
        stray.Found = await analysis.FindAsync(right, subject, @namespace);
        stray.Found.Binding?.Name.Should().Be(stray.Binding, "the mistake was made there");
        await analysis.ConfirmAsync(subject, stray.Found.Example, allowed: true);
    }
}
