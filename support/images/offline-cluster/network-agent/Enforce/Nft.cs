using System.ComponentModel;

namespace SecuritySpecs.NetworkAgent.Enforce;

/// <summary>The kernel takes the rules, or says why not.</summary>
internal interface IRuleLoader
{
    /// <summary>Loads a transaction, as a whole or not at all.</summary>
    /// <exception cref="RulesRefusedException">It was refused; nothing has changed.</exception>
    Task LoadAsync(string transaction, CancellationToken cancel);
}

/// <summary>The kernel did not take the rules.</summary>
internal sealed class RulesRefusedException(string message) : Exception(message);

/// <summary>Loads rules with the command nft.</summary>
internal sealed class Nft : IRuleLoader
{
    public async Task LoadAsync(string transaction, CancellationToken cancel)
    {
        try
        {
            var outcome = await Command.RunAsync("nft", ["-f", "-"], transaction, cancel);
            if (outcome.ExitCode != 0)
                throw new RulesRefusedException($"nft: {outcome.Error.Trim()}");
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new RulesRefusedException($"nft: {e.Message}");
        }
    }
}

/// <summary>Runs a command to its end.</summary>
internal static class Command
{
    public static async Task<(int ExitCode, string Error)> RunAsync(string file, IEnumerable<string> arguments, string input, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var error = process.StandardError.ReadToEndAsync(cancel);
        await process.StandardInput.WriteAsync(input.AsMemory(), cancel);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancel);
        await output;
        return (process.ExitCode, await error);
    }
}
