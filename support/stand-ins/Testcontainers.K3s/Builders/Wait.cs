using DotNet.Testcontainers.Configurations;

namespace DotNet.Testcontainers.Builders;

/// <summary>Starts a list of conditions.</summary>
public static class Wait
{
    /// <summary>No condition but that the container has started.</summary>
    public static IWaitForContainerOS ForUnixContainer() => new WaitForContainerUnix();
}
