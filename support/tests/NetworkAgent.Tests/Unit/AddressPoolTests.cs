using SecuritySpecs.NetworkAgent.Cni;

namespace SecuritySpecs.NetworkAgent.Tests.Unit;

/// <summary>Which address a pod gets.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class AddressPoolTests : IDisposable
{
    // Five addresses for pods: .2 to .6.
    private const string Range = "10.0.0.0/29";
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Addresses_are_given_in_turn_and_never_the_bridge_s_or_one_that_a_pod_has()
    {
        var pool = Pool();
        Take(pool, "a").Should().Be("10.0.0.2");
        Take(pool, "b").Should().Be("10.0.0.3");
        pool.GiveBack("a");
        Take(pool, "c").Should().Be("10.0.0.4", "that of a rests");
        Take(pool, "d").Should().Be("10.0.0.5");
        Take(pool, "e").Should().Be("10.0.0.6");
        Take(pool, "f").Should().Be("10.0.0.2 again");

        pool.Invoking(p => Take(p, "g")).Should().Throw<CniException>().WithMessage("all 5 addresses of this node are taken");
        pool.GiveBack("d");
        Take(pool, "g").Should().Be("10.0.0.5 again");
    }

    [Test]
    public void A_new_agent_knows_who_has_which_who_had_one_and_which_is_next()
    {
        var before = Pool();
        Take(before, "a");
        Take(before, "b");
        Take(before, "c");
        before.GiveBack("a");

        var pool = Pool();
        Take(pool, "d").Should().Be("10.0.0.5");
        Take(pool, "e").Should().Be("10.0.0.6");
        Take(pool, "f").Should().Be("10.0.0.2 again");
        pool.GiveBack("b");
        Take(pool, "g").Should().Be("10.0.0.3 again");
    }

    private static string Take(AddressPool pool, string sandbox)
    {
        var (address, again) = pool.Take(sandbox, AddressSet.Cidr(Range)!.Value);
        return AddressSet.Text(address) + (again ? " again" : "");
    }

    private AddressPool Pool()
    {
        var pool = new AddressPool(folder);
        pool.Restore();
        return pool;
    }
}
