using SecuritySpecs.Drivers.TenantIsolation;

namespace SecuritySpecs.Steps.TenantIsolation;

/// <summary>What the workloads of fleet-fixtures ask for.</summary>
[Binding]
public sealed class WorkloadSteps(ScenarioPlatform scenario, WorkloadAudit audit)
{
    private const string Nothing = "nothing";

    [Then("beyond \"restricted\" the workload {string} asks for: {string}")]
    public async Task ThenExceptions(string workload, string exceptions)
    {
        var wanted = exceptions == Nothing ? [] : exceptions.Split("; ");
        (await audit.ExceptionsAsync(workload, scenario.Tenants.Any)).ShouldBeExactly(wanted, $"{scenario.Files.NameOf(audit.FileOf(workload))} should ask for what the table names and for nothing else");
    }

    [Then("the configuration of the workload {string} is exactly:")]
    public void ThenConfiguration(string workload, DataTable table) => audit.Configuration(workload, scenario.Tenants.Any)
        .ShouldBeExactly(table.Rows.Select(r => $"{r["setting"]} = {r["value"]}"), $"fleet-fixtures/workloads/{workload}.yaml should have the settings that the table names and no others");

    [Then("the file of the workload {string} gives exactly the rights of the {string}")]
    public void ThenRights(string workload, string account)
    {
        var wanted = RightsTable.Of(scenario.Platform.Options.Root, account).Select(r => $"ServiceAccount {workload}: {r}");
        audit.Rights(workload, scenario.Tenants.Any).ShouldBeExactly(wanted, $"fleet-fixtures/workloads/{workload}.yaml should give the rights of the {account} in features/rights.yaml and no others");
    }
}
