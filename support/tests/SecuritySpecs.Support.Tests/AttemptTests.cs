using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Tests;

/// <summary>When a row of a persona's table holds: both oracles agree with it, and a denial is for the right reason.</summary>
[TestFixture]
public sealed class AttemptTests
{
    private const string Refused = "secrets \"s\" is forbidden: User \"u\" cannot get resource \"secrets\" in API group \"\" in the namespace \"n\"";

    [TestCase("allowed", 200, null, true, true)]
    [TestCase("allowed", 200, null, false, false)]
    [TestCase("allowed", 404, null, true, false)]
    [TestCase("allowed", 403, Refused, false, false)]
    [TestCase("denied", 403, Refused, false, true)]
    [TestCase("denied", 403, Refused, true, false)]
    [TestCase("denied", 403, "exceeded quota: q", false, false)]
    [TestCase("denied", 404, null, false, false)]
    [TestCase("denied", 200, null, false, false)]
    [TestCase("perhaps", 200, null, true, false)]
    public void A_row_holds_when_the_request_and_the_review_both_say_so(string expected, int code, string? message, bool review, bool holds) =>
        new AccessCheck(new("read the secret", "blue", expected), Attempt(new("get", "secrets"), code, message), review).IsRight.Should().Be(holds);

    [Test]
    public void A_row_that_does_not_hold_names_the_action_what_was_expected_and_both_answers()
    {
        var check = new AccessCheck(new("read the secret", "blue", "denied"), Attempt(new("get", "secrets"), 403, "exceeded quota: q"), true);

        check.ToString().Should().Match("read the secret of \"blue\": expected denied; the request: GET /x * 403 Forbidden: exceeded quota: q; SelfSubjectAccessReview: allowed*cannot get resource \"secrets\"*");
    }

    [Test]
    public void A_table_is_kept_with_what_was_expected_beside_what_both_oracles_said()
    {
        AccessCheck Check(string expected, int code, string? message, bool review) => new(new("read the secret", "blue", expected), Attempt(new("get", "secrets"), code, message), review);

        var grid = AccessCheck.Grid("the auditor", [Check("allowed", 200, null, true), Check("denied", 403, Refused, false), Check("denied", 403, Refused, true), Check("allowed", 404, null, true)]);

        grid.Columns.Should().AllBe("read the secret of blue").And.HaveCount(4);
        grid.Rows.Single().Name.Should().Be("the auditor");
        grid.Rows.Single().Cells.Should().Equal(new EvidenceCell(true, "allowed", true), new(false, "denied", true), new(false, "denied, by the review allowed", false), new(true, "404, by the review allowed", false));
    }

    [TestCase("User \"u\" cannot create resource \"pods\" in API group \"\" in the namespace \"n\"", true)]
    [TestCase("User \"u\" cannot bind resource \"roles\" in API group \"\" in the namespace \"n\"", true)]
    [TestCase("User \"u\" cannot get resource \"pods\" in API group \"\" in the namespace \"n\"", false)]
    public void Where_a_request_takes_two_rights_a_refusal_may_name_either(string message, bool denied) =>
        (Attempt(new("bind", "roles"), 403, message) with { Precondition = new("create", "pods") }).IsDenied.Should().Be(denied);

    [TestCase("serviceaccounts \"developer\" is forbidden: User \"u\" cannot impersonate resource \"serviceaccounts\" in API group \"\" in the namespace \"n\"", true)]
    [TestCase("pods is forbidden: User \"u\" cannot impersonate-on:serviceaccount:list resource \"pods\" in API group \"\" in the namespace \"n\"", true)]
    [TestCase("serviceaccounts \"other\" is forbidden: User \"u\" cannot impersonate resource \"serviceaccounts\" in API group \"\" in the namespace \"n\"", false)]
    [TestCase("pods is forbidden: User \"u\" cannot list resource \"pods\" in API group \"\" in the namespace \"n\"", false)]
    public void Impersonation_is_refused_in_the_words_of_either_release(string message, bool denied) =>
        (Attempt(new("impersonate", "serviceaccounts"), 403, message) with { Refusal = SecuritySpecs.Drivers.Shared.Requests.TenantRequest.Of("act as the developer").Refusal }).IsDenied.Should().Be(denied);

    [Test]
    public void A_path_that_is_no_resource_is_refused_and_reviewed_as_such()
    {
        var right = new Right("get", "/metrics");

        right.Refusal("u", null).Should().Be("User \"u\" cannot get path \"/metrics\"");
        right.Attributes(null).ToJsonString().Should().Be("{\"verb\":\"get\",\"path\":\"/metrics\"}");
    }

    private static Attempt Attempt(Right right, int code, string? message)
    {
        var answer = new ApiAnswer("u", "GET", "/x", code, code == 403 ? "Forbidden" : null, message, null, DateTimeOffset.UnixEpoch, TimeSpan.Zero);
        return new(new Identity("u", "u", null!), right, "n", answer);
    }
}
