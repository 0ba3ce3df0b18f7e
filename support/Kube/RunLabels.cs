namespace SecuritySpecs.Kube;

/// <summary>The labels that mark what a run creates.</summary>
public static class RunLabels
{
    /// <summary>The run's id, on containers and on every Kubernetes object.</summary>
    public const string Run = "security.specs/run";

    /// <summary>On Kubernetes objects that runs share and that no namespace holds: they go with the last run.</summary>
    public const string Shared = "security.specs/shared";

    /// <summary>On Kubernetes objects that a scenario made: which. Others of the run leave them out of what they judge.</summary>
    public const string Scenario = "security.specs/scenario";
}
