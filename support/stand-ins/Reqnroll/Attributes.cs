using Reqnroll.Bindings;

namespace Reqnroll;

/// <summary>Marks a class whose methods are step definitions, hooks or transformations.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class BindingAttribute : Attribute;

/// <summary>How the text of a step definition is read.</summary>
public enum ExpressionType
{
    /// <summary>Decided by the look of the expression.</summary>
    Unspecified,
    CucumberExpression,
    RegularExpression,
}

/// <summary>Base of the attributes that bind a method to step texts.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public abstract class StepDefinitionBaseAttribute : Attribute
{
    protected StepDefinitionBaseAttribute(string expression, StepDefinitionType[] types)
    {
        Expression = expression;
        Types = types;
    }

    /// <summary>The kinds of step that the method serves.</summary>
    public StepDefinitionType[] Types { get; }

    /// <summary>The cucumber or regular expression that the whole step text must match.</summary>
    public string Expression { get; set; }

    public ExpressionType ExpressionType { get; set; }
}

public sealed class GivenAttribute(string expression) : StepDefinitionBaseAttribute(expression, [StepDefinitionType.Given]);

public sealed class WhenAttribute(string expression) : StepDefinitionBaseAttribute(expression, [StepDefinitionType.When]);

public sealed class ThenAttribute(string expression) : StepDefinitionBaseAttribute(expression, [StepDefinitionType.Then]);

/// <summary>Binds a method to Given, When and Then steps alike.</summary>
public sealed class StepDefinitionAttribute(string expression)
    : StepDefinitionBaseAttribute(expression, [StepDefinitionType.Given, StepDefinitionType.When, StepDefinitionType.Then]);

/// <summary>Limits bindings to a tag, a feature title or a scenario title; several of them are alternatives.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class ScopeAttribute : Attribute
{
    public string? Tag { get; set; }

    public string? Feature { get; set; }

    public string? Scenario { get; set; }
}

/// <summary>Marks a method that turns step text (or a table) into an argument of the method's return type.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class StepArgumentTransformationAttribute : Attribute
{
    public StepArgumentTransformationAttribute()
    {
    }

    public StepArgumentTransformationAttribute(string regex, int order = HookAttribute.DefaultOrder)
    {
        Regex = regex;
        Order = order;
    }

    /// <summary>What the whole text must match; its groups become the method's arguments. Null: any text.</summary>
    public string? Regex { get; set; }

    /// <summary>The parameter name that cucumber expressions use for it: "x" gives {x}.</summary>
    public string? Name { get; set; }

    /// <summary>Lower is tried first.</summary>
    public int Order { get; set; } = HookAttribute.DefaultOrder;
}
