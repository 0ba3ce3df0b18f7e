namespace Reqnroll.Bindings;

/// <summary>What a step does; <c>And</c>, <c>But</c> and <c>*</c> continue the step before.</summary>
public enum StepDefinitionType
{
    Given = 1,
    When,
    Then,
}

/// <summary>A step as the feature file has it, examples filled in.</summary>
public sealed class StepInstance
{
    internal StepInstance(StepDefinitionType type, string keyword, string text, string? multilineText, Table? table)
    {
        StepDefinitionType = type;
        Keyword = keyword;
        Text = text;
        MultilineTextArgument = multilineText;
        TableArgument = table;
    }

    public StepDefinitionType StepDefinitionType { get; }

    /// <summary>With the space behind it.</summary>
    public string Keyword { get; }

    public string Text { get; }

    public string? MultilineTextArgument { get; }

    public Table? TableArgument { get; }
}
