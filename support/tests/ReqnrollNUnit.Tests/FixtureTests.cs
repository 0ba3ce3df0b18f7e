using System.Reflection;
using NUnit.Framework.Interfaces;

namespace ReqnrollNUnit.Tests;

/// <summary>The fixture that is generated for a feature: what runners, filters and IDEs see of it.</summary>
[TestFixture]
public sealed class FixtureTests
{
    private static readonly Type Shape = Fixture("ShapeOfAFixtureFeature");

    [Test]
    public void A_feature_is_a_fixture_described_by_its_title()
    {
        Shape.Should().BeDecoratedWith<TestFixtureAttribute>();
        Properties(Shape, "Description").Should().Equal("Shape of a \"fixture\"");
        Shape.GetCustomAttribute<FixtureLifeCycleAttribute>()!.LifeCycle.Should().Be(LifeCycle.InstancePerTestCase);
    }

    [Test]
    public void A_scenario_is_a_test_described_by_its_title()
    {
        Test("ATitleWithTheUsersGPU_Pool").Should().BeDecoratedWith<TestAttribute>();
        Properties(Test("ATitleWithTheUsersGPU_Pool"), "Description").Should().Equal("a title, with the user's GPU-pool");
    }

    [Test]
    public void Every_scenario_is_a_test()
    {
        Shape.GetMethods().Where(m => m.IsDefined(typeof(TestAttribute))).Select(m => m.Name).Should()
            .Equal("ATitleWithTheUsersGPU_Pool", "Rows", "TaggedRows", "Another", "UnderARule", "RowsUnderARule", "UnderAnotherRule");
    }

    [Test]
    public void Tags_are_categories_of_what_carries_them_and_those_of_a_rule_of_its_tests()
    {
        Categories(Shape).Should().Equal("serial", "shape");
        Categories(Test("ATitleWithTheUsersGPU_Pool")).Should().Equal("fast");
        Categories(Test("TaggedRows")).Should().Equal("Serial", "outline");
        Categories(Test("Another")).Should().BeEmpty();
        Categories(Test("UnderARule")).Should().Equal("of-the-rule", "serial", "of-the-scenario");
        Categories(Test("RowsUnderARule")).Should().Equal("of-the-rule", "serial");
        Categories(Test("UnderAnotherRule")).Should().BeEmpty();
    }

    [Test]
    public void Tags_of_the_configuration_keep_features_rules_and_scenarios_from_running_in_parallel()
    {
        Shape.Should().BeDecoratedWith<NonParallelizableAttribute>();
        Fixture("VerdictsFeature").Should().NotBeDecoratedWith<NonParallelizableAttribute>();
        Shape.GetMethods().Where(m => m.IsDefined(typeof(NonParallelizableAttribute))).Select(m => m.Name).Should()
            .Equal("TaggedRows", "UnderARule", "RowsUnderARule");
    }

    [Test]
    public void The_tag_ignore_ignores_and_is_no_category()
    {
        Fixture("IgnoredFeature").Should().BeDecoratedWith<IgnoreAttribute>();
        Categories(Fixture("IgnoredFeature")).Should().BeEmpty();
        foreach (var test in (string[])["IsIgnored", "OfAnIgnoredRule"])
        {
            Fixture("VerdictsFeature").GetMethod(test).Should().BeDecoratedWith<IgnoreAttribute>();
            Categories(Fixture("VerdictsFeature").GetMethod(test)!).Should().BeEmpty();
        }
    }

    [Test]
    public void An_example_is_a_test_case_with_its_cells_the_index_of_its_pickle_and_the_tags_of_its_set()
    {
        Test("Rows").GetParameters().Select(p => p.Name).Should().Equal("aB", "namespace", "__pickleIndex", "exampleTags");
        Cases("Rows").Should().Equal("1, x|y, 1, null", "3, 4, 2, [tagged twice] Category=tagged Category=twice", "5, 6, 3, null ignored: Ignored by @ignore tag");
        Cases("TaggedRows").Should().Equal("1, 4, [tagged] Category=tagged");
        Cases("RowsUnderARule").Should().Equal("1, 7, [of-the-examples] Category=of-the-examples");
    }

    [Test]
    public void The_run_and_its_features_have_their_hooks()
    {
        var hooks = Sample.Assembly.GetType("Sample_NUnitAssemblyHooks", throwOnError: true)!;

        hooks.Should().BeDecoratedWith<SetUpFixtureAttribute>();
        hooks.GetMethods().Should().Contain(m => m.IsDefined(typeof(OneTimeSetUpAttribute))).And.Contain(m => m.IsDefined(typeof(OneTimeTearDownAttribute)));
        Shape.GetMethods().Should().Contain(m => m.IsStatic && m.IsDefined(typeof(OneTimeTearDownAttribute)));
    }

    [TestCase("shape", 9)]
    [TestCase("language", 1)]
    [TestCase("verdicts", 12)]
    public void The_messages_of_a_feature_are_embedded_its_source_its_tree_and_a_pickle_a_test(string feature, int pickles)
    {
        using var resource = Sample.Assembly.GetManifestResourceStream($"features/{feature}.feature.ndjson")!;
        var messages = new StreamReader(resource).ReadToEnd().Split('\n').Select(CucumberMessage.Parse).ToList();

        messages[0].Source.Uri.Should().Be($"features/{feature}.feature");
        messages[0].Source.Data.Should().Be(File.ReadAllText(Path.Combine(Sample.Folder("Sample"), "features", $"{feature}.feature")));
        messages[1].GherkinDocument.Uri.Should().Be($"features/{feature}.feature");
        messages[2..].Should().HaveCount(pickles).And.OnlyContain(m => m.Pickle != null);
    }

    private static Type Fixture(string name) => Sample.Assembly.GetType($"Sample.Features.{name}", throwOnError: true)!;

    private static MethodInfo Test(string name) => Shape.GetMethod(name) ?? throw new AssertionException($"No method {name} in {Shape}");

    private static IEnumerable<string> Cases(string test) => Test(test).GetCustomAttributes<TestCaseAttribute>().Select(c =>
        string.Join(", ", c.Arguments.Select(a => a is string[] tags ? $"[{string.Join(' ', tags)}]" : a ?? "null"))
        + string.Concat(c.Properties["Category"].Cast<string>().Select(category => $" Category={category}"))
        + (c.RunState == RunState.Ignored ? $" ignored: {c.IgnoreReason}" : ""));

    private static IEnumerable<string> Categories(MemberInfo member) => member.GetCustomAttributes<CategoryAttribute>().Select(c => c.Name);

    private static IEnumerable<string?> Properties(MemberInfo member, string name) => member.GetCustomAttributes<PropertyAttribute>()
        .Where(a => a.Properties.ContainsKey(name)).Select(a => a.Properties.Get(name)?.ToString());
}
