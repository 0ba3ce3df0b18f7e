using SecuritySpecs.Cluster.Images;

namespace SecuritySpecs.Cluster;

/// <summary>kubectl as the cluster's administrator has it at a shell: that of the cluster's own container, or this machine's for a cluster of somebody else.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="options">The run: it names the kubeconfig of a cluster of somebody else.</param>
public sealed partial class Kubectl(ICluster cluster, RunOptions options)
{
    /// <summary>Runs a line of a shell.</summary>
    /// <returns>What it printed, without the white space around it.</returns>
    /// <exception cref="InvalidOperationException">kubectl reported an error. That it found nothing, or answered no, is none.</exception>
    public async Task<string> RunAsync(string line)
    {
        var (output, errors) = await ShellAsync(line);
        // A shell tells only how the end of a pipe went, and "no" is an answer although it ends with 1.
        return Error().IsMatch(errors) ? throw new InvalidOperationException($"This line could not be run:\n  {line}\n{errors.Trim()}") : output.Trim();
    }

    /// <summary>Whether there is one.</summary>
    public async Task<CapabilityInfo> DetectAsync()
    {
        var (output, errors) = await ShellAsync("kubectl version --client -o yaml");
        var found = ClientVersion().Match(output);
        return new(CapabilityDetector.KubectlTool, found.Success, $"{(cluster.ServerId is null ? "this machine" : "the cluster's container")} has {(found.Success ? $"kubectl {found.Groups[1].Value}" : $"no kubectl: {errors.Trim()}")}");
    }

    private Task<(string Output, string Errors)> ShellAsync(string line) =>
        cluster.ServerId is { } server ? ContainerEngine.ShellAsync(server, Defined("k3s kubectl", line)) : LocalAsync(line);

    private async Task<(string Output, string Errors)> LocalAsync(string line)
    {
        var (path, context) = ExistingCluster.PathAndContext(options.Cluster);
        var start = new ProcessStartInfo("sh", ["-c", Defined($"command kubectl --kubeconfig \"$SPECS_KUBECONFIG\" {(context is null ? "" : "--context \"$SPECS_CONTEXT\"")}", line)]);
        (start.Environment["SPECS_KUBECONFIG"], start.Environment["SPECS_CONTEXT"]) = (path, context);
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        await ChildProcess.RunAsync(start, l => output.AppendLine(l), l => errors.AppendLine(l), CancellationToken.None);
        return (output.ToString(), errors.ToString());
    }

    private static string Defined(string kubectl, string line) => $"kubectl() {{ {kubectl} \"$@\"; }}\n{line}";

    [GeneratedRegex("^(error:|Error from server|Unable to connect|The connection to the server|sh: )", RegexOptions.Multiline)]
    private static partial Regex Error();

    [GeneratedRegex(@"gitVersion: (\S+)")]
    private static partial Regex ClientVersion();
}
