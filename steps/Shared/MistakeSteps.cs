namespace SecuritySpecs.Steps.Shared;

/// <summary>Mistakes that are made on purpose, each a file of fleet-fixtures/drills, and taken back.</summary>
[Binding]
public sealed class MistakeSteps(ScenarioPlatform scenario, MistakeDriver mistakes)
{
    [StepArgumentTransformation("(" + Subject.Forms + ")", Name = "subject")]
    public static Subject ToSubject(string words) => Subject.Of(words);

    [StepArgumentTransformation("(" + Scope.OptionalForms + ")", Name = "namespace")]
    public static Scope ToNamespace(string words) => Scope.Of(words);

    [When("{subject} is granted the role {string}{namespace}")]
    public Task WhenARole(Subject subject, string role, Scope where)
    {
        var guest = subject.Tenant is { } name ? scenario[name] : null;
        return mistakes.GrantRoleAsync(role, guest, subject.Group, where.Tenant is { } host ? scenario[host] : guest!);
    }

    [When("tenant {string} is granted the verb {string} on {string} {scope}")]
    public Task WhenAVerb(string guest, string verb, string resource, Scope scope) =>
        mistakes.GrantVerbAsync(scenario[guest], verb, resource, scope.Tenant is { } host ? scenario[host] : null);

    [When("the network policy {string} is added to the namespace of tenant {string}")]
    public Task WhenAPolicy(string policy, string tenant) => mistakes.MakeAsync($"policy-{policy}", new() { ["NAMESPACE"] = scenario[tenant].Namespace });

    [When("the grant/policy/plugin is removed")]
    public Task WhenTakenBack() => mistakes.TakeBackAsync();
}
