using System.Collections.Concurrent;
using System.ComponentModel;
using System.Reflection;
using Reqnroll.Engine;

namespace Reqnroll;

/// <summary>The test run, as hooks can have it injected.</summary>
public interface ITestRunnerManager
{
    /// <summary>The assembly with the features.</summary>
    Assembly TestAssembly { get; }
}

/// <summary>Where generated code enters.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TestRunnerManager
{
    private static readonly ConcurrentDictionary<Assembly, Lazy<TestRun>> Runs = new();

    public static Task OnTestRunStartAsync(Assembly testAssembly) => Run(testAssembly).StartAsync();

    public static Task OnTestRunEndAsync(Assembly testAssembly) =>
        Runs.TryRemove(testAssembly, out var run) ? run.Value.DisposeAsync().AsTask() : Task.CompletedTask;

    public static TestRunner GetTestRunner(Assembly testAssembly, FeatureInfo feature) => Run(testAssembly).Take(feature);

    public static Task ReleaseFeatureAsync(Assembly testAssembly, FeatureInfo feature) => Run(testAssembly).EndFeatureAsync(feature);

    private static TestRun Run(Assembly assembly) => Runs.GetOrAdd(assembly, a => new Lazy<TestRun>(() => new TestRun(a))).Value;
}
