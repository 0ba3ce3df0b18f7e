namespace SecuritySpecs.Kube;

/// <summary>The environment, not a control, is at fault: nothing can be judged. The message says what to do.</summary>
public sealed class EnvironmentException(string message, Exception? cause = null) : Exception(message, cause);
