namespace SecuritySpecs.Steps.Shared;

/// <summary>What the steps of one scenario hand on to steps of other classes.</summary>
/// <remarks>
/// A scenario's state is in three places. Here: what one step did and another judges. In <see cref="ScenarioPlatform"/>: its tenants,
/// and what is to be cleaned up. In private fields: what only one driver, or one class of steps, needs again. All of it is made anew for
/// each scenario, and nothing is static.
/// </remarks>
public sealed class ScenarioState
{
    private Attempt? _attempt;
    private SubmittedPod? _pod;
    private SubmittedTemplate? _template;

    /// <summary>The latest request that somebody tried.</summary>
    public Attempt Attempt
    {
        get => _attempt ?? throw new InvalidOperationException("No step of this scenario has tried a request yet.");
        set => _attempt = value;
    }

    /// <summary>The latest pod that a tenant asked for.</summary>
    public SubmittedPod Pod
    {
        get => _pod ?? throw new InvalidOperationException("No step of this scenario has submitted a pod yet.");
        set
        {
            _pod = value;
            Pods.Add(value);
        }
    }

    /// <summary>The latest Deployment or Job that a tenant asked for.</summary>
    public SubmittedTemplate Template
    {
        get => _template ?? throw new InvalidOperationException("No step of this scenario has submitted a Deployment or a Job yet.");
        set => _template = value;
    }

    /// <summary>Every pod that tenants asked for, in order.</summary>
    public List<SubmittedPod> Pods { get; } = [];

    /// <summary>The answers to the latest series of pods.</summary>
    public IReadOnlyList<ApiAnswer> Series { get; set; } = [];

    /// <summary>The values of the secrets that tenants keep, by tenant.</summary>
    public Dictionary<string, string> SecretValues { get; } = [];
}
