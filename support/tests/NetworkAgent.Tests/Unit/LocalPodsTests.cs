using SecuritySpecs.NetworkAgent.Enforce;
using static SecuritySpecs.NetworkAgent.Tests.Unit.Worlds;

namespace SecuritySpecs.NetworkAgent.Tests.Unit;

/// <summary>Whose an address is.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LocalPodsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Test]
    public void An_own_pod_has_the_address_of_its_network_whatever_its_status_says()
    {
        var local = Local();
        local.Add("s1", Pod("x/a", "10.0.0.5"));

        Addresses(local.Merge(Node, [Pod("x/a", "10.9.9.9"), Pod("x/far", "10.0.1.1", node: "there"), Pod("x/other", "10.0.0.6")]))
            .Should().BeEquivalentTo("x/a 10.0.0.5", "x/far 10.0.1.1");
    }

    [Test]
    public void Its_labels_are_the_latest()
    {
        var local = Local();
        local.Add("s1", Pod("x/a", "10.0.0.5", labels: "v=1"));

        local.Merge(Node, [Pod("x/a", "10.0.0.5", labels: "v=2")]).Single().Labels["v"].Should().Be("2");
        local.Merge(Node, []).Single().Labels["v"].Should().Be("2", "a pod that the API has lost still has a network");
    }

    [Test]
    public void An_address_given_again_is_the_new_pod_s_alone()
    {
        var local = Local();
        local.Add("s1", Pod("x/old", "10.0.0.5"));
        local.Add("s2", Pod("x/new", "10.0.0.5"));

        Addresses(local.Merge(Node, [])).Should().BeEquivalentTo("x/new 10.0.0.5");
        local.Remove("s1");
        local.Merge(Node, []).Should().ContainSingle("that sandbox has no address any more");
        local.Remove("s2");
        local.Merge(Node, []).Should().BeEmpty();
    }

    [Test]
    public void A_pod_of_the_same_name_that_came_after_does_not_lend_its_labels_to_the_one_before()
    {
        var local = Local();
        local.Add("s1", Pod("x/a", "10.0.0.5", labels: "v=1") with { Uid = "first" });

        local.Merge(Node, [Pod("x/a", "10.0.0.6", labels: "v=2") with { Uid = "second" }]).Single().Labels["v"].Should().Be("1");
    }

    [Test]
    public void A_new_agent_knows_what_the_one_before_knew()
    {
        var pod = Pod("x/a", "10.0.0.5", labels: "v=1,w=2", ports: new NamedPort("web", Protocol.Sctp, 80));
        Local().Add("s1", pod);
        File.WriteAllText(Path.Combine(folder, "broken"), "{");

        Local().Merge(Node, []).Should().ContainSingle().Which.Should().BeEquivalentTo(pod);
    }

    [Test]
    public void The_end_of_a_sandbox_that_is_gone_already_changes_nothing()
    {
        var changes = 0;
        var local = Local(() => changes++);
        local.Add("s1", Pod("x/a", "10.0.0.5"));
        local.Remove("s1");
        local.Remove("s1");

        changes.Should().Be(2, "its beginning and its end");
    }

    private LocalPods Local(Action? changed = null)
    {
        var local = new LocalPods(folder, changed ?? (() => { }));
        local.Restore();
        return local;
    }

    private static IEnumerable<string> Addresses(IEnumerable<Pod> pods) => pods.Select(p => $"{p.Namespace}/{p.Name} {AddressSet.Of(p.Addresses)}");
}
