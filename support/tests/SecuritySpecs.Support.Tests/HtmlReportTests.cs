using System.IO.Compression;
using SecuritySpecs.Reports.Phrases;

namespace SecuritySpecs.Tests;

/// <summary>The page of a whole run: how large it is, and that its packed part is the evidence.</summary>
[TestFixture]
public sealed class HtmlReportTests
{
    private static readonly Posture Run = SamplePosture.Of();
    private static readonly string Page = HtmlReport.Render(Run);

    [Test]
    public void Five_hundred_scenarios_are_less_than_2_MiB() =>
        (Encoding.UTF8.GetByteCount(Page) / Run.Scenarios.Count * 500).Should().BeLessThan(2 * 1024 * 1024);

    [Test]
    public void What_did_not_fail_has_its_evidence_packed_and_what_failed_has_it_in_the_page()
    {
        var packed = Unpacked(Page);

        packed.Should().HaveSameCount(Run.Scenarios);
        for (var n = 0; n < packed.Count; n++)
            packed[n].Should().HaveCount(Run.Scenarios[n].Status == ResultStatus.Failed ? 0 : Run.Scenarios[n].Steps.Count);
        packed[0][0].Should().StartWith("<p class=e><code>POST /api/v1/namespaces/").And.Contain("</code> <i>tenant &quot;blue&quot;</i> 403 Forbidden pods &quot;gpu-");
        Regex.Count(Page, "<p class=e>").Should().Be(Run.Scenarios.Where(s => s.Status == ResultStatus.Failed).Sum(s => s.Steps.Sum(t => t.Evidence.Count)));
    }

    [Test]
    public void What_is_not_there_leaves_no_trace() => Page.Should().NotContain("Raw {");

    [Test]
    public void Sections_stand_in_the_order_of_their_numbers() => Run.Controls.Select(c => c.Section).Should().BeInAscendingOrder(StringComparer.Ordinal);

    [Test]
    public void The_matrix_counts_the_passed_scenarios_that_show_a_kind_of_proof_and_says_why_there_is_none()
    {
        var (quota, devices) = (Run.Controls.Single(c => c.Id == "gpu-quota"), Run.Controls.Single(c => c.Id == "gpu-devices"));

        quota.Shown!.Select(p => p.Kind).Should().Equal(Shown.Allowed, Shown.Denied, Shown.Exposed, Shown.Closed);
        quota.Shown!.Should().OnlyContain(p => p.Scenarios > 0 && p.Scenarios <= quota.Scenarios && p.Why == null);
        Page.Should().Contain($"<small>proven</small></a></th><td class=\"allowed\">{quota.Shown![0].Scenarios}</td><td class=\"denied\">{quota.Shown[1].Scenarios}</td>");
        devices.Shown!.Should().OnlyContain(p => p.Scenarios == 0 && p.Why != null);
        Page.Should().Contain("<td title=\"a device plugin refuses nobody: it hands out other GPUs, or none\">").And.Contain("Not shown as denied: a device plugin refuses nobody");
    }

    [Test]
    public void What_did_not_pass_shows_nothing()
    {
        var before = SamplePosture.Of(most: 3).Controls.Single();
        var after = SamplePosture.Of(most: 4).Controls.Single();

        after.Status.Should().Be(ControlStatus.Failed);
        after.Shown.Should().Equal(before.Shown, "the fourth has failed");
    }

    [Test]
    public void A_grid_has_what_was_expected_beside_what_was_seen_and_a_bar_its_share()
    {
        Page.Should().Contain("in 3 rounds in a row: <span class=\"bar\"><i style=\"width:25%\"></i></span> 1 of 4 GPUs").And.NotContain("  text");
        Page.Should().Contain("<tr><th scope=\"row\">the client</th><td class=\"allowed\">+ reached</td><td class=\"denied\">− silence</td></tr>");
        Page.Should().Contain("<tr><th scope=\"row\">the other</th><td></td><td class=\"failed\">− reached, not as expected</td></tr>");
        Page.Should().Contain("<br>2 = the server at its service");
    }

    [Test]
    public void The_fleet_has_a_cell_for_each_GPU_at_the_end_of_the_run_and_when_most_were_held()
    {
        var (end, fullest) = Page[Page.IndexOf("<h2 id=\"fleet\">", StringComparison.Ordinal)..Page.IndexOf("<h2 id=\"matrix\">", StringComparison.Ordinal)].Split("<h3>") is [var a, var b] ? (a, b) : default;

        Regex.Count(end, "<i>[·×]</i>").Should().Be(32);
        end.Should().Contain("a100-1 <span class=\"dim\">real</span>").And.Contain("h100-1 <span class=\"dim\">API only</span>").And.Contain("&#183; free: 31; &#215; not healthy: 1.").And.Contain("gpu-pool=h100:NoSchedule");
        Regex.Count(fullest, "<i( class=\"h[01]\")?>[AB·×]</i>").Should().Be(32);
        Regex.Count(fullest, "<i class=\"h0\">A</i>").Should().Be(5, "tenant \"blue\" had no more at any moment");
        fullest.Should().Contain("aria-label=\"tenant &quot;blue&quot; holds 5, tenant &quot;green&quot; holds 1, 1 free, 1 not healthy, of 8 GPUs\"").And.Contain($"<a href=\"#{Run.Scenarios[3].Feature}:{Run.Scenarios[3].Line}\">");
        HtmlReport.Render(Run with { Fleet = Run.Fleet! with { Nodes = null } }).Should().NotContain("id=\"fleet\"");
    }

    [Test]
    public void A_look_at_the_fleet_is_a_picture_of_its_step() => Regex.Count(Page, "<div class=e><ul class=\"fleet\">").Should().Be(3);

    [Test]
    public void Who_was_tried_by_the_tables_of_the_features_is_one_table()
    {
        var part = Page[Page.IndexOf("<h2 id=\"who-can-table\">", StringComparison.Ordinal)..Page.IndexOf("<h2 id=\"mutants\">", StringComparison.Ordinal)];

        part.Should().Contain("<details open><summary><b>4 requests of 2 subjects</b> <span class=\"failed\">1 not as expected</span>");
        part.Should().Contain("<tr><th scope=\"row\">read the secret of blue</th><td class=\"allowed\">+ allowed</td><td class=\"allowed\">+ allowed</td></tr>");
        part.Should().Contain("<tr><th scope=\"row\">write as the auditor of blue</th><td class=\"denied\">− denied</td><td></td></tr>", "the deployer was not tried");
        part.Should().Contain("<tr><th scope=\"row\">write as the deployer of blue</th><td></td><td class=\"failed\">− allowed, not as expected</td></tr>");
    }

    [Test]
    public void Who_is_tried_again_after_a_mistake_has_the_first_verdict_unless_a_later_one_is_wrong()
    {
        EvidenceEntry Tried(bool expected, string seen, bool met) => new("the admin", "OBSERVE", "", null, null, "", DateTimeOffset.UnixEpoch, 0, new(["read"], [new("the admin", [new(expected, seen, met)])], EvidenceGrid.WhoCan));
        string Render(params EvidenceEntry[] tried) => HtmlReport.Render(Run with { Scenarios = [Run.Scenarios[5] with { Steps = [new("Then", "they are judged", ResultStatus.Passed, 1, tried)] }] });

        Render(Tried(true, "allowed", true), Tried(false, "denied", true)).Should().Contain("<details><summary><b>1 requests of 1 subjects</b>").And.Contain("<th scope=\"row\">read</th><td class=\"allowed\">+ allowed</td>");
        Render(Tried(true, "allowed", true), Tried(false, "allowed", false)).Should().Contain("<th scope=\"row\">read</th><td class=\"failed\">− allowed, not as expected</td>");
        Render().Should().NotContain("id=\"who-can-table\"");
    }

    [Test]
    public void A_drill_on_GPUs_has_a_bar_for_each_step_that_looked_at_a_quota()
    {
        var part = Page[Page.IndexOf("<h2 id=\"courses\">", StringComparison.Ordinal)..Page.IndexOf("<h2 id=\"who-can-table\">", StringComparison.Ordinal)];
        var course = part[part.IndexOf("quota-deleted, quota of tenant &quot;blue&quot;</span>", StringComparison.Ordinal)..];

        Regex.Matches(course, "<li.*height:([0-9]+)%.*>([^<]+)</li>").Select(m => (m.Groups[1].Value, m.Groups[2].Value)).Should().Equal(("0", "0 of 1"), ("100", "32 of ∞"), ("100", "2 of 1"));
        Regex.Count(part, "<figure>").Should().Be(1, "the other quota of the step was never exceeded");
        Regex.Count(course, "class=\"partial\"").Should().Be(2, "32 without a limit and 2 of 1 are more than there should be");
        part.Should().Contain($"<a href=\"#{Run.Scenarios[3].Feature}:{Run.Scenarios[3].Line}\">");
        HtmlReport.Render(Run with { Scenarios = [Run.Scenarios[3] with { Tags = [] }] }).Should().NotContain("id=\"courses\"", "it plays no drill");
    }

    [Test]
    public void What_a_program_printed_keeps_its_lines()
    {
        var step = new StepResult("Then", "it prints", ResultStatus.Failed, 1, [new("kubectl", "OBSERVE", "", null, null, "$ kubectl get quota\nNAME  AGE", DateTimeOffset.UnixEpoch, 0)]);

        HtmlReport.Render(Run with { Scenarios = [Run.Scenarios[3] with { Steps = [step] }] }).Should().Contain("<pre>$ kubectl get quota\nNAME  AGE</pre>");
    }

    [Test]
    public void A_framework_has_the_ids_of_proven_controls_and_the_reasons_of_those_that_no_control_names()
    {
        // As on a cluster without a sandbox, where a simulated control alone names the kernel that pods share.
        var run = Run with { Controls = [.. Run.Controls.Select(c => c.Id == "workload-sandboxing" ? c with { Status = ControlStatus.Inconclusive } : c)] };
        var page = HtmlReport.Render(run);
        page.Should().Contain("<tr><td>5.6.4</td><td><a href=\"#namespace-boundary\">namespace-boundary</a> <span class=\"proven\">proven</span></td></tr>");
        page.Should().Contain("<td>1.1.1 to 21</td><td>not covered: files of the control plane&#39;s nodes");
        var ids = run.Controls.SelectMany(c => (c.Frameworks.GetValueOrDefault("NIST SP 800-190") ?? []).Select(id => (id, c.Status))).ToLookup(n => n.id, n => n.Status);
        var covered = ids.Count(n => n.Contains(ControlStatus.Proven) && !n.Contains(ControlStatus.Failed));
        ids.Should().HaveCountGreaterThan(covered, "one is named by no proven control");
        page.Should().Contain($"<b>NIST SP 800-190</b> <span class=\"where\">{covered} of 47 ids covered by proven controls");
    }

    [Test]
    public void The_lesson_leads_to_every_scenario() =>
        Run.Scenarios.Where(s => !Page.Contains($"<li><a href=\"#{WebUtility.HtmlEncode(s.Feature)}:{s.Line}\">", StringComparison.Ordinal)).Should().BeEmpty();

    [Test]
    public void The_mutation_score_of_a_control_is_what_its_scenarios_found_of_what_they_should_find()
    {
        MutationScore.Of(Run.Mutants!).Should().Equal(new MutationScore("gpu-quota", 1, 2), new MutationScore("egress", 1, 1));
        Page.Should().Contain("<th scope=\"row\">gpu-quota</th><td>1 of 2</td><td class=\"failed\"><span class=\"bar\"><i style=\"width:50%\"></i></span> 50 %</td>");
    }

    [Test, Explicit("to look at")]
    public void Write() => File.WriteAllText(Path.Combine(TestContext.CurrentContext.WorkDirectory, "posture.html"), Page);

    /// <summary>The evidence that a page has packed.</summary>
    internal static IReadOnlyList<IReadOnlyList<string>> Unpacked(string page)
    {
        using var bytes = new MemoryStream(Convert.FromBase64String(Regex.Match(page, "id=\"evidence\">([^<]*)<").Groups[1].Value));
        using var text = new GZipStream(bytes, CompressionMode.Decompress);
        return JsonSerializer.Deserialize<List<List<string>>>(text)!;
    }
}
