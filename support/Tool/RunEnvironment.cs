using System.CommandLine;
using SecuritySpecs.Fleet;
using SecuritySpecs.Kube.Manifests;

namespace SecuritySpecs.Tool;

/// <summary>
/// What options set: the environment variables that this process and its children read (<see cref="RunOptions.FromEnvironment"/>).
/// </summary>
internal static class RunEnvironment
{
    private const string OnlyForContainers = "for a cluster in a container, not for --cluster KUBECONFIG";

    /// <summary>Sets them. An option counts more than a variable.</summary>
    /// <param name="parsed">The options.</param>
    /// <param name="selection">The scenarios that were asked for; null for all.</param>
    /// <exception cref="EnvironmentException">An option cannot be meant so; the message says why.</exception>
    public static void Set(ParseResult parsed, Selection? selection)
    {
        SetCluster(parsed);
        SetImage(parsed, CommandOptions.FleetImage, "SPECS_FLEET");
        SetImage(parsed, CommandOptions.PrometheusImage, "SPECS_PROMETHEUS");
        // Mistakes are made in the reference, and so they are judged there.
        SetControls(parsed.CommandResult.Command.Name == "mutate" ? null : parsed.GetValue(CommandOptions.Controls) ?? Variable("SPECS_CONTROLS"));
        SetProfile(parsed.GetValue(CommandOptions.Profile) ?? Variable("SPECS_PROFILE"));
        Set("SPECS_REQUIRE", parsed.GetValue(CommandOptions.Require) ?? Variable("SPECS_REQUIRE"));
        Set("SPECS_SELECTION", selection?.Asked);
        Set("SPECS_FILTER", selection?.Filter);
        Set("SPECS_ONLY", selection?.Places is { } places ? string.Join('\n', places.Select(p => p.Where)) : null);
        Set("SPECS_KEEP", Keep(parsed));
    }

    /// <summary>The value of a variable; null where it is not set, or empty.</summary>
    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static void SetCluster(ParseResult parsed)
    {
        var (k3s, kubernetes) = (parsed.GetValue(CommandOptions.K3sImage), parsed.GetValue(CommandOptions.KubernetesFolder));
        if (k3s is not null && kubernetes is not null)
            throw new EnvironmentException("--kubernetes-dir and --k3s-image exclude each other");
        var cluster = parsed.GetValue(CommandOptions.Cluster) ?? Variable("SPECS_CLUSTER") ?? RunOptions.K3s;
        if (cluster != RunOptions.K3s)
        {
            if ((k3s ?? kubernetes) is not null)
                throw new EnvironmentException($"--k3s-image and --kubernetes-dir are {OnlyForContainers}");
            if (parsed.GetValue(CommandOptions.Keep))
                throw new EnvironmentException($"--keep is {OnlyForContainers}");
            cluster = Kubeconfig(cluster);
        }

        k3s ??= kubernetes is null ? Variable("SPECS_K3S_IMAGE") : null;
        kubernetes ??= k3s is null ? Variable("SPECS_KUBERNETES_DIR") : null;
        if (kubernetes is not null && !Directory.Exists(kubernetes))
            throw new EnvironmentException($"--kubernetes-dir: there is no folder {kubernetes}");
        Set("SPECS_CLUSTER", cluster);
        Set("SPECS_K3S_IMAGE", k3s);
        Set("SPECS_KUBERNETES_DIR", kubernetes is null ? null : Path.GetFullPath(kubernetes));
    }

    private static void SetControls(string? folder)
    {
        if (folder is not null && !Directory.Exists(folder))
            throw new EnvironmentException($"--controls: there is no folder {folder}");
        if (folder is not null)
            ControlSet.Read(folder, Path.Combine(RunOptions.FindRoot(), "fleet-fixtures"));
        Set("SPECS_CONTROLS", folder is null ? null : Path.GetFullPath(folder));
    }

    private static void SetProfile(string? profile)
    {
        if (profile is not null)
            FleetProfile.Read(Path.Combine(RunOptions.FindRoot(), "fleet-fixtures"), profile);
        Set("SPECS_PROFILE", profile);
    }

    // An archive that a variable names belongs to the image that one names.
    private static void SetImage(ParseResult parsed, Option<string> option, string variable)
    {
        if (parsed.GetValue(option) is not { } image)
            return;
        Set($"{variable}_IMAGE", image);
        Set($"{variable}_ARCHIVE", null);
    }

    private static string? Keep(ParseResult parsed)
    {
        var kept = Variable("SPECS_KEEP");
        return parsed.CommandResult.Command.Name switch
        {
            "test" or "bench" => "0",
            "drill" => "1",
            _ when parsed.GetValue(CommandOptions.Keep) || kept is not (null or "0") => "1",
            "hunt" => "0",
            _ => kept,
        };
    }

    private static string Kubeconfig(string cluster)
    {
        var parts = cluster.Split('#', 2);
        var path = parts[0];
        if (Directory.Exists(path))
            throw new EnvironmentException($"--cluster: {path} is not a file");
        if (!File.Exists(path))
            throw new EnvironmentException($"--cluster: there is no file {path}");
        try
        {
            File.OpenRead(path).Dispose();
        }
        catch (UnauthorizedAccessException)
        {
            throw new EnvironmentException($"--cluster: the file {path} cannot be read by this user");
        }

        parts[0] = Path.GetFullPath(path);
        return string.Join('#', parts);
    }

    private static void Set(string name, string? value) => Environment.SetEnvironmentVariable(name, value);
}
