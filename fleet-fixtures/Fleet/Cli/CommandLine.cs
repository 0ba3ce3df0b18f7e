using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace SecuritySpecs.FleetProgram.Cli;

/// <summary>Finds the role that the first argument names, plays it, and turns what went wrong into one line and an exit code.</summary>
internal sealed class CommandLine(params Role[] roles)
{
    private const int Failed = 1;
    private const int WrongUsage = 2;

    /// <summary>Runs the program; SIGTERM and SIGINT end the role.</summary>
    public async Task<int> RunAsync(string[] args)
    {
        if (args is [] or ["--help" or "-h", ..])
            return Print(Help(), args.Length == 0 ? WrongUsage : 0);
        if (roles.FirstOrDefault(r => r.Name == args[0]) is not { } role)
            return Complain("fleet", $"unknown role '{args[0]}'; known: {string.Join(" ", roles.Select(r => r.Name))}", WrongUsage);
        if (args.Skip(1).Any(a => a is "--help" or "-h"))
            return Print(role.Help, 0);
        return await PlayAsync(role, args.Skip(1));
    }

    private static async Task<int> PlayAsync(Role role, IEnumerable<string> args)
    {
        using var stop = new CancellationTokenSource();
        using var term = OnSignal(PosixSignal.SIGTERM, stop);
        using var interrupt = OnSignal(PosixSignal.SIGINT, stop);
        var name = $"fleet {role.Name}";
        try
        {
            return await role.RunAsync(new Arguments(args, role.Options, role.Flags), stop.Token);
        }
        catch (UsageException e)
        {
            return Complain(name, $"{e.Message} ({name} --help)", WrongUsage);
        }
        catch (FleetException e)
        {
            return Complain(name, e.Message, Failed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException)
        {
            return Complain(name, e.Message, Failed);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static PosixSignalRegistration OnSignal(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true; // end in our own time: the socket is to be removed
            stop.Cancel();
        });

    private static int Print(string text, int exitCode)
    {
        (exitCode == 0 ? Console.Out : Console.Error).WriteLine(text);
        return exitCode;
    }

    private static int Complain(string who, string what, int exitCode)
    {
        Console.Error.WriteLine($"{who}: {what.ReplaceLineEndings(" ")}");
        return exitCode;
    }

    private string Help() =>
        $"""
        fleet: plays a part of a GPU fleet that has no GPUs.

        Usage: fleet ROLE [option ...]

        {string.Join("\n", roles.Select(r => $"  {r.Name,-15} {r.Summary}"))}

        `fleet ROLE --help` says more. Exit codes: 0 done, 1 failed, 2 wrong usage.
        """;
}
