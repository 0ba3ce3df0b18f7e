using SecuritySpecs.Drivers.SecretsAndSupplyChain;

namespace SecuritySpecs.Steps.SecretsAndSupplyChain;

/// <summary>Consoles of the ML stack, and who is answered by them.</summary>
[Binding]
public sealed class ConsoleSteps(ScenarioPlatform scenario, ScenarioState state, ConsoleDriver consoles)
{
    [StepArgumentTransformation("(" + ConsoleDriver.Pods + ")", Name = "consolepod")]
    public static string ToConsolePod(string words) => words;

    [Given("the user {string} of tenant {string} has a session")]
    public Task GivenASession(string user, string tenant) => consoles.BeginSessionAsync(scenario[tenant], user);

    [Then("the {consolepod} of tenant {string} gets these answers from the {consolepod} of tenant {string}:")]
    public async Task ThenAnswers(string pod, string caller, string console, string called, DataTable table) =>
        (await consoles.WrongAsync(scenario[caller], pod, scenario[called], console, [.. table.Rows.Select(r => new ExpectedAnswer(
            int.Parse(r["port"], CultureInfo.InvariantCulture), r["request"], table.ContainsColumn("headers") ? r["headers"] : "", int.Parse(r["status"], CultureInfo.InvariantCulture), r["answer"]))]))
        .Should().BeEmpty("every row of the table holds");

    [Then("the client of tenant {string} can run {string} on the Ray cluster of tenant {string}")]
    public async Task ThenRuns(string caller, string command, string called)
    {
        var job = await consoles.RunJobAsync(scenario[caller], scenario[called], command);
        job.Ran.Should().BeTrue("whoever reaches the dashboard runs what he likes: {0}", job.Seen);
        state.Attempt = Printed(scenario[caller], job, command);
    }

    [Then("the client of tenant {string} cannot run {string} on the Ray cluster of tenant {string}")]
    public async Task ThenRunsNot(string caller, string command, string called)
    {
        var job = await consoles.RunJobAsync(scenario[caller], scenario[called], command);
        job.Seen.Should().StartWith("no answer", "a policy keeps the request from the dashboard");
    }

    // What a job printed, as an answer in which a secret can be looked for.
    private static Attempt Printed(Tenant caller, JobOutcome job, string command) => new(caller.Developer, new("create", "pods/exec"), caller.Namespace,
        new(caller.Name, "JOB", command, 200, null, null, JsonValue.Create(job.Printed), DateTimeOffset.UtcNow, TimeSpan.Zero));
}
