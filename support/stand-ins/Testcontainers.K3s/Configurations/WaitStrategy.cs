using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Engine;

namespace DotNet.Testcontainers.Configurations;

/// <summary>A condition of readiness.</summary>
public interface IWaitUntil
{
    Task<bool> UntilAsync(IContainer container);
}

/// <summary>How a condition is waited for.</summary>
public interface IWaitStrategy
{
    /// <summary>Time between two looks; a second where not set.</summary>
    IWaitStrategy WithInterval(TimeSpan interval);

    /// <summary>Longest wait; an hour where not set.</summary>
    IWaitStrategy WithTimeout(TimeSpan timeout);
}

/// <inheritdoc cref="IWaitStrategy"/>
public class WaitStrategy(IWaitUntil waitUntil) : IWaitStrategy
{
    internal TimeSpan Interval { get; private set; } = Settings.WaitInterval;

    internal TimeSpan Timeout { get; private set; } = Settings.WaitTimeout;

    public IWaitStrategy WithInterval(TimeSpan interval)
    {
        Interval = interval;
        return this;
    }

    public IWaitStrategy WithTimeout(TimeSpan timeout)
    {
        Timeout = timeout;
        return this;
    }

    internal Task<bool> UntilAsync(IContainer container) => waitUntil.UntilAsync(container);
}
