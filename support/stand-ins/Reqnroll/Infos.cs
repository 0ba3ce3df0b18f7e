using System.Collections.Specialized;
using System.Globalization;
using Reqnroll.Bindings;

namespace Reqnroll;

/// <summary>A feature, as its file states it.</summary>
public sealed class FeatureInfo(CultureInfo language, string folderPath, string title, string description, params string[] tags)
{
    /// <summary>Without the leading @.</summary>
    public string[] Tags { get; } = tags;

    /// <summary>Relative to the test project, with forward slashes.</summary>
    public string FolderPath { get; } = folderPath;

    public string Title { get; } = title;

    public string Description { get; } = description;

    public CultureInfo Language { get; } = language;
}

/// <summary>A scenario, or one example of an outline.</summary>
public sealed class ScenarioInfo
{
    internal ScenarioInfo(string title, string description, string[] tags, IOrderedDictionary arguments, string[] inheritedTags)
    {
        Title = title;
        Description = description;
        Tags = tags;
        CombinedTags = [.. tags, .. inheritedTags];
        Arguments = arguments;
    }

    public string Title { get; }

    public string Description { get; }

    /// <summary>The scenario's and its examples' own tags, without the leading @.</summary>
    public string[] Tags { get; }

    /// <summary><see cref="Tags"/>, then those of the feature.</summary>
    public string[] CombinedTags { get; }

    /// <summary>The columns of the example by name; empty outside an outline.</summary>
    public IOrderedDictionary Arguments { get; }
}

/// <summary>The step that runs now.</summary>
public sealed class StepInfo
{
    internal StepInfo(StepInstance instance)
    {
        StepInstance = instance;
    }

    public StepDefinitionType StepDefinitionType => StepInstance.StepDefinitionType;

    /// <summary>Without the keyword.</summary>
    public string Text => StepInstance.Text;

    public Table? Table => StepInstance.TableArgument;

    public string? MultilineText => StepInstance.MultilineTextArgument;

    public StepInstance StepInstance { get; }
}
