using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Support.Tests;

/// <summary>What kustomize is given of the files of controls.</summary>
[TestFixture]
public sealed class KustomizeTreeTests
{
    private static readonly string Fixtures = Path.Combine(RunOptions.FindRoot(), "fleet-fixtures");
    private static readonly Dictionary<string, string> NoLabels = [];

    private static IReadOnlyDictionary<string, string> FilesOf(string component) => new KustomizeTree(("tenant", Object("Namespace", "blue")), [("one", component)], "blue").Files(NoLabels);

    [Test]
    public void The_namespace_of_the_tenant_is_a_patch_and_all_else_a_resource()
    {
        var files = FilesOf($"{Object("Namespace", "blue")}---\n# why\n{Object("ConfigMap", "a")}");
        files["components/one/namespace.yaml"].Should().Be(Object("Namespace", "blue"));
        files["components/one/one.yaml"].Should().Be($"# why\n{Object("ConfigMap", "a")}");
        files["components/one/kustomization.yaml"].Should().Be("apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources:\n  - one.yaml\npatches:\n  - path: namespace.yaml\n");
    }

    [Test]
    public void A_namespace_of_another_name_is_a_resource()
    {
        FilesOf(Object("Namespace", "monitoring")).Keys.Should().BeEquivalentTo(
            "kustomization.yaml", "tenant/kustomization.yaml", "tenant/tenant.yaml", "components/one/kustomization.yaml", "components/one/one.yaml");
    }

    [Test]
    public void What_keeps_scenarios_apart_is_left_out_for_a_platform()
    {
        foreach (var control in ComponentList.Read(Fixtures))
        {
            var text = KustomizeTree.WithoutScenario(TextFile.Read(Path.Combine(Fixtures, "controls", control + ".yaml"), control));
            Manifest.Placeholders(text.Split("apiVersion:", 2)[1]).Should().NotContain("SCENARIO", "controls/{0}.yaml is for a platform, too", control);
        }
    }

    [Test]
    public void Every_file_of_the_controls_is_a_component_or_left_out_with_a_reason()
    {
        ComponentList.LeftOut(Fixtures).Should().OnlyContain(l => l.Why.Length > 0).And.OnlyHaveUniqueItems(l => l.File);
        ComponentList.Read(Fixtures).Should().Contain("gpu-quota").And.NotContain(ComponentList.Base);
    }

    private static string Object(string kind, string name) => $"apiVersion: v1\nkind: {kind}\nmetadata:\n  name: {name}\n";
}
