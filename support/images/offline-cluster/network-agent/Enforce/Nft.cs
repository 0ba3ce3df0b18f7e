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
