using SecuritySpecs.Cluster;
using SecuritySpecs.Kube;
using SecuritySpecs.Reports.Phrases;
using SecuritySpecs.Steps.Run;
using SecuritySpecs.Tool;
using Spectre.Console.Testing;

namespace Steps.Tests;

/// <summary>The phrases of this repository.</summary>
[TestFixture]
public sealed class PhraseTests
{
    private static readonly string Root = RunOptions.FindRoot();
    private static readonly StepBindings Bindings = new();
    private static readonly IReadOnlyList<FeatureStep> Steps = FeatureStep.Read(Root);
    private static readonly StepUse Use = new(Bindings, Steps);

    // Drivers use these for phrases that features use.
    private static readonly string[] OfDrivers = ["with the scope of PriorityClass {string}", "with the argument {string}", "the object quota"];

    [Test]
    public void Every_step_of_the_features_can_run()
    {
        Steps.Should().HaveCountGreaterThan(1000);

        new StepCheck(Bindings).Problems(Steps).Should().Equal();
    }

    [Test]
    public void Every_phrase_is_used_by_a_feature()
    {
        Bindings.Phrases.Should().HaveCountGreaterThan(50);

        Use.UnusedPhrases.Select(p => $"{p.Place(Root)}: {p.Keyword} {p.Text}").Should().Equal([], "nobody has seen a phrase work that no feature uses");
    }

    [Test]
    public void Every_value_of_a_parameter_is_used_by_a_feature()
    {
        Bindings.Values["request"].Should().HaveCountGreaterThan(20).And.Contain("read the secret( of tenant {string})");
        Bindings.Values["edit"].Should().Contain("without the default");

        Use.UnusedValues.Where(v => !OfDrivers.Contains(v.Value)).Select(v => $"{{{v.Parameter}}} {v.Value}").Should().Equal([], "nobody has seen a value work that no feature uses");
    }

    [Test]
    public void The_filter_of_dotnet_test_selects_the_scenarios_that_it_would_run()
    {
        var quota = Selected("TestCategory=control:gpu-quota");
        quota.Should().NotBeEmpty().And.OnlyContain(s => s.Tags.Contains("control:gpu-quota"));
        Selected("TestCategory!=control:gpu-quota").Should().HaveCount(Steps.Count - quota.Count);
        Selected("TestCategory=control:gpu-quota&TestCategory=no-such-tag").Should().BeEmpty();
        Selected("FullyQualifiedName~Refused").Should().NotBeEmpty().And.OnlyContain(s => s.Scenario.Contains("refused", StringComparison.OrdinalIgnoreCase) || s.Feature.Contains("refused", StringComparison.OrdinalIgnoreCase));
        Selected("((").Should().HaveCount(Steps.Count, "dotnet test itself says that this is no filter");
    }

    [Test]
    public void The_command_lists_a_phrase_with_its_file_an_example_and_the_values_of_its_parameters()
    {
        var printed = Printed("is refused by {refusal}");

        printed.Should().Contain("steps/Shared/PodSteps.cs").And.MatchRegex(@"the (pod|label|annotation|image) is refused by \S.*  \(features/\S+\.feature:[0-9]+\)")
            .And.Contain("{refusal} is one of:\n").And.Contain("  the GPU quota\n");
    }

    [Test]
    public void The_command_lists_values_or_examples_of_every_parameter()
    {
        var printed = Printed(word: null);
        var parameters = Bindings.Phrases.SelectMany(p => p.Parameters)
            .Concat(Bindings.Values.Values.SelectMany(v => v).SelectMany(ValueForm.Parameters))
            .Distinct().Except(["string", "int"]).ToList();

        parameters.Should().HaveCountGreaterThan(20).And.Contain("evasion");
        parameters.Where(p => !Regex.IsMatch(printed, $@"\n\{{{p}}} is (one of|for example)[^\n]*:\n  \S")).Should().BeEmpty();
        printed.Should().Contain("( that {evasion})\n").And.Contain("{evasion} is one of:\n  asks for no slice\n");
    }

    [Test]
    public void The_command_finds_a_value_by_a_word_in_it()
    {
        Printed("switches HAMi-core off").Should().StartWith("{evasion} is one of:\n  switches HAMi-core off\n  in: a GPU job(");
        Printed("PodTolerationRestriction").Should().Contain("{refusal} is one of:\n  PodTolerationRestriction\n  in: ").And.NotContain("the GPU quota");
    }

    [Test]
    public void A_word_that_nothing_has_is_told_with_the_nearest_phrases()
    {
        var print = () => Printed("qouta of");

        print.Should().Throw<EnvironmentException>().WithMessage("no step has \"qouta of\" in it; the nearest:\n  *quota of*\n*quota of*");
    }

    private static List<FeatureStep> Selected(string filter) => [.. Steps.Where(s => Bindings.Selects(filter, s))];

    private static string Printed(string? word)
    {
        using var console = new TestConsole().Width(500);
        new StepsCommand(console, Bindings, Use).Write(word);
        return string.Join('\n', console.Lines.Select(l => l.TrimEnd())) + "\n";
    }
}
