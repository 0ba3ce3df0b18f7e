using FluentAssertions;
using SecuritySpecs.Kube;
using SecuritySpecs.Tenants;

namespace SecuritySpecs.Steps;

/// <summary>What the steps of one scenario hand on to each other.</summary>
public sealed class ScenarioState
{
    private Attempt? _attempt;
    private SubmittedPod? _pod;

    /// <summary>The latest request that a tenant or the platform admin tried.</summary>
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

    /// <summary>Every pod that tenants asked for, in order.</summary>
    public List<SubmittedPod> Pods { get; } = [];

    /// <summary>The answers to the latest series of pods.</summary>
    public IReadOnlyList<ApiAnswer> Series { get; set; } = [];

    /// <summary>The GPU that was made unhealthy.</summary>
    public string? UnhealthyGpu { get; set; }
}

/// <summary>Assertions in the domain's words.</summary>
public static class Verdicts
{
    /// <summary>The request was allowed, and the API server's own review agrees.</summary>
    public static async Task ShouldBeAllowedAsync(this Attempt attempt)
    {
        attempt.Answer.Allowed.Should().BeTrue("this should be allowed: {0}", attempt.Answer);
        (await attempt.ReviewAsync()).Should().BeTrue("the real request was allowed, so SelfSubjectAccessReview must agree: {0}", attempt.Answer);
    }

    /// <summary>RBAC denied the request by name, and the API server's own review agrees.</summary>
    public static async Task ShouldBeDeniedAsync(this Attempt attempt)
    {
        attempt.IsDenied.Should().BeTrue("this should be 403 Forbidden with \"{0}\", but was: {1}", attempt.RightReason, attempt.Answer);
        (await attempt.ReviewAsync()).Should().BeFalse("the real request was denied, so SelfSubjectAccessReview must agree: {0}", attempt.Answer);
    }
}
