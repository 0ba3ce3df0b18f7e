namespace SecuritySpecs.FleetProgram.Cli;

/// <summary>One thing that the program can be: a subcommand.</summary>
internal abstract class Role
{
    /// <summary>The word after <c>fleet</c>.</summary>
    public abstract string Name { get; }

    /// <summary>One line for the list of roles.</summary>
    public abstract string Summary { get; }

    /// <summary>What <c>--help</c> prints.</summary>
    public abstract string Help { get; }

    /// <summary>The options it knows, with their dashes; each takes a value.</summary>
    public abstract IReadOnlyCollection<string> Options { get; }

    /// <summary>The options that take no value.</summary>
    public virtual IReadOnlyCollection<string> Flags => [];

    /// <summary>Plays the role until it is done or <paramref name="stop"/> says so; the result is the exit code.</summary>
    /// <exception cref="UsageException">The arguments make no sense (exit code 2).</exception>
    /// <exception cref="FleetException">It cannot be done (exit code 1).</exception>
    public abstract Task<int> RunAsync(Arguments arguments, CancellationToken stop);
}
