namespace SecuritySpecs.Tests;

[TestFixture]
public sealed class CatalogueTests
{
    private const string Good = """
        frameworks:
          cis: CIS Kubernetes Benchmark
          nist: NIST SP 800-190
        controls:
          - id: quota
            title: Quota
            impact: One tenant takes all.
            section: 20-rbac
            cis: [5.1.1, 5.1.3]
          - id: later
            title: Later
            section: 30-network
            planned: a later lesson
        """;

    [Test]
    public void Rows_have_their_framework_ids()
    {
        var catalogue = Catalogue.Parse(Good);

        catalogue.Rows.Select(r => r.Id).Should().Equal("quota", "later");
        catalogue.Rows[0].Frameworks["cis"].Should().Equal("5.1.1", "5.1.3");
        catalogue.Rows.Select(r => r.Impact).Should().Equal("One tenant takes all.", null);
        catalogue.Rows[1].Planned.Should().Be("a later lesson");
    }

    [TestCase("id: later", "id: quota", 10, "\"quota\" is there twice")]
    [TestCase("    cis: [5.1.1, 5.1.3]", "    iso: [1]", 9, "unknown key \"iso\"")]
    [TestCase("    title: Quota\n", "", 5, "title is missing")]
    [TestCase("    impact: One tenant takes all.\n", "", 5, "control \"quota\": impact is missing; say in one sentence what happens without the control")]
    [TestCase("cis: [5.1.1, 5.1.3]", "cis: 5.1.1", 9, "expected a list")]
    public void A_mistake_is_told_with_file_and_line(string good, string bad, int line, string problem)
    {
        var parse = () => Catalogue.Parse(Good.Replace(good, bad, StringComparison.Ordinal));

        parse.Should().Throw<BadInputException>().Which.Message.Should().StartWith($"features/catalogue.yaml:{line}: ").And.Contain(problem);
    }

    [TestCase("5.1.3", "5.1.33", 9, "cis: there is no \"5.1.33\"; the nearest is \"5.1.3\" (features/frameworks.yaml lists those that exist)")]
    [TestCase("    cis: [5.1.1, 5.1.3]", "    nist: [4.3.1]", 9, "nist: features/frameworks.yaml lists no ids of this framework")]
    public void An_id_that_its_framework_lacks_is_told_with_the_nearest(string good, string bad, int line, string problem)
    {
        var parse = () => Catalogue.Parse(Good.Replace(good, bad, StringComparison.Ordinal), FrameworkIds.Parse("cis: [5.1.1..13]"));

        parse.Should().Throw<BadInputException>().WithMessage($"features/catalogue.yaml:{line}: {problem}");
    }

    [TestCase("K01..10", "K01", "K10")]
    [TestCase("5.3.1..2", "5.3.1", "5.3.2")]
    [TestCase("AML.T0024.000..002", "AML.T0024.000", "AML.T0024.002")]
    [TestCase("4.3.1", "4.3.1", "4.3.1")]
    public void A_range_of_ids_has_its_first_and_its_last(string range, string first, string last)
    {
        var ids = FrameworkIds.Parse($"f: [{range}]");

        (ids.Problem("f", first), ids.Problem("f", last)).Should().Be((null, null));
    }

    [TestCase("f:\n  - 5.3.4..2", 2, "expected FIRST..LAST")]
    [TestCase("f:\n  - 5.3.x..2", 2, "expected FIRST..LAST")]
    [TestCase("f: 5", 1, "expected a list")]
    public void A_mistake_in_the_list_of_ids_is_told_with_file_and_line(string text, int line, string problem)
    {
        var parse = () => FrameworkIds.Parse(text);

        parse.Should().Throw<BadInputException>().Which.Message.Should().StartWith($"features/frameworks.yaml:{line}: ").And.Contain(problem);
    }

    [Test]
    public void Every_id_of_the_projects_catalogue_exists() => Catalogue.Read(RunOptions.FindRoot()).Rows.SelectMany(r => r.Frameworks).Should().NotBeEmpty();

    [Test]
    public void The_impact_of_each_control_is_one_sentence_that_fits_into_a_line() =>
        Catalogue.Read(RunOptions.FindRoot()).Rows.Where(r => r.Impact is { } impact && (impact.Length > 120 || !Regex.IsMatch(impact, @"^[A-Z][^.]*\.$"))).Select(r => r.Id).Should().BeEmpty();

    private const string Covered = """
        not-covered:
          cis:
            - ids: [5.1.4..6]
              why: nobody asks
        lesson:
          - topic: Quotas
            controls: [quota]
        """;

    [Test]
    public void What_no_control_names_has_its_reason_and_what_has_none_is_counted()
    {
        var coverage = Coverage.Parse(Covered, Catalogue.Parse(Good), FrameworkIds.Parse("cis: [5.1.1..13]"));

        coverage.Frameworks.Single(f => f.Ids > 0).Should().BeEquivalentTo(new { Ids = 13, NotJudged = 13 - 2 - 3 });
        coverage.Frameworks[0].NotCovered.Should().ContainSingle().Which.Should().BeEquivalentTo(new NotCovered(["5.1.4..6"], "nobody asks"));
        coverage.Lesson.Should().ContainSingle().Which.Should().BeEquivalentTo(new LessonTopic("Quotas", ["quota"]));
    }

    [TestCase("5.1.4..6", "5.1.3..6", 3, "cis: \"5.1.3\" is there twice, or a control of the catalogue names it")]
    [TestCase("5.1.4..6", "5.1.14", 3, "cis: there is no \"5.1.14\"*")]
    [TestCase("[quota]", "[quotas]", 7, "features/catalogue.yaml has no control \"quotas\"")]
    [TestCase("why:", "because:", 4, "cis: unknown key \"because\"*")]
    public void A_mistake_in_the_coverage_is_told_with_file_and_line(string good, string bad, int line, string problem)
    {
        var parse = () => Coverage.Parse(Covered.Replace(good, bad, StringComparison.Ordinal), Catalogue.Parse(Good), FrameworkIds.Parse("cis: [5.1.1..13]"));

        parse.Should().Throw<BadInputException>().WithMessage($"features/coverage.yaml:{line}: {problem}");
    }

    [Test]
    public void Every_control_is_behind_a_topic_of_the_lesson_which_has_seven()
    {
        var catalogue = Catalogue.Read(RunOptions.FindRoot());
        var lesson = Coverage.Read(RunOptions.FindRoot(), catalogue).Lesson;

        lesson.Should().HaveCount(7);
        catalogue.Rows.Select(r => r.Id).Except(lesson.SelectMany(t => t.Controls)).Should().BeEmpty();
    }
}
