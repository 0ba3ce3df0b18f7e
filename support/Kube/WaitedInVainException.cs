namespace SecuritySpecs.Kube;

/// <summary>
/// What was awaited did not come about in time. That says something about what was awaited; a request that is not answered in time,
/// which is a <see cref="TimeoutException"/> too, says nothing.
/// </summary>
/// <param name="message">What was awaited and last seen.</param>
/// <param name="cause">The wait that ran out first; null for none.</param>
public sealed class WaitedInVainException(string message, Exception? cause = null) : TimeoutException(message, cause);
