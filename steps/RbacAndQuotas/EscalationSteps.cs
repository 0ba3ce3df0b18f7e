using SecuritySpecs.Drivers.RbacAndQuotas;

namespace SecuritySpecs.Steps.RbacAndQuotas;

/// <summary>Ways from a small right to another tenant's secret.</summary>
[Binding]
public sealed class EscalationSteps(ScenarioPlatform scenario, ScenarioState state, EscalationDriver escalation)
{
    [Given("tenant {string} has the duty {string}{namespace}{mistake}")]
    [When("tenant {string} has the duty {string}{namespace}{mistake}")]
    public Task ADuty(string tenant, string duty, Scope where, ManifestEdit? mistake) =>
        escalation.GiveDutyAsync(duty, scenario[tenant], scenario[where.Tenant ?? tenant], mistake);

    [Given("tenant {string} with an operator that may read every secret")]
    public Task GivenAnOperator(string tenant) => escalation.AddOperatorAsync(tenant);

    [Given("the operator of tenant {string} runs")]
    public Task TheOperatorRuns(string tenant) => escalation.RunOperatorAsync(scenario[tenant]);

    [Given("the cluster signs certificates in the name of the operator of tenant {string}")]
    public Task GivenASigner(string tenant) => escalation.SignCertificateAsync(scenario[tenant]);

    [When("the operator of tenant {string} loses its rights")]
    public Task WhenTheOperatorLosesItsRights(string tenant) => escalation.DisarmOperatorAsync(scenario[tenant]);

    [Given("tenant {string} runs a pod that holds its secret")]
    public Task GivenASecretHolder(string tenant) => escalation.HoldSecretAsync(scenario[tenant]);

    [When("a thief logs in with what the answer gave away of the operator of tenant {string}")]
    public void WhenAThiefLogsIn(string tenant) => escalation.LoginWithLoot(state.Attempt, scenario[tenant]);

    [When("tenant {string} reads the kubelet's directory in its pod")]
    public async Task WhenReadingTheKubeletsDirectory(string tenant)
    {
        state.Pod.Tenant.Should().Be(scenario[tenant], "the step is about the pod that runs");
        state.Attempt = state.Attempt with { Answer = await EscalationDriver.ReadSecretsOfNodeAsync(state.Pod) };
    }

    [Then("the kubelet turns tenant {string} away from the pod of tenant {string}")]
    public async Task ThenTheKubeletTurnsAway(string who, string whose)
    {
        var answer = await AtTheKubeletAsync(who, whose);
        (answer.Code == 403 && answer.Message!.StartsWith($"Forbidden (user={scenario[who].Developer.User}, verb=get, resource=nodes, subresource", StringComparison.Ordinal))
            .Should().BeTrue("the kubelet should refuse for want of get on nodes/proxy: {0}", answer);
    }

    [Then("the kubelet runs a command for tenant {string} in the pod of tenant {string}")]
    public async Task ThenTheKubeletRuns(string who, string whose)
    {
        state.Attempt = state.Attempt with { Answer = await AtTheKubeletAsync(who, whose) };
        (state.Attempt.Answer.Code < 400 && state.Attempt.Answer.Body?.ToString() is { Length: > 0 })
            .Should().BeTrue("the command runs and prints something: {0}", state.Attempt.Answer.Code);
    }

    [Then("admission refuses it for the group {string}")]
    public void ThenAdmissionRefuses(string group) =>
        (state.Attempt.Answer is { Code: 403, Reason: "Forbidden" } answer && answer.Message!.Contains($"with {group} group is not allowed", StringComparison.Ordinal))
            .Should().BeTrue("the signer of client certificates must not sign this group: {0}", state.Attempt.Answer);

    private Task<ApiAnswer> AtTheKubeletAsync(string who, string whose) => escalation.RunAtTheKubeletAsync(scenario[who], scenario[whose]);
}
