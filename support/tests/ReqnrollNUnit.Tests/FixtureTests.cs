using System.Reflection;
using FluentAssertions;
using NUnit.Framework;

namespace Reqnroll.Tests;

/// <summary>The fixture generated of shape.feature: what test filters and IDEs see of a feature.</summary>
[TestFixture]
public sealed class FixtureTests
{
    private static readonly Type Fixture = typeof(FixtureTests).Assembly.GetType("Reqnroll.Tests.Features.ShapeOfAFixtureFeature", throwOnError: true)!;

    [Test]
    public void A_feature_is_a_fixture_described_by_its_title()
    {
        Fixture.Should().BeDecoratedWith<TestFixtureAttribute>();
        Property(Fixture, "Description").Should().Equal("Shape of a \"fixture\"");
        Fixture.GetCustomAttribute<FixtureLifeCycleAttribute>()!.LifeCycle.Should().Be(LifeCycle.InstancePerTestCase);
    }

    [Test]
    public void Tags_are_categories()
    {
        Property(Fixture, "Category").Should().BeEquivalentTo("serial", "shape");
        Property(Method("ATitleWithTheUsersGPU_Pool"), "Category").Should().Equal("fast");
    }

    [Test]
    public void A_scenario_is_a_test_described_by_its_title()
    {
        var test = Method("ATitleWithTheUsersGPU_Pool");
        test.Should().BeDecoratedWith<TestAttribute>();
        Property(test, "Description").Should().Equal("a title, with the user's GPU-pool");
    }

    [Test]
    public void Tags_of_the_configuration_keep_features_and_scenarios_from_running_in_parallel()
    {
        Fixture.Should().BeDecoratedWith<NonParallelizableAttribute>();
        Method("Another").Should().BeDecoratedWith<NonParallelizableAttribute>();
        Method("ATitleWithTheUsersGPU_Pool").Should().NotBeDecoratedWith<NonParallelizableAttribute>();
    }

    [Test]
    public void An_example_is_a_test_case_with_its_cells()
    {
        var cases = Method("Rows").GetCustomAttributes<TestCaseAttribute>().ToList();

        Method("Rows").GetParameters().Take(2).Select(p => p.Name).Should().Equal("aB", "c");
        cases.Select(c => string.Join(' ', c.Arguments.Take(3))).Should().BeEquivalentTo("1 2 1", "3 4 2");
        cases.Select(c => c.Category ?? "none").Should().BeEquivalentTo("none", "tagged");
    }

    private static MethodInfo Method(string name) => Fixture.GetMethod(name) ?? throw new AssertionException($"No method {name} in {Fixture}");

    private static IEnumerable<string?> Property(MemberInfo member, string name) =>
        member.GetCustomAttributes<PropertyAttribute>().Where(a => a.Properties.ContainsKey(name)).Select(a => a.Properties.Get(name)?.ToString())
            .Concat(name == "Category" ? member.GetCustomAttributes<CategoryAttribute>().Select(c => c.Name) : []);
}
