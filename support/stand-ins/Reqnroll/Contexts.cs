using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Reqnroll.BoDi;

namespace Reqnroll;

/// <summary>Named values shared by the bindings of one run, feature, scenario or step.</summary>
public abstract class ReqnrollContext : Dictionary<string, object>, IDisposable
{
    /// <summary>The first error there was; null as long as all is well.</summary>
    public Exception? TestError { get; internal set; }

    public void Set<T>(T data)
        where T : notnull => Set(data, DefaultKey<T>());

    public void Set<T>(T data, string key)
        where T : notnull => this[key] = data;

    public T Get<T>() => Get<T>(DefaultKey<T>());

    /// <exception cref="KeyNotFoundException">Nothing was set under the key.</exception>
    public T Get<T>(string key) => (T)this[key];

    public bool TryGetValue<TValue>([MaybeNullWhen(false)] out TValue value) => TryGetValue(DefaultKey<TValue>(), out value);

    public bool TryGetValue<TValue>(string key, [MaybeNullWhen(false)] out TValue value)
    {
        if (base.TryGetValue(key, out var found))
        {
            value = (TValue)found;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>The values are not the context's to dispose.</summary>
    void IDisposable.Dispose() => GC.SuppressFinalize(this);

    private static string DefaultKey<T>() => typeof(T).FullName!;
}

public enum ScenarioBlock
{
    None,
    Given,
    When,
    Then,
}

/// <summary>In order of gravity: a graver status replaces a lighter one, but an error is never replaced by Skipped.</summary>
public enum ScenarioExecutionStatus
{
    OK,
    StepDefinitionPending,
    UndefinedStep,
    BindingError,
    TestError,
    Skipped,
}

public sealed class FeatureContext : ReqnrollContext
{
    internal FeatureContext(IObjectContainer container, FeatureInfo info)
    {
        FeatureContainer = container;
        FeatureInfo = info;
    }

    public FeatureInfo FeatureInfo { get; }

    /// <summary>The culture in which bindings run and step arguments are read.</summary>
    public CultureInfo BindingCulture => FeatureInfo.Language;

    public IObjectContainer FeatureContainer { get; }
}

public sealed class ScenarioContext : ReqnrollContext
{
    internal ScenarioContext(IObjectContainer container, ScenarioInfo info)
    {
        ScenarioContainer = container;
        ScenarioInfo = info;
    }

    public ScenarioInfo ScenarioInfo { get; }

    public ScenarioBlock CurrentScenarioBlock { get; internal set; }

    public IObjectContainer ScenarioContainer { get; }

    public ScenarioExecutionStatus ScenarioExecutionStatus { get; internal set; }

    /// <summary>The running step; null between steps.</summary>
    public ScenarioStepContext? StepContext { get; internal set; }
}

public sealed class ScenarioStepContext : ReqnrollContext
{
    internal ScenarioStepContext(StepInfo info)
    {
        StepInfo = info;
    }

    public StepInfo StepInfo { get; }

    public ScenarioExecutionStatus Status { get; set; }

    public Exception? StepError { get; set; }
}
