using static SecuritySpecs.NetworkAgent.Tests.Unit.Worlds;

namespace SecuritySpecs.NetworkAgent.Tests.Unit;

/// <summary>From one ruleset to the next. That the kernel takes it, the tests with pods show.</summary>
[TestFixture]
internal sealed class TransactionTests
{
    private static readonly Ruleset Closed = Compiler.Compile(View([Pod("x/a", "10.0.0.1"), Pod("x/b", "10.0.0.2")], Policy("x", """{"podSelector": {} }""")));

    [Test]
    public void Nothing_is_loaded_where_nothing_differs() => Transaction.Change(Closed, Closed).Should().BeEmpty();

    [Test]
    public void A_table_is_replaced_whatever_is_in_it() =>
        Transaction.Replace(Closed).Should().StartWith("table inet network_agent {\n}\ndelete table inet network_agent\ntable inet network_agent {\n")
            .And.Contain("add element inet network_agent ingress { 10.0.0.1 : goto ").And.Contain("add element inet network_agent self { 10.0.0.1 . 10.0.0.1, 10.0.0.2 . 10.0.0.2 }");

    [Test]
    public void A_change_touches_only_what_differs_and_deletes_in_the_order_that_the_kernel_allows()
    {
        var open = Compiler.Compile(View([Pod("x/a", "10.0.0.1"), Pod("x/b", "10.0.0.2", labels: "app=web")], Policy("x", """{"podSelector": {} }"""),
            Policy("x", """{"podSelector": {"matchLabels": {"app": "web"} }, "ingress": [{"from": [{"ipBlock": {"cidr": "10.1.0.0/24", "except": ["10.1.0.7/32"]} }]}]}""")));

        var there = Transaction.Change(Closed, open);
        var back = Transaction.Change(open, Closed);

        there.Should().NotContain("10.0.0.1 ", "nothing differs for that pod").And.MatchRegex("(?s)set s_.*chain p_.*chain v_.*delete element .* ingress { 10.0.0.2 }.*add element .* ingress { 10.0.0.2 : goto v_");
        back.Should().MatchRegex("(?s)delete element .* ingress { 10.0.0.2 }.*add element .* ingress { 10.0.0.2 : goto v_.*delete chain .* v_.*delete chain .* p_.*delete set .* s_");
    }
}
