using System.Text.RegularExpressions;
using DotNet.Testcontainers.Containers;

namespace DotNet.Testcontainers.Configurations;

/// <summary>The conditions of a container's readiness, waited for one after the other.</summary>
public interface IWaitForContainerOS
{
    IWaitForContainerOS AddCustomWaitStrategy(IWaitUntil waitUntil, Action<IWaitStrategy>? waitStrategyModifier = null);

    /// <summary>A line since the start (of the second, see <see cref="IContainer.GetLogsAsync"/>) matches this regular expression.</summary>
    IWaitForContainerOS UntilMessageIsLogged(string pattern, Action<IWaitStrategy>? waitStrategyModifier = null);

    /// <inheritdoc cref="UntilMessageIsLogged(string, Action{IWaitStrategy})"/>
    IWaitForContainerOS UntilMessageIsLogged(Regex pattern, Action<IWaitStrategy>? waitStrategyModifier = null);

    /// <summary>A command in the container's shell ends with 0.</summary>
    IWaitForContainerOS UntilCommandIsCompleted(string command, Action<IWaitStrategy>? waitStrategyModifier = null);

    IEnumerable<WaitStrategy> Build();
}

/// <inheritdoc/>
internal sealed class WaitForContainerUnix : IWaitForContainerOS
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(5);
    private readonly List<WaitStrategy> strategies = [];

    public IWaitForContainerOS AddCustomWaitStrategy(IWaitUntil waitUntil, Action<IWaitStrategy>? waitStrategyModifier = null)
    {
        var strategy = new WaitStrategy(waitUntil);
        waitStrategyModifier?.Invoke(strategy);
        strategies.Add(strategy);
        return this;
    }

    public IWaitForContainerOS UntilMessageIsLogged(string pattern, Action<IWaitStrategy>? waitStrategyModifier = null) =>
        UntilMessageIsLogged(new Regex(pattern, RegexOptions.None, MatchTimeout), waitStrategyModifier);

    public IWaitForContainerOS UntilMessageIsLogged(Regex pattern, Action<IWaitStrategy>? waitStrategyModifier = null) =>
        AddCustomWaitStrategy(new MessageIsLogged(pattern), waitStrategyModifier);

    public IWaitForContainerOS UntilCommandIsCompleted(string command, Action<IWaitStrategy>? waitStrategyModifier = null) =>
        AddCustomWaitStrategy(new CommandIsCompleted(command), waitStrategyModifier);

    public IEnumerable<WaitStrategy> Build() => strategies;

    private sealed class MessageIsLogged(Regex pattern) : IWaitUntil
    {
        public async Task<bool> UntilAsync(IContainer container)
        {
            // A container that is started again has the lines of its earlier life in its log.
            var since = container.StoppedTime > container.CreatedTime ? container.StoppedTime : container.CreatedTime;
            var (stdout, stderr) = await container.GetLogsAsync(since, timestampsEnabled: false);
            return pattern.IsMatch(stdout) || pattern.IsMatch(stderr);
        }
    }

    private sealed class CommandIsCompleted(string command) : IWaitUntil
    {
        public async Task<bool> UntilAsync(IContainer container) =>
            (await container.ExecAsync(["/bin/sh", "-c", command])).ExitCode == 0;
    }
}
