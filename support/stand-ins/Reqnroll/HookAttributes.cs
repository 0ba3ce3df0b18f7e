using Reqnroll.Bindings;

namespace Reqnroll;

/// <summary>Base of the attributes that make a method run at a point of the run.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public abstract class HookAttribute : Attribute
{
    public const int DefaultOrder = 10000;

    private protected HookAttribute(HookType type, string[] tags)
    {
        Type = type;
        Tags = tags;
    }

    internal HookType Type { get; }

    /// <summary>The hook runs where any of these tags is; none means everywhere.</summary>
    public string[] Tags { get; }

    /// <summary>Lower runs first, in After hooks too.</summary>
    public int Order { get; set; } = DefaultOrder;
}

public sealed class BeforeTestRunAttribute() : HookAttribute(HookType.BeforeTestRun, []);

public sealed class AfterTestRunAttribute() : HookAttribute(HookType.AfterTestRun, []);

public sealed class BeforeFeatureAttribute(params string[] tags) : HookAttribute(HookType.BeforeFeature, tags);

public sealed class AfterFeatureAttribute(params string[] tags) : HookAttribute(HookType.AfterFeature, tags);

public class BeforeScenarioAttribute(params string[] tags) : HookAttribute(HookType.BeforeScenario, tags);

public sealed class BeforeAttribute(params string[] tags) : BeforeScenarioAttribute(tags);

public class AfterScenarioAttribute(params string[] tags) : HookAttribute(HookType.AfterScenario, tags);

public sealed class AfterAttribute(params string[] tags) : AfterScenarioAttribute(tags);

public sealed class BeforeScenarioBlockAttribute(params string[] tags) : HookAttribute(HookType.BeforeScenarioBlock, tags);

public sealed class AfterScenarioBlockAttribute(params string[] tags) : HookAttribute(HookType.AfterScenarioBlock, tags);

public sealed class BeforeStepAttribute(params string[] tags) : HookAttribute(HookType.BeforeStep, tags);

public sealed class AfterStepAttribute(params string[] tags) : HookAttribute(HookType.AfterStep, tags);
