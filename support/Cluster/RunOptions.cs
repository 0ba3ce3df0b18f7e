using System.Security.Cryptography;
using SecuritySpecs.Fleet;

namespace SecuritySpecs.Cluster;

/// <summary>What a run was asked to do. Every option has a default, so that a plain <c>dotnet test</c> works.</summary>
/// <param name="RunId">Marks everything that the run creates: eight lower-case letters and digits.</param>
/// <param name="Cluster"><c>k3s</c>, or the path of a kubeconfig with an optional <c>#CONTEXT</c>.</param>
/// <param name="K3sImage">The image of the k3s container; null when it must be chosen.</param>
/// <param name="FleetImage">The fleet image as the nodes know it; null when it must be built.</param>
/// <param name="FleetArchive">The fleet image as an archive for a k3s container; null when it must be built.</param>
/// <param name="Keep">Leave the cluster up for the next run.</param>
/// <param name="Reuse">Use a cluster that an earlier run kept.</param>
/// <param name="Filtered">Whether scenarios are left out on purpose.</param>
/// <param name="Results">The folder for reports.</param>
/// <param name="Required">Capabilities that the caller demands.</param>
/// <param name="Root">The repository.</param>
public sealed record RunOptions(
    string RunId, string Cluster, string? K3sImage, string? FleetImage, string? FleetArchive, bool Keep, bool Reuse, bool Filtered, string Results,
    IReadOnlyList<string> Required, string Root)
{
    /// <summary>The image of Prometheus as the nodes know it; null when it must be built.</summary>
    public string? PrometheusImage { get; init; }

    /// <summary>The image of Prometheus as an archive for a k3s container; null when it must be built.</summary>
    public string? PrometheusArchive { get; init; }

    /// <summary>A folder with the server binaries of a Kubernetes release, from which the container's image is built; null for none.</summary>
    public string? KubernetesFolder { get; init; }

    /// <summary>Which scenarios run, as <c>dotnet test --filter</c> has it; null for all, or where only the test process was told.</summary>
    public string? Filter { get; init; }

    /// <summary>Which scenarios were asked for, in words: a filter, places or a part of a title. Null for all.</summary>
    public string? Selection { get; init; }

    /// <summary>The scenarios that were asked for, each as <c>features/...feature:LINE</c>; null where they are not known by place.</summary>
    public IReadOnlySet<string>? Only { get; init; }

    /// <summary>The seed of the order in which scenarios begin; null where the test runner decides.</summary>
    public int? Order { get; init; }

    /// <summary>The drill that is played for people; null for any other run.</summary>
    public PlayedDrill? Drill { get; init; }

    /// <summary>The value of <see cref="Cluster"/> that means a k3s container.</summary>
    public const string K3s = "k3s";

    /// <summary>The environment variable of <see cref="Order"/>.</summary>
    public const string OrderVariable = "SPECS_ORDER";

    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Where fleet.yaml, the reference configuration and the workloads are.</summary>
    public string Fixtures => Path.Combine(Root, "fleet-fixtures");

    /// <summary>The manifests of <see cref="Fixtures"/> as this run puts them on a cluster.</summary>
    public RunManifests Manifests => new(Fixtures, RunId, FleetImage) { Controls = Controls, Mutants = Mutants?.Everywhere ?? [] };

    /// <summary>The platform's own controls under test; null for those of <see cref="Fixtures"/>.</summary>
    public ControlSet? Controls { get; init; }

    /// <summary>How the API-only nodes are called and tainted; null for this project's own way.</summary>
    public FleetProfile? Profile { get; init; }

    /// <summary>Which mistakes are in force for which scenarios; null outside of <c>specs mutate</c>.</summary>
    public MutationPlan? Mutants { get; init; }

    /// <summary>Where expensive things are kept between runs.</summary>
    public static string CacheFolder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "securityspecs");

    /// <summary>Reads the environment variables that <c>support/specs</c> sets: SPECS_CLUSTER and the like.</summary>
    /// <exception cref="EnvironmentException">One of them cannot be meant so; the message says why.</exception>
    public static RunOptions FromEnvironment()
    {
        var root = FindRoot();
        var cluster = Variable("SPECS_CLUSTER") ?? K3s;
        return new(
            Variable("SPECS_RUN_ID") ?? NewRunId(),
            cluster,
            Variable("SPECS_K3S_IMAGE"),
            Variable("SPECS_FLEET_IMAGE"),
            Variable("SPECS_FLEET_ARCHIVE"),
            Variable("SPECS_KEEP") == "1",
            Variable("SPECS_KEEP") != "0",
            Variable("SPECS_FILTER") is not null,
            Variable("SPECS_RESULTS") ?? Path.Combine(root, "TestResults"),
            (Variable("SPECS_REQUIRE") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            root)
        {
            // The nodes of a cluster that exists pull it as they pull everything.
            PrometheusImage = Variable("SPECS_PROMETHEUS_IMAGE") ?? (cluster == K3s ? null : Pinned(root, "prometheus/image")),
            PrometheusArchive = Variable("SPECS_PROMETHEUS_ARCHIVE"),
            KubernetesFolder = Variable("SPECS_KUBERNETES_DIR"),
            Filter = Variable("SPECS_FILTER"),
            Selection = Variable("SPECS_SELECTION"),
            Only = Variable("SPECS_ONLY")?.Split('\n').ToHashSet(),
            Controls = Variable("SPECS_CONTROLS") is { } controls ? ControlSet.Read(controls, Path.Combine(root, "fleet-fixtures")) : null,
            Profile = Variable("SPECS_PROFILE") is { } profile ? FleetProfile.Read(Path.Combine(root, "fleet-fixtures"), profile) : null,
            Drill = Variable(PlayedDrill.Variable) is { } drill ? PlayedDrill.Parse(drill) : null,
            Mutants = Variable(MutationPlan.Variable) is { } plan ? MutationPlan.Read(plan) : null,
            Order = Variable(OrderVariable) is not { } order ? null
                : int.TryParse(order, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed
                : throw new EnvironmentException($"{OrderVariable} wants a number from 0, not '{order}'"),
        };
    }

    /// <summary>An id for a run: eight lower-case letters and digits.</summary>
    public static string NewRunId() => RandomNumberGenerator.GetString(Alphabet, 8);

    /// <summary>The repository that the running code was built from.</summary>
    /// <exception cref="DirectoryNotFoundException">No folder above holds SecuritySpecs.sln.</exception>
    public static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "SecuritySpecs.sln")))
                return folder;
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds SecuritySpecs.sln.");
    }

    /// <summary>The image that a file of support/images pins.</summary>
    internal static string Pinned(string root, string file) => FirstLine(Path.Combine(root, "support", "images", file));

    /// <summary>The first line of a file that is no comment.</summary>
    internal static string FirstLine(string file) => File.ReadLines(file).First(l => !l.StartsWith('#')).Trim();

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
