namespace k8s;

/// <summary>
/// Handles the streams of a command that runs in a pod; the command's end is read when this returns.
/// With protocol v4 standard input cannot be closed, so a command that reads it to the end never ends.
/// </summary>
public delegate Task ExecAsyncCallback(Stream stdIn, Stream stdOut, Stream stdErr);
