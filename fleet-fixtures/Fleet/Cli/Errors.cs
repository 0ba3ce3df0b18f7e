namespace SecuritySpecs.FleetProgram.Cli;

/// <summary>The command line makes no sense: one line for the user, exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>A role cannot do its work: one line for the user, exit code 1.</summary>
internal sealed class FleetException(string message) : Exception(message);
