using NUnit.Framework;
using SecuritySpecs.Evidence;

namespace SecuritySpecs.Steps.Run;

/// <summary>Tells whether a scenario failed because something is not as it says, or because that could not be found out.</summary>
public static class FailureKinds
{
    private const string Then = "Then";

    /// <summary>The kind of a failure.</summary>
    /// <param name="failure">What ended the scenario; null where the runner did.</param>
    /// <param name="keyword">Of the step that failed; null where no step did.</param>
    public static FailureKind Of(Exception? failure, string? keyword)
    {
        var causes = Causes(failure).ToList();
        return causes.Exists(c => c is ControlNotInForceException) ? FailureKind.NotInForce
            : keyword is null ? FailureKind.Error
            : causes.Exists(c => c is AssertionException or MultipleAssertException) ? FailureKind.Assertion
            : causes.Exists(c => c is KubeApiException { IsAboutAManifest: true, Answer.Code: 400 or 404 or 422 }) ? FailureKind.Invalid
            : keyword == Then && causes.Exists(c => c is WaitedInVainException) ? FailureKind.Deadline
            : FailureKind.Error;
    }

    private static IEnumerable<Exception> Causes(Exception? failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
            yield return cause;
    }
}
