using System.Reflection;
using Reqnroll.Bindings;
using Reqnroll.BoDi;

namespace Reqnroll.Engine;

/// <summary>What the scenarios of one test assembly share: bindings, configuration, the outermost container, idle runners.</summary>
internal sealed class TestRun : ITestRunnerManager, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<TestRunner> _idle = [];
    private readonly ObjectContainer _container = new();
    private readonly HookRunner _hooks;
    private readonly StepRunner _steps;
    private readonly RuntimeConfiguration _configuration = RuntimeConfiguration.Load();

    public TestRun(Assembly assembly)
    {
        TestAssembly = assembly;
        var registry = new BindingRegistry(assembly);
        var converter = new ArgumentConverter(registry);
        _hooks = new HookRunner(registry);
        _steps = new StepRunner(new StepMatcher(registry, converter), converter, _hooks);
        _container.RegisterInstanceAs<ITestRunnerManager>(this);
    }

    public Assembly TestAssembly { get; }

    public Task StartAsync() => _hooks.RunAsync(HookType.BeforeTestRun, _container);

    /// <summary>Runs the AfterTestRun hooks and disposes what the run created.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _hooks.RunAsync(HookType.AfterTestRun, _container);
        }
        finally
        {
            _idle.ForEach(r => r.Dispose());
            _container.Dispose();
        }
    }

    /// <summary>Takes an idle runner: one that has the feature open already, else one without a feature, else a new one.</summary>
    public TestRunner Take(FeatureInfo feature)
    {
        lock (_lock)
        {
            var runner = _idle.Find(r => r.FeatureContext?.FeatureInfo == feature) ?? _idle.Find(r => r.FeatureContext is null);
            if (runner is null) return new TestRunner(this, new ObjectContainer(_container), _hooks, _steps, _configuration);
            _idle.Remove(runner);
            return runner;
        }
    }

    public void Release(TestRunner runner)
    {
        lock (_lock) _idle.Add(runner);
    }

    /// <summary>Ends the feature on every runner that took part in it.</summary>
    public async Task EndFeatureAsync(FeatureInfo feature)
    {
        List<TestRunner> runners;
        lock (_lock)
        {
            runners = _idle.FindAll(r => r.FeatureContext?.FeatureInfo == feature);
            _idle.RemoveAll(runners.Contains);
        }

        foreach (var runner in runners)
        {
            try
            {
                await runner.OnFeatureEndAsync();
            }
            finally
            {
                Release(runner);
            }
        }
    }
}
