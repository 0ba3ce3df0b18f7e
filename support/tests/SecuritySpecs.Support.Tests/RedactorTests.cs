using SecuritySpecs.Reports.Formats;

namespace SecuritySpecs.Tests;

[TestFixture]
public sealed class RedactorTests
{
    private const string Canary = "canary-5f1d0c77b2";

    [TestCase(ResultStatus.Failed)]
    [TestCase(ResultStatus.Passed)]
    public void A_canary_planted_in_every_place_of_a_run_is_in_no_report(ResultStatus status)
    {
        var (redactor, base64) = (new Redactor(), Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary)));
        redactor.Add(Canary);
        var recorder = new ScenarioRecorder(redactor);
        recorder.BeginStep();
        recorder.Record(new($"tenant {Canary}", "GET", $"/api/v1/secrets?token={Canary}", 403, $"Forbidden {Canary}", $"cannot read {Canary}", null, DateTimeOffset.UtcNow, TimeSpan.Zero));
        recorder.Note($"pod {Canary}", $"saw {base64}", new([Canary], [new(Canary, [EvidenceCell.NotTried, new(true, Canary, true)])], EvidenceGrid.WhoCan));
        recorder.Note("the fleet", "seen", fleet: [new($"node-{Canary}", $"pool-{Canary}", true, 8, 8, [new($"namespace {Canary}", 1)], new Dictionary<string, string> { ["gpu-pool"] = Canary }, [$"{Canary}=yes:NoSchedule"])]);
        recorder.EndStep("Given", $"a secret {Canary}", status);
        var builder = new PostureBuilder(Catalogue.Parse("frameworks: {cis: CIS}\ncontrols:\n  - {id: quota, title: Quota, impact: All is lost., section: s}\n"),
            FeatureIndex.Parse("features/q.feature", "@control:quota\nFeature: Q\n\n  Scenario: One\n    Given a thing\n"));
        builder.Add(recorder.Result(new("features/q.feature", "One", 4, ["control:quota"]), ["control:quota"], status, $"expected, but found {Canary}"));
        var cluster = new ClusterInfo("k3s", "image", "v1.36.2", 1, [new("gpu", true, $"the server says {Canary}")]).Redacted(redactor);

        var posture = builder.Build(new("run", DateTimeOffset.UtcNow, DateTimeOffset.UtcNow, 1, 2, redactor.Redact($"no answer to {Canary}"), null, false), cluster, null, []);
        var console = new StringWriter();
        ConsoleSummary.Write(posture, console);

        posture.ToJson().Should().Contain(Redactor.Mark);
        var evidence = string.Concat(HtmlReportTests.Unpacked(HtmlReport.Render(posture)).SelectMany(s => s));
        evidence.Contains("cannot read [redacted]", StringComparison.Ordinal).Should().Be(status == ResultStatus.Passed, "what failed is not packed");
        foreach (var report in ReportFormat.All.Select(f => f.Render(posture)).Concat([posture.ToJson(), console.ToString(), evidence]))
            report.Should().NotContain(Canary).And.NotContain(base64);
    }

    [TestCase("Authorization: Bearer abcdef123456", "Authorization: Bearer [redacted]")]
    [TestCase("token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhYmMifQ.c2lnbmF0dXJl and more", "token [redacted] and more")]
    [TestCase("a -----BEGIN EC PRIVATE KEY-----\nMHc\n-----END EC PRIVATE KEY----- b", "a [redacted] b")]
    [TestCase("nothing secret here", "nothing secret here")]
    public void What_has_the_form_of_a_credential_is_taken_out_though_nobody_named_it(string text, string expected) =>
        new Redactor().Redact(text).Should().Be(expected);

    [Test]
    public void A_document_stays_one_when_its_texts_are_redacted()
    {
        var redactor = new Redactor();
        redactor.Add(Canary);

        redactor.RedactJson($$"""{"a":[1,null,true,"saw \"{{Canary}}\"",{"b":"\"Bearer abcdef123456\" was said"}],"c":"plain \"text\""}""")
            .Should().Be("""{"a":[1,null,true,"saw \u0022[redacted]\u0022",{"b":"\u0022Bearer [redacted]\u0022 was said"}],"c":"plain \u0022text\u0022"}""");
    }

    [Test]
    public void A_secret_within_another_leaves_no_rest()
    {
        var redactor = new Redactor();
        redactor.Add("secret-value");
        redactor.Add("secret-value-and-more");

        redactor.Redact("x secret-value-and-more y").Should().Be("x [redacted] y");
    }

    [Test]
    public void The_body_of_an_answer_is_not_kept_as_evidence() =>
        typeof(EvidenceEntry).GetProperties().Select(p => p.Name).Should().NotContain(nameof(ApiAnswer.Body), "it may hold secrets");
}
