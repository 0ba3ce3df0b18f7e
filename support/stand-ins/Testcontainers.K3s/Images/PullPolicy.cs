using Docker.DotNet.Models;

namespace DotNet.Testcontainers.Images;

/// <summary>When an image is pulled; the argument is the one that the engine has, or null.</summary>
public static class PullPolicy
{
    public static Func<ImageInspectResponse?, bool> Never => _ => false;

    public static Func<ImageInspectResponse?, bool> Missing => image => image is null;
}
