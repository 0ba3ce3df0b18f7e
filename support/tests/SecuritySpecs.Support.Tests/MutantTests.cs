using SecuritySpecs.Mutation;

namespace SecuritySpecs.Tests;

/// <summary>The mutants of the files of fleet-fixtures: there are many, each is another, and each means something.</summary>
[TestFixture]
public sealed class MutantTests
{
    // What no file has today. A row goes as soon as one has.
    private static readonly Dictionary<string, string> Unused = new()
    {
        ["drop-peer"] = "no rule has two peers",
        ["and-peers"] = "no rule has two peers",
        ["digest-to-tag"] = "images are placeholders here: the run fills in those that it has built",
    };

    private static readonly string Root = RunOptions.FindRoot();
    private static readonly string Fixtures = Path.Combine(Root, "fleet-fixtures");
    private static readonly Lazy<IReadOnlyList<Mutant>> All = new(() => Mutants.All(Fixtures));

    private static IEnumerable<string> Files => Mutants.Files(Fixtures);

    [Test]
    public void There_are_at_least_300()
    {
        foreach (var file in All.Value.GroupBy(m => m.File))
            TestContext.Out.WriteLine($"{file.Count(),4} {file.Key}");
        foreach (var @operator in All.Value.GroupBy(m => m.Operator))
            TestContext.Out.WriteLine($"{@operator.Count(),4} {@operator.Key}");
        TestContext.Out.WriteLine($"{All.Value.Count} mutants, {SafeEdits.All(Fixtures).Count} edits that must survive");

        All.Value.Should().HaveCountGreaterThanOrEqualTo(300);
        SafeEdits.All(Fixtures).Should().HaveCountGreaterThanOrEqualTo(15);
    }

    [Test]
    public void Each_has_an_id_of_its_own_that_stays()
    {
        var ids = All.Value.Concat(SafeEdits.All(Fixtures)).Select(m => m.Id).ToList();

        ids.Should().OnlyHaveUniqueItems();
        ids.Should().Equal(Mutants.All(Fixtures).Concat(SafeEdits.All(Fixtures)).Select(m => m.Id));
        ids.Should().Contain("controls/gpu-quota.yaml#drop-key:spec.hard.requests.nvidia.com/gpu");
        All.Value.Where(m => All.Value.Any(o => o != m && o.File == m.File && o.Text == m.Text)).Select(m => m.Id).Should().BeEmpty("two mutants of one text are one mutant");
    }

    [TestCaseSource(nameof(Files))]
    public void Each_is_a_manifest_that_differs_from_its_file_and_keeps_its_placeholders(string file)
    {
        var before = File.ReadAllText(Path.Combine(Fixtures, file));
        var mutants = Mutants.Of(Fixtures, file);

        mutants.Should().NotBeEmpty();
        foreach (var mutant in mutants)
        {
            var objects = Manifest.Parse(mutant.File, Filled(mutant.Text)).Objects;
            objects.Should().NotBeEmpty();
            mutant.Diff.Should().MatchRegex("(?m)^[-+] ", mutant.Id);
            if (mutant.Operator is not (MutationTable.DropDocument or "drop-mark" or "drop-subject" or "drop-key" or "drop-except" or "drop-name" or "drop-scope-value" or "drop-rule"))
                Placeholders(mutant.Text).Should().BeSubsetOf(Placeholders(before), mutant.Id);
        }
    }

    [TestCaseSource(nameof(Files))]
    public void A_file_written_anew_means_the_same(string file)
    {
        var text = File.ReadAllText(Path.Combine(Fixtures, file));
        var again = YamlWriter.Write(YamlReader.All(file, text));

        Json(Manifest.Parse(file, Filled(again))).Should().Be(Json(Manifest.Parse(file, Filled(text))));
        Placeholders(again).Should().BeEquivalentTo(Placeholders(string.Join('\n', text.Split('\n').Where(l => !l.TrimStart().StartsWith('#')))));
    }

    [Test]
    public void Every_operator_makes_a_mutant_or_is_known_as_unused()
    {
        var names = MutationTable.Operators.Select(o => o.Name).ToList();
        names.Should().OnlyHaveUniqueItems();

        names.Except(All.Value.Select(m => m.Operator)).Should().BeEquivalentTo(Unused.Keys);
        MutationTable.Operators.Should().OnlyContain(o => o.Does.EndsWith('.') && o.Pretext.EndsWith('.') && o.Kinds.Count > 0);
    }

    [Test]
    public void A_mutant_whose_place_is_gone_is_an_error()
    {
        FluentActions.Invoking(() => Mutants.Find(Fixtures, "controls/gpu-quota.yaml#drop-key:spec.hard.requests.example.com/gpu"))
            .Should().Throw<ArgumentException>().WithMessage("*drop-key:spec.hard.requests.example.com/gpu*its place in fleet-fixtures/controls/gpu-quota.yaml is gone*");
        var some = All.Value[All.Value.Count / 2];
        Mutants.Find(Fixtures, some.Id).Should().Be(some);
    }

    [Test]
    public void A_mutant_that_changes_nothing_is_an_error() => FluentActions.Invoking(() => Mutants.OfText("quota.yaml", """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: x}
        data: {counted-by: x-forwarded-for}
        """)).Should().Throw<InvalidOperationException>().WithMessage("*other-counting*is the file as it is*");

    [Test]
    public void The_diff_shows_what_changed_and_what_is_around_it() => Mutants.Find(Fixtures, "controls/default-deny.yaml#drop-policy-type:NetworkPolicy/default-deny/spec.policyTypes[Egress]").Diff
        .Should().Be("""
            ...
              spec:
                podSelector: {}
            -   policyTypes: [Ingress, Egress]
            +   policyTypes: [Ingress]
              ---
              apiVersion: networking.k8s.io/v1

            """.ReplaceLineEndings("\n"));

    [Test]
    public void Every_reviewed_equivalent_is_a_mutant_and_no_oracle_says_it_already()
    {
        var reviewed = Equivalents.Read(Root);

        reviewed.Keys.Except(All.Value.Select(m => m.Id)).Should().BeEmpty("an entry whose mutant is gone is stale");
        reviewed.Keys.Where(id => Mutants.Find(Fixtures, id) is var m && Equivalence.Reason(File.ReadAllText(Path.Combine(Fixtures, m.File)), m) is not null).Should().BeEmpty("the oracle says so");
    }

    [Test]
    public void Edits_that_must_survive_are_equivalent_where_an_oracle_can_tell()
    {
        var told = SafeEdits.All(Fixtures).Where(m => Reason(m) is not null).Select(m => m.Id).ToList();
        TestContext.Out.WriteLine(string.Join('\n', told));

        told.Should().Contain("controls/tenant.yaml#must-survive:a-rule-for-each-resource").And.Contain("controls/default-deny.yaml#must-survive:labels-as-expressions");
    }

    [Test]
    public void The_oracles_find_few_mutants_equivalent()
    {
        var told = All.Value.Where(m => Reason(m) is not null).Select(m => m.Id).ToList();
        TestContext.Out.WriteLine(string.Join('\n', told));

        told.Should().Contain("controls/network-isolation.yaml#drop-policy-type:spec.policyTypes[Ingress]", "with no type, and no egress rule, it is Ingress");
        told.Count.Should().BeLessThan(All.Value.Count / 20);
        told.Should().NotContain(id => id.Contains("any-", StringComparison.Ordinal) || id.Contains("#drop-policy-rule", StringComparison.Ordinal) || id.Contains("#or-peers", StringComparison.Ordinal));
    }

    private static string? Reason(Mutant mutant) => Equivalence.Reason(File.ReadAllText(Path.Combine(Fixtures, mutant.File)), mutant);

    private static string Filled(string text) => Regex.Replace(text, @"\$\{([A-Z]+)\}", m => m.Groups[1].Value.ToLowerInvariant());

    private static List<string> Placeholders(string text) => [.. Regex.Matches(text, @"\$\{[A-Z_]+\}").Select(m => m.Value).Distinct().Order()];

    private static string Json(Manifest manifest) => string.Join('\n', manifest.Objects.Select(o => o.ToJsonString()));
}
