using System.CommandLine.Help;
using System.Runtime.InteropServices;
using SecuritySpecs.Tool;

// Two questions of support/specs. `plan COMMAND ...`: whether the arguments are right, and what has to be provided for them.
// `engine`, where none answers the docker command: whether to start one; an error where that would be in vain.
var plans = args is ["plan", ..];
var commands = new CommandLine();
var parsed = commands.Specs.Parse(plans ? args[1..] : args, new() { ResponseFileTokenReplacer = null });
using var interrupt = new CancellationTokenSource();
using var handlers = new SignalHandlers(interrupt);
try
{
    if (args is ["engine"])
    {
        Console.WriteLine(await EngineAdvice.IsToBeStartedAsync() ? "start" : "");
        return 0;
    }

    if (parsed.Action is HelpAction)
        return plans ? 0 : await parsed.InvokeAsync();
    if (parsed.UnmatchedTokens is [var unknown, ..])
        throw new EnvironmentException($"unknown option, command or argument '{unknown}' (see 'specs --help')");
    if (parsed.Errors is [var error, ..])
        throw new EnvironmentException($"{error.Message.TrimEnd('.')} (see 'specs --help')");
    commands.Apply(parsed);
    if (plans)
    {
        Console.WriteLine(CommandLine.Needs(parsed));
        return 0;
    }

    return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupt.Token);
}
catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
{
    return 130;
}
catch (Exception e) when (e is EnvironmentException or BadInputException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"specs: {e.Message}");
    return 2;
}
catch (Exception e) when (!interrupt.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync($"specs: unexpected error, please report it: {e}");
    return 2;
}
catch (Exception)
{
    return 130; // what an interruption has torn apart
}

/// <summary>Ctrl-C and the like: the first one asks everything to end and to tidy up, later ones change nothing.</summary>
internal sealed class SignalHandlers(CancellationTokenSource interrupt) : IDisposable
{
    private readonly IReadOnlyList<PosixSignalRegistration> _handlers =
    [
        .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            if (!interrupt.IsCancellationRequested)
                Console.Error.WriteLine("\nInterrupted: tidying up ...");
            interrupt.Cancel();
        })),
    ];

    public void Dispose()
    {
        foreach (var handler in _handlers)
            handler.Dispose();
    }
}
