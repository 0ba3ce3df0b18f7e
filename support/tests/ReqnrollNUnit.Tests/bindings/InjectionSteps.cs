using System.Diagnostics.CodeAnalysis;
using FluentAssertions;
using Reqnroll.BoDi;

namespace Reqnroll.Tests;

public sealed class Notes
{
    public List<string> Items { get; } = [];
}

[SuppressMessage("Design", "CA1040:Avoid empty interfaces", Justification = "Only its identity counts.")]
public interface IClock;

public sealed class FixedClock : IClock;

public sealed class SharedByRun;

public sealed class MadeByFactory(int number)
{
    public int Number => number;
}

[Binding]
public sealed class OneClass(Notes notes)
{
    [When("one class adds {string}")]
    public void Add(string item) => notes.Items.Add(item);

    [Then("both classes see {string}")]
    public void See(string items) => string.Join(' ', notes.Items).Should().Be(items);
}

[Binding]
public sealed class AnotherClass(Notes notes, IReqnrollOutputHelper output)
{
    [When("another class adds {string}")]
    public void Add(string item)
    {
        output.WriteLine("adds {0}", item);
        notes.Items.Add(item);
    }
}

[Binding]
public sealed class Registrations(IObjectContainer container)
{
    private static readonly SharedByRun Shared = new();
    private int _calls;

    [BeforeTestRun]
    public static void RegisterForRun(IObjectContainer runContainer, ITestRunnerManager manager)
    {
        manager.TestAssembly.Should().BeSameAs(typeof(Registrations).Assembly);
        runContainer.RegisterInstanceAs(Shared);
    }

    [BeforeScenario("registers")]
    public void Register()
    {
        container.RegisterTypeAs<FixedClock, IClock>();
        container.RegisterFactoryAs(_ => new MadeByFactory(++_calls));
        container.RegisterInstanceAs(new Notes { Items = { "named" } }, "other");
    }

    [Then("the clock is the one that the hook registered")]
    public void ClockIs() => container.Resolve<IClock>().Should().BeOfType<FixedClock>().And.BeSameAs(container.Resolve<FixedClock>());

    [Then("the factory has run once")]
    public void FactoryRan()
    {
        container.Resolve<MadeByFactory>().Number.Should().Be(1);
        container.Resolve<MadeByFactory>().Number.Should().Be(1);
    }

    [Then("names tell registrations apart")]
    public void NamesTell()
    {
        container.Resolve<Notes>("other").Items.Should().Equal("named");
        container.Resolve<Notes>().Items.Should().BeEmpty();
        container.IsRegistered<Notes>("other").Should().BeTrue();
        container.IsRegistered<Notes>("unknown").Should().BeFalse();
    }

    [Then("what the run registered is shared with all scenarios")]
    public void SharedIs() => container.Resolve<SharedByRun>().Should().BeSameAs(Shared);

    [Then("an unknown type is not registered")]
    public void UnknownIsNot()
    {
        container.IsRegistered<IDisposable>().Should().BeFalse();
        container.Invoking(c => c.Resolve<IDisposable>()).Should().Throw<ObjectContainerException>();
        container.Invoking(c => c.RegisterTypeAs<FixedClock, IClock>()).Should().Throw<ObjectContainerException>("it has been resolved already");
    }
}
