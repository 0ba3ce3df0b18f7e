using System.Runtime.InteropServices;
using Docker.DotNet.Models;

namespace SecuritySpecs.Cluster.Images;

/// <summary>
/// The images that a run in containers needs: Kubernetes, the fleet and Prometheus. Each is the one that the caller names, else one
/// that can be pulled, else one that is built here. What was pulled or built before is found again, by its content.
/// </summary>
/// <param name="options">What the caller names.</param>
/// <param name="tell">Takes each step in plain words, as it begins and while it goes on.</param>
public sealed class RunImages(RunOptions options, Action<string> tell)
{
    private const string Built = "securityspecs/";
    private static readonly TimeSpan SilenceOfARegistry = TimeSpan.FromSeconds(20);
    private string? _debian;

    /// <summary>Fills in every image and archive that the options lack; for an existing cluster there is nothing to do.</summary>
    /// <returns>The options with <see cref="RunOptions.K3sImage"/>, <see cref="RunOptions.FleetArchive"/> and the like filled in.</returns>
    /// <exception cref="EnvironmentException">No engine answers, an image that was named cannot be had, or a build failed; the message says which and why.</exception>
    public async Task<RunOptions> PrepareAsync(CancellationToken cancel = default)
    {
        if (options.Cluster != RunOptions.K3s)
            return options;
        await ContainerEngine.RequireAsync();
        var kubernetes = await KubernetesAsync(cancel);
        // Where Kubernetes had to be built, registries cannot be reached: nothing else is asked of them.
        var pulls = !kubernetes.StartsWith(Built, StringComparison.Ordinal);
        var (fleet, fleetArchive) = await ImageAsync("fleet", options.FleetImage, options.FleetArchive, () => FleetAsync(pulls, cancel), cancel);
        var (prometheus, prometheusArchive) = await ImageAsync("prometheus", options.PrometheusImage, options.PrometheusArchive, () => PrometheusAsync(pulls, cancel), cancel);
        return options with
        {
            K3sImage = kubernetes, FleetImage = fleet, FleetArchive = fleetArchive, PrometheusImage = prometheus, PrometheusArchive = prometheusArchive,
        };
    }

    /// <summary>The offline cluster's image and its Debian base, which the tests of both want even where scenarios run on k3s.</summary>
    /// <returns>Null, and the reason told, where they cannot be built: that takes root on Debian.</returns>
    public async Task<(string Image, string Base)?> PrepareOfflineAsync(CancellationToken cancel = default)
    {
        if (await ContainerEngine.DescribeAsync() is not null && CanBuildOffline)
            return (await OfflineAsync(cancel), await DebianAsync(cancel));
        tell("The offline cluster is not built here (that takes root on Debian and an engine): its tests are skipped.");
        return null;
    }

    private static bool CanBuildOffline =>
        OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists("/etc/debian_version");

    private async Task<string> KubernetesAsync(CancellationToken cancel)
    {
        if (options.K3sImage is { } named)
        {
            await RequireImageAsync(named, cancel);
            return named;
        }

        var pinned = RunOptions.Pinned(options.Root, "k3s-image");
        if (options.KubernetesFolder is null && await TryImageAsync(pinned, cancel) is not { } refusal)
            return pinned;
        if (!CanBuildOffline)
            throw new EnvironmentException(options.KubernetesFolder is null
                ? $"the image {pinned} cannot be pulled here ({ImageCache.RefusalOf(pinned)}), and a cluster of Debian's packages is built by root on Debian or Ubuntu alone: name an image that is here with --k3s-image (SPECS_K3S_IMAGE), or a cluster with --cluster KUBECONFIG (SPECS_CLUSTER)"
                : "--kubernetes-dir builds an image, which takes root on Debian or Ubuntu");
        return await OfflineAsync(cancel);
    }

    private Task<string> OfflineAsync(CancellationToken cancel, params string[] arguments) => BuilderAsync(
        Path.Combine(options.Root, "support", "images", "offline-cluster", "build"),
        options.KubernetesFolder is { } folder && arguments.Length == 0 ? ["--kubernetes-dir", folder] : arguments, cancel);

    private async Task<string> DebianAsync(CancellationToken cancel) => _debian ??= await OfflineAsync(cancel, "--base");

    // A script that prints the image on its standard output, and what it does on its standard error.
    private async Task<string> BuilderAsync(string script, string[] arguments, CancellationToken cancel)
    {
        var image = "";
        var said = new List<string>();
        var exit = await ChildProcess.RunAsync(new ProcessStartInfo(script, arguments), line => image = line, line =>
        {
            tell(line);
            said.Add(line);
        }, cancel);
        return exit == 0 ? image : throw new EnvironmentException($"{Path.GetRelativePath(options.Root, script)} ended with exit code {exit}: {string.Join('\n', said.TakeLast(20))}");
    }

    // What the caller names, saved for the cluster's nodes where nobody has; else what is found or built.
    private async Task<(string Image, string Archive)> ImageAsync(string name, string? image, string? archive, Func<Task<(string, string)>> make, CancellationToken cancel)
    {
        if (image is null)
            return await make();
        return archive is null ? await SavedAsync(name, image, cancel) : (image, archive);
    }

    private async Task<(string Image, string Archive)> SavedAsync(string name, string image, CancellationToken cancel)
    {
        await RequireImageAsync(image, cancel);
        var archive = ImageCache.Archive(name, (await ContainerEngine.ImageIdAsync(image))!);
        await ImageCache.EnsureAsync(archive, tell, _ => Step.RunAsync(tell, $"Saving {image}", _ => ContainerEngine.SaveAsync(image, archive, cancel)), cancel);
        return (image, archive);
    }

    private async Task<(string, string)> FleetAsync(bool pulls, CancellationToken cancel)
    {
        var folder = Path.Combine(options.Root, "fleet-fixtures", "Fleet");
        var basisOfOthers = RunOptions.FirstLine(Path.Combine(folder, "base-image"));
        string[] sources = ["fleet-fixtures/Fleet", "support/images/publish-program", "Directory.Build.props", "global.json"];
        var packages = File.ReadLines(Path.Combine(options.Root, "Directory.Packages.props")).Where(l => l.Contains("\"Grpc.", StringComparison.Ordinal) || l.Contains("\"Google.", StringComparison.Ordinal));
        return await BuildAsync("fleet", pulls ? basisOfOthers : null, sources, string.Join('\n', packages), async (basis, work) =>
        {
            await Step.RunAsync(tell, "Compiling the fleet program (a minute)", progress => PublishAsync(folder, work, basis, progress, cancel));
            File.Copy(Path.Combine(folder, "Dockerfile"), Path.Combine(work, "Dockerfile"));
        }, network: "none", cancel);
    }

    private async Task<(string, string)> PrometheusAsync(bool pulls, CancellationToken cancel)
    {
        var pinned = RunOptions.Pinned(options.Root, "prometheus/image");
        if (pulls && await TryImageAsync(pinned, cancel) is null)
            return await SavedAsync("prometheus", pinned, cancel);
        return await BuildAsync("prometheus", null, ["support/images/prometheus/Dockerfile"], "", (_, work) =>
        {
            File.Copy(Path.Combine(options.Root, "support", "images", "prometheus", "Dockerfile"), Path.Combine(work, "Dockerfile"));
            return Task.CompletedTask;
        }, network: null, cancel);
    }

    // An image of ours, on the base that is given if it is here or can be pulled, else on the offline cluster's.
    private async Task<(string Image, string Archive)> BuildAsync(
        string name, string? basis, string[] sources, string alsoOf, Func<string, string, Task> fill, string? network, CancellationToken cancel)
    {
        if (basis is null || await TryImageAsync(basis, cancel) is not null)
        {
            if (!CanBuildOffline)
                throw new EnvironmentException($"the image of {name} cannot be built: no base for it can be pulled, and one of Debian's packages is built by root on Debian or Ubuntu alone");
            basis = await DebianAsync(cancel);
        }

        var key = ImageCache.Key(options.Root, sources, alsoOf, basis, RuntimeInformation.OSArchitecture.ToString());
        var (image, archive) = ($"{Built}{name}:{key}", ImageCache.Archive(name, key));
        await ImageCache.EnsureAsync(archive, tell, async work =>
        {
            await fill(basis, work);
            var parameters = new ImageBuildParameters
            {
                Tags = [image], NetworkMode = network, Remove = true, ForceRemove = true,
                BuildArgs = new Dictionary<string, string> { ["BASE"] = basis, ["KEY"] = key },
                Labels = new Dictionary<string, string> { ["security.specs/cache"] = name },
            };
            await Step.RunAsync(tell, $"Building {image} on {basis}", progress => ContainerEngine.BuildAsync(work, parameters, progress, cancel));
            // The builder leaves the first stage behind, 200 MB of it.
            await ContainerEngine.PruneAsync($"security.specs/cache={name}-parts-{key}");
            await Step.RunAsync(tell, $"Saving {image}", _ => ContainerEngine.SaveAsync(image, archive, cancel));
        }, cancel);
        return (image, archive);
    }

    // Machine code needs a linker for Linux: elsewhere the program is compiled for .NET's runtime.
    private async Task PublishAsync(string project, string folder, string basis, Action<string> progress, CancellationToken cancel)
    {
        var said = new List<string>();
        void Say(string line)
        {
            progress(line);
            said.Add(line);
            if (line.StartsWith("==> ", StringComparison.Ordinal))
                tell(line[4..]);
        }

        var runtime = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        var start = OperatingSystem.IsLinux()
            ? new ProcessStartInfo(Path.Combine(options.Root, "support", "images", "publish-program"), [project, folder, basis])
            : new ProcessStartInfo("dotnet", ["publish", project, "--configuration", "Release", "--runtime", runtime, "--output", folder, "--nologo"]);
        if (await ChildProcess.RunAsync(start, Say, Say, cancel) is not 0 and var exit)
            throw new EnvironmentException($"the fleet program cannot be compiled (exit code {exit}):\n{string.Join('\n', said.TakeLast(20))}");
    }

    private async Task RequireImageAsync(string reference, CancellationToken cancel)
    {
        ImageCache.Remember(reference, refusal: null); // who names it wants it asked for
        if (await TryImageAsync(reference, cancel) is { } refusal)
            throw new EnvironmentException($"the image {reference} is not here and cannot be pulled: {refusal} (if it wants a login: docker pull {reference})");
    }

    /// <returns>Null if the image is here now, else why not. A registry that refuses is asked again after a day.</returns>
    private async Task<string?> TryImageAsync(string reference, CancellationToken cancel)
    {
        if (await ContainerEngine.HasImageAsync(reference))
            return null;
        if (ImageCache.RefusalOf(reference) is { } before)
            return before;
        try
        {
            await Step.RunAsync(tell, $"Pulling {reference}", progress => ContainerEngine.PullAsync(reference, SilenceOfARegistry, progress, cancel));
            return null;
        }
        catch (PullException e)
        {
            tell($"  not to be had here: {e.Message}");
            ImageCache.Remember(reference, e.Message);
            return e.Message;
        }
    }
}
