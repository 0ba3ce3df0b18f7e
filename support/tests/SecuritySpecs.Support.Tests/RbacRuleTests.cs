namespace SecuritySpecs.Tests;

/// <summary>The corners of one rule; the property test of Rbac.Tests asks a real API server about all of it.</summary>
[TestFixture]
public sealed class RbacRuleTests
{
    [TestCase("get", "", "pods", "get pods", true)]
    [TestCase("get", "", "pods", "list pods", false)]
    [TestCase("*", "", "pods", "impersonate pods", true)]
    [TestCase("get", "apps", "pods", "get pods", false)]
    [TestCase("get", "*", "pods", "get pods", true)]
    [TestCase("get", "", "pods", "get pods/log", false)]
    [TestCase("get", "", "pods/log", "get pods/log", true)]
    [TestCase("get", "", "pods/log", "get pods", false)]
    [TestCase("get", "", "*", "get pods/log", true)]
    [TestCase("get", "", "*/log", "get pods/log", true)]
    [TestCase("get", "", "*/log", "get pods/exec", false)]
    [TestCase("get", "", "*/log", "get pods", false)]
    [TestCase("get", "", "*/log", "get pods/xlog", false)]
    [TestCase("get", "", "pods/*", "get pods/log", false)]
    public void A_rule_allows_what_its_texts_say(string verb, string group, string resource, string request, bool allowed) =>
        Rule([verb], [group], [resource]).Allows(Request(request)).Should().Be(allowed);

    [TestCase("", "get pods", true)]
    [TestCase("alpha", "get pods named alpha", true)]
    [TestCase("alpha", "get pods named beta", false)]
    [TestCase("alpha", "list pods", false)]
    [TestCase("alpha", "create pods", false)]
    public void A_rule_with_names_allows_nothing_that_names_none(string name, string request, bool allowed) =>
        Rule(["*"], [""], ["pods"], name.Length == 0 ? [] : [name]).Allows(Request(request)).Should().Be(allowed);

    [TestCase("/metrics", "/metrics", true)]
    [TestCase("/metrics", "/metrics/cadvisor", false)]
    [TestCase("/metrics/*", "/metrics/cadvisor", true)]
    [TestCase("/metrics/*", "/metrics", false)]
    [TestCase("/logs*", "/logs", true)]
    [TestCase("/debug/**", "/debug/pprof", true)]
    [TestCase("*", "/anything", true)]
    [TestCase("/a*b", "/axb", false)]
    public void A_URL_ends_in_anything_only_by_a_star_at_its_end(string own, string asked, bool allowed) =>
        new RbacRule(["get"], [], [], [], [own]).Allows(AccessRequest.ForUrl("get", asked)).Should().Be(allowed);

    [Test]
    public void A_rule_for_all_resources_allows_no_URL() =>
        Rule(["*"], ["*"], ["*"]).Allows(AccessRequest.ForUrl("get", "/metrics")).Should().BeFalse();

    private static RbacRule Rule(string[] verbs, string[] groups, string[] resources, string[]? names = null) => new(verbs, groups, resources, names ?? [], []);

    private static AccessRequest Request(string text)
    {
        var words = text.Split(' ');
        var resource = words[1].Split('/');
        return new(words[0], "", resource[0], resource.ElementAtOrDefault(1) ?? "", words.ElementAtOrDefault(3) ?? "");
    }
}
