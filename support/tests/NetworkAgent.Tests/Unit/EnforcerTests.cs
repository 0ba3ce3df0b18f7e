using SecuritySpecs.NetworkAgent.Enforce;
using static SecuritySpecs.NetworkAgent.Tests.Unit.Worlds;

namespace SecuritySpecs.NetworkAgent.Tests.Unit;

/// <summary>When rules are loaded, with a kernel that only takes notes.</summary>
[TestFixture]
internal sealed class EnforcerTests
{
    [Test]
    public async Task What_is_known_is_in_the_rules_when_it_is_said_to_be()
    {
        var kernel = new Kernel();
        var view = View([]);
        var enforcer = Start(() => view, kernel);
        await enforcer.InForceAsync();

        view = View([Pod("x/a", "10.0.0.1")], Policy("x", """{"podSelector": {} }"""));
        await enforcer.InForceAsync();

        kernel.Loaded.Should().HaveCount(2);
        kernel.Loaded[1].Should().Contain("10.0.0.1 : goto");
    }

    [Test]
    public async Task A_burst_of_changes_is_taken_up_together()
    {
        var kernel = new Kernel();
        var compiled = 0;
        // Each time another address, so that each time there is something to load.
        var enforcer = Start(() => View([Pod("x/a", $"10.0.0.{++compiled % 250}")], Policy("x", """{"podSelector": {} }""")), kernel);
        await enforcer.InForceAsync();
        kernel.Hold();
        compiled = 0;

        for (var i = 0; i < 1000; i++) enforcer.Changed();
        kernel.Release();
        await enforcer.InForceAsync();

        compiled.Should().BeLessThanOrEqualTo(3);
    }

    [Test]
    public async Task Refused_rules_are_not_taken_for_loaded_and_everything_is_loaded_anew()
    {
        var kernel = new Kernel();
        var view = View([]);
        var enforcer = Start(() => view, kernel);
        await enforcer.InForceAsync();
        kernel.RefuseOnce();

        view = View([Pod("x/a", "10.0.0.1")], Policy("x", """{"podSelector": {} }"""));
        await enforcer.InForceAsync();

        kernel.Loaded.Should().HaveCount(2).And.OnlyContain(t => t.Contains("delete table", StringComparison.Ordinal));
        kernel.Loaded[1].Should().Contain("10.0.0.1 : goto");
    }

    private static Enforcer Start(Func<ClusterView> view, IRuleLoader kernel)
    {
        var enforcer = new Enforcer(view, kernel);
        _ = enforcer.RunAsync(CancellationToken.None);
        return enforcer;
    }

    private sealed class Kernel : IRuleLoader
    {
        private Task gate = Task.CompletedTask;
        private TaskCompletionSource held = new();
        private bool refuses;

        public List<string> Loaded { get; } = [];

        public void Hold() => gate = (held = new TaskCompletionSource()).Task;

        public void Release() => held.SetResult();

        public void RefuseOnce() => refuses = true;

        public async Task LoadAsync(string transaction, CancellationToken cancel)
        {
            await gate;
            if (refuses)
            {
                refuses = false;
                throw new RulesRefusedException("no");
            }
            Loaded.Add(transaction);
        }
    }
}
