namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>The consoles of the ML stack, and the gateway before one.</summary>
[TestFixture]
public sealed class ConsoleTests
{
    private const string EnvInfo = "/api/workgroup/env-info";
    private static readonly string s_key = new('k', 40);

    [TestCase("mlflow", "POST", "/api/2.0/mlflow/runs/search", "epochs")]
    [TestCase("kubeflow", "GET", EnvInfo, "\"user\":\"anonymous@kubeflow.org\"")]
    [TestCase("jupyter", "GET", "/api/contents", "train.ipynb")]
    [TestCase("airflow", "POST", "/api/experimental/dags/train/dag_runs", "Created <DagRun train")]
    [TestCase("wandb", "POST", "/graphql", "\"viewer\":null")]
    [TestCase("ray", "GET", "/api/version", "ray_version")]
    public async Task Each_product_answers_without_credentials_and_says_which_pod_it_is(string product, string method, string path, string said)
    {
        await using var console = await RunningConsole.StartAsync("console", "--as", $"{product}:0");

        var answer = await console.SendAsync(method, path, method == "POST" ? "{}" : null);
        answer.Status.Should().Be(200);
        answer.Text.Should().Contain(said);
        answer.ServedBy.Should().Be("blue/console");
        (await console.SendAsync("GET", "/")).Should().Match<(int Status, string Text, string? ServedBy)>(a => a.Status == 200 && a.Text.StartsWith("<title>") && a.ServedBy == "blue/console");
        (await console.SendAsync("GET", "/api/nothing")).Status.Should().Be(404);
    }

    [TestCase("echo $((6*7)); echo oops >&2", "SUCCEEDED", "42\noops\n")]
    [TestCase("echo before; exit 3", "FAILED", "before\n")]
    public async Task Ray_runs_the_entrypoint_of_a_job_and_shows_what_it_printed(string entrypoint, string status, string printed)
    {
        await using var console = await RunningConsole.StartAsync("console", "--as", "ray:0");

        var submitted = await console.SendAsync("POST", "/api/jobs/", new JsonObject { ["entrypoint"] = entrypoint }.ToJsonString());
        var job = "/api/jobs/" + (string)JsonNode.Parse(submitted.Text)!["submission_id"]!;
        var last = "";
        for (var clock = Stopwatch.StartNew(); !last.Contains(status, StringComparison.Ordinal) && clock.Elapsed < TimeSpan.FromSeconds(10);)
            last = (await console.SendAsync("GET", job)).Text;

        last.Should().Contain(status);
        ((string?)JsonNode.Parse((await console.SendAsync("GET", job + "/logs")).Text)!["logs"]).Should().Be(printed);
    }

    [TestCase("no json")]
    [TestCase("{}")]
    [TestCase("[]")]
    public async Task What_is_no_job_is_not_run(string body)
    {
        await using var console = await RunningConsole.StartAsync("console", "--as", "ray:0");

        (await console.SendAsync("POST", "/api/jobs/", body)).Status.Should().Be(404);
        (await console.SendAsync("GET", "/api/jobs/unknown/logs")).Status.Should().Be(404);
    }

    [Test]
    public async Task A_console_believes_the_header_and_the_gateway_lets_nobody_name_himself()
    {
        using var users = new TestFolder();
        await File.WriteAllTextAsync(users.File("alice"), s_key);
        await using var console = await RunningConsole.StartAsync("console", "--as", "kubeflow:0");
        await using var gateway = await RunningConsole.StartAsync("console-gateway", "--to", console.Address.AbsoluteUri, "--users", users.Path, "--port", "0");
        var (session, bob) = (("Authorization", "Bearer " + s_key), ("Kubeflow-UserID", "bob"));

        (await console.SendAsync("GET", EnvInfo, null, bob)).Text.Should().Contain("\"user\":\"bob\"");
        (await gateway.SendAsync("GET", EnvInfo, null, session, bob)).Text.Should().Contain("\"user\":\"alice\"").And.NotContain("bob");
        (await gateway.SendAsync("GET", EnvInfo, null, bob)).Status.Should().Be(401);
        (await gateway.SendAsync("POST", EnvInfo, "{}", session)).Status.Should().Be(405);
    }
}
