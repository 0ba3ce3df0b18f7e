using System.Formats.Tar;
using System.IO.Compression;
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

    /// <summary>Has kubectl apply a folder that kustomize understands.</summary>
    /// <param name="files">The folder's files, by their paths in it.</param>
    /// <returns>What it says about each object.</returns>
    /// <exception cref="InvalidOperationException">kubectl reported an error.</exception>
    public Task<string> ApplyFolderAsync(IReadOnlyDictionary<string, string> files) => RunAsync(InFolder(files, "kubectl apply -k ."));

    /// <summary>Whether its kustomize knows components, and labels that selectors do not get.</summary>
    public async Task<CapabilityInfo> DetectComponentsAsync()
    {
        const string config = "{apiVersion: v1, kind: ConfigMap, metadata: {name: x, namespace: y}}";
        var tree = new KustomizeTree(("base", config), [("component", config.Replace("x", "z", StringComparison.Ordinal))], "y").Files(new Dictionary<string, string> { ["a"] = "b" });
        var (output, errors) = await ShellAsync(InFolder(tree, "kubectl kustomize ."));
        var builds = output.Contains("name: z", StringComparison.Ordinal);
        return new(CapabilityDetector.Components, builds, builds ? "kubectl builds a component" : $"kubectl builds no component: {errors.Trim().Split('\n')[0]}");
    }

    // One line, whatever the shell is and wherever it runs.
    private static string InFolder(IReadOnlyDictionary<string, string> files, string command)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        using (var tar = new TarWriter(zip))
        {
            foreach (var (path, text) in files)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
        }

        return $"(folder=$(mktemp -d) && cd \"$folder\" && echo {Convert.ToBase64String(packed.ToArray())} | base64 -d | tar xz && {command}; cd / && rm -r \"$folder\")";
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
