namespace SecuritySpecs.Steps.Shared;

/// <summary>Whether an attempt was allowed or denied, and for the right reason.</summary>
public static class AttemptAssertions
{
    // A change of RBAC reaches the authoriser within tens of milliseconds.
    private static readonly TimeSpan RbacDeadline = TimeSpan.FromSeconds(10);

    // Of a control plane with replicas one may not have heard of the change yet: a denial counts where so many in a row are denied.
    private const int DenialsInARow = 3;

    /// <summary>Makes a request until it is allowed, and the API server's own review agrees.</summary>
    /// <param name="state">Keeps the last attempt.</param>
    /// <param name="who">Who asks, for what and of whom: to follow "waited for" and to be followed by "to be allowed".</param>
    /// <param name="attempt">Makes the request.</param>
    public static Task ShouldComeToBeAllowedAsync(this ScenarioState state, string who, Func<Task<Attempt>> attempt) =>
        ShouldComeToAsync(state, $"{who} to be allowed", attempt, a => a.Answer.Allowed, ShouldBeAllowedAsync);

    /// <summary>Makes a request until RBAC denies it by name, and the API server's own review agrees.</summary>
    /// <param name="state">Keeps the last attempt.</param>
    /// <param name="who">Who asks, for what and of whom: to follow "waited for" and to be followed by "to be denied".</param>
    /// <param name="attempt">Makes the request.</param>
    public static Task ShouldComeToBeDeniedAsync(this ScenarioState state, string who, Func<Task<Attempt>> attempt) =>
        ShouldComeToAsync(state, $"{who} to be denied, {DenialsInARow} times in a row", () => FirstNotDeniedAsync(attempt), a => a.IsDenied, ShouldBeDeniedAsync);

    // What is denied changes nothing, so that it can be asked again at once.
    private static async Task<Attempt> FirstNotDeniedAsync(Func<Task<Attempt>> attempt)
    {
        var last = await attempt();
        for (var denials = 1; last.IsDenied && denials < DenialsInARow; denials++)
            last = await attempt();
        return last;
    }

    private static async Task ShouldComeToAsync(ScenarioState state, string awaited, Func<Task<Attempt>> attempt, Func<Attempt, bool> enough, Func<Attempt, Task> judge)
    {
        state.Attempt = await Poll.UntilAsync(awaited, attempt, enough, a => a.Answer.ToString(), RbacDeadline);
        await judge(state.Attempt);
    }

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
