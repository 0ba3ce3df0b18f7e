namespace SecuritySpecs.Steps.Shared;

/// <summary>Mistakes that are made on purpose, each a file of fleet-fixtures/drills, and taken back.</summary>
[Binding]
public sealed class DrillSteps(ScenarioPlatform scenario)
{
    [When("a stray role binding lets tenant {string} into the namespace of tenant {string}")]
    public Task WhenAStrayBinding(string guest, string host) => scenario.BreakAsync("drills/stray-role-binding.yaml",
        new() { ["NAMESPACE"] = scenario[host].Namespace, ["GUEST_NAMESPACE"] = scenario[guest].Namespace });

    [When("the stray role binding is removed")]
    public Task WhenTheStrayBindingIsRemoved() => scenario.RepairAsync("drills/stray-role-binding.yaml");

    [When("a namespace editor role is bound to tenant {string}")]
    public Task WhenANamespaceEditor(string guest) => BreakClusterWideAsync("drills/namespace-editor.yaml", guest);

    [When("the namespace editor role is removed")]
    public Task WhenTheNamespaceEditorIsRemoved() => scenario.RepairAsync("drills/namespace-editor.yaml");

    [When("a node editor role is bound to tenant {string}")]
    public Task WhenANodeEditor(string guest) => BreakClusterWideAsync("drills/node-editor.yaml", guest);

    [When("the node editor role is removed")]
    public Task WhenTheNodeEditorIsRemoved() => scenario.RepairAsync("drills/node-editor.yaml");

    [When("a cluster viewer role is bound to tenant {string}")]
    public Task WhenAClusterViewer(string guest) => BreakClusterWideAsync("drills/cluster-viewer.yaml", guest);

    [When("the cluster viewer role is removed")]
    public Task WhenTheClusterViewerIsRemoved() => scenario.RepairAsync("drills/cluster-viewer.yaml");

    [When("a policy that allows everything is put beside those of tenant {string}")]
    public Task WhenAllowAll(string tenant) => scenario.BreakAsync("drills/allow-all.yaml", new() { ["NAMESPACE"] = scenario[tenant].Namespace });

    [When("a policy that lets everything out is put beside those of tenant {string}")]
    public Task WhenAllowOut(string tenant) => scenario.BreakAsync("drills/allow-out.yaml", new() { ["NAMESPACE"] = scenario[tenant].Namespace });

    [When("the policy that allows everything is removed")]
    public Task WhenAllowAllIsRemoved() => scenario.RepairAsync("drills/allow-all.yaml");

    [When("a policy editor role is bound to tenant {string}")]
    public Task WhenAPolicyEditor(string tenant) => scenario.BreakAsync("drills/policy-editor.yaml", new() { ["NAMESPACE"] = scenario[tenant].Namespace });

    [When("the policy editor role is removed")]
    public Task WhenThePolicyEditorIsRemoved() => scenario.RepairAsync("drills/policy-editor.yaml");

    [When("an over-broad binding gives tenant {string} read access to the whole cluster")]
    public Task WhenAnOverBroadBinding(string guest) => BreakClusterWideAsync("drills/over-broad-binding.yaml", guest);

    [When("the over-broad binding is removed")]
    public Task WhenTheOverBroadBindingIsRemoved() => scenario.RepairAsync("drills/over-broad-binding.yaml");

    private Task BreakClusterWideAsync(string file, string guest) => scenario.BreakAsync(file,
        new() { ["NAME"] = scenario.Unique("drill"), ["GUEST_NAMESPACE"] = scenario[guest].Namespace });
}
