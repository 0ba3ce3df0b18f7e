namespace DotNet.Testcontainers.Containers;

/// <summary>A container ended before it was ready; the message has its log.</summary>
public sealed class ContainerNotRunningException(string id, string stdout, string stderr, long exitCode, Exception? exception)
    : Exception($"Container {id} exited with code {exitCode}.{Section("Stdout", stdout)}{Section("Stderr", stderr)}", exception)
{
    private static string Section(string title, string text)
    {
        var lines = text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(line => $"\n    {line}");
        return text.Length == 0 ? "" : $"\n  {title}: {string.Concat(lines)}";
    }
}
