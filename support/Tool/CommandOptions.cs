using System.CommandLine;
using SecuritySpecs.PlatformAudit;
using SecuritySpecs.Rbac;
using SecuritySpecs.Reports.Formats;

namespace SecuritySpecs.Tool;

/// <summary>The options and arguments of the commands, with the texts that explain them.</summary>
internal static class CommandOptions
{
    /// <summary>What <c>bench</c> measures by name: the analyses.</summary>
    public const string Scale = "scale";

    /// <summary>What <c>bench</c> measures by name: an audit.</summary>
    public const string AuditOfMany = "audit";

    private const int MostOfAnything = 999_999_999;

    /// <summary>The cluster under test.</summary>
    public static readonly Option<string> Cluster = Text("--cluster", "k3s|PATH[#CONTEXT]",
        "A k3s container of its own (default), or your cluster by kubeconfig; also SPECS_CLUSTER");

    /// <summary>The image of a cluster in a container.</summary>
    public static readonly Option<string> K3sImage = Text("--k3s-image", "REF",
        "The image of that container (default: the line in support/images/k3s-image, else one built here from Debian's packages); "
        + "also SPECS_K3S_IMAGE");

    /// <summary>The server binaries of which that image is built.</summary>
    public static readonly Option<string> KubernetesFolder = Text("--kubernetes-dir", "DIR",
        "Build that container from the server binaries in DIR (1.20 to 1.36), e.g. an unpacked official archive; "
        + "also SPECS_KUBERNETES_DIR");

    /// <summary>The image of the fleet's pods.</summary>
    public static readonly Option<string> FleetImage = Text("--fleet-image", "REF",
        "The fleet's image; for your own cluster one that its nodes can pull; also SPECS_FLEET_IMAGE");

    /// <summary>The image of Prometheus.</summary>
    public static readonly Option<string> PrometheusImage = Text("--prometheus-image", "REF",
        "The image of Prometheus (default: the line in support/images/prometheus/image, else one built here from Debian's package); "
        + "also SPECS_PROMETHEUS_IMAGE");

    /// <summary>The controls under test.</summary>
    public static readonly Option<string> Controls = Text("--controls", "DIR",
        "Judge your controls in place of fleet-fixtures/controls, as controls.yaml in DIR maps them (`controls init DIR` writes it); also SPECS_CONTROLS");

    /// <summary>How the API-only nodes are called and tainted.</summary>
    public static readonly Option<string> Profile = Text("--profile", "NAME",
        "Call and taint the API-only nodes as a platform does: fleet-fixtures/profiles/NAME.yaml, e.g. course; also SPECS_PROFILE");

    /// <summary>What every command takes that starts or uses a cluster.</summary>
    public static readonly Option<string>[] OfClusters = [Cluster, K3sImage, KubernetesFolder, FleetImage, PrometheusImage, Controls, Profile];

    /// <summary>Scenarios by where they stand.</summary>
    public static readonly Argument<string[]> Places = new("FILE[:LINE]")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Run only the scenarios of a feature file or folder, or the one at a line, "
            + "e.g. features/20-rbac-and-quotas/gpu-quota.feature:24",
    };

    /// <summary>Scenarios by their title.</summary>
    public static readonly Option<string> Name = Text("--name", "TEXT", "Run only scenarios with this in their title");

    /// <summary>Scenarios by a filter of the runner's.</summary>
    public static readonly Option<string> Filter = Text("--filter", "EXPR",
        "Run only these; as `dotnet test --filter`, e.g. TestCategory=control:gpu-quota");

    /// <summary>Capabilities without which a run counts as incomplete.</summary>
    public static readonly Option<string> Require = Text("--require", "CAPABILITY,...",
        "Exit 3 if the cluster lacks one of these; 'expected' is all that its version must have; also SPECS_REQUIRE");

    /// <summary>Whether the cluster outlives the run.</summary>
    public static readonly Option<bool> Keep = Switch("--keep",
        "Leave the cluster up; the next run reuses it (also SPECS_KEEP=1). SPECS_KEEP=0 starts a new one whatever was kept");

    /// <summary>Whether <c>clean</c> removes the caches, too.</summary>
    public static readonly Option<bool> Cache = Switch("--cache",
        "Also what was built and learnt: this user's images and cache folder, this checkout's .local-reqnroll-nunit");

    /// <summary>Whether <c>clean</c> only lists.</summary>
    public static readonly Option<bool> DryRun = Switch("--dry-run", "List what would be removed, and remove nothing");

    /// <summary>What <c>steps</c> looks for.</summary>
    public static readonly Argument<string?> Word = new("WORD")
    {
        Arity = ArgumentArity.ZeroOrOne, Description = "Only the phrases and values with this in them",
    };

    /// <summary>Which namespaces <c>audit</c> takes for tenants'.</summary>
    public static readonly Option<string> Tenants = Text("--tenants", "SELECTOR", $"The label selector of tenants' namespaces (default: {RightsOwner.TenantLabel})");

    /// <summary>What <c>audit</c> accepts.</summary>
    public static readonly Option<string> Baseline = Text("--baseline", "FILE", "An earlier audit.json: its findings are accepted, and only new ones are reported");

    /// <summary>Where images of tenants may come from.</summary>
    public static readonly Option<string> Registries = Text(OwnRegistries.Option, "HOST[/FOLDER],...",
        "The registries whose images tenants may start (default: those that a policy of the cluster lists as controls/image-sources.yaml does)");

    /// <summary>The results that <c>report</c> reads.</summary>
    public static readonly Option<string> From = Text("--from", "FILE", "The posture.json of a run (default: that in TestResults)");

    /// <summary>The formats that <c>report</c> writes.</summary>
    public static readonly Option<string> Formats = Text("--formats", "NAME,...", $"Only these (default: all): {string.Join(", ", ReportFormat.All.Select(f => f.Name))}");

    /// <summary>The results that <c>diff</c> compares.</summary>
    public static readonly Argument<string[]> Postures = new("A.json B.json") { Arity = new ArgumentArity(2, 2), Description = "The posture.json of the run before, and of the run after" };

    /// <summary>How often <c>bench</c> measures.</summary>
    public static readonly Option<int?> BenchRuns = Number("--runs", "N", "How many runs of each kind, each on a new cluster", 1, 3);

    /// <summary>The kind that <c>bench</c> measures.</summary>
    public static readonly Option<string> BenchedKind = Text("--kind", "NAME", "Only scenarios of this kind (support/Tool/Bench/kinds.yaml)");

    /// <summary>What <c>bench</c> compares with.</summary>
    public static readonly Option<string> Against = Text("--against", "REF", "Measure this commit, too, in turn, and print the ratios");

    /// <summary>What <c>bench</c> measures beside scenarios.</summary>
    public static readonly Argument<string?> BenchSubject = new Argument<string?>("scale|audit")
    {
        Arity = ArgumentArity.ZeroOrOne, Description = "In place of scenarios: the analyses of growing clusters, with a plot; an audit of a large, made-up cluster, beside its budget",
    }.AcceptOnlyFromAmong(Scale, AuditOfMany);

    /// <summary>How many runs <c>hunt</c> makes.</summary>
    public static readonly Option<int?> HuntRuns = Number("--runs", "N", "How many runs", 1, 10);

    /// <summary>The order of the scenarios of a hunt.</summary>
    public static readonly Option<int?> Seed = Number("--seed", "S",
        "The order of the first run (default: a random number, which is printed); the next run has S+1, and so on", 0);

    /// <summary>How busy the machine is during a hunt.</summary>
    public static readonly Option<int?> Load = Number("--load", "K", "Keep K processors busy meanwhile", 0, 0);

    /// <summary>The controls whose files <c>mutate</c> gets wrong.</summary>
    public static readonly Option<string> MutatedControl = Text("--control", "ID,...", "Only mistakes in the files of these controls");

    /// <summary>How <c>mutate</c> gets them wrong.</summary>
    public static readonly Option<string> MutationOperator = Text("--operator", "NAME", "Only mistakes of this kind (`--list` names them)");

    /// <summary>How many mistakes <c>mutate</c> makes.</summary>
    public static readonly Option<int?> SampleSize = Number("--sample", "N", "Only so many mistakes, chosen by --seed", 1);

    /// <summary>Which mistakes a sample has.</summary>
    public static readonly Option<int?> SampleSeed = Number("--seed", "S", "Chooses the sample", 0, 1);

    /// <summary>Whether <c>mutate</c> goes on where it was ended.</summary>
    public static readonly Option<bool> Resume = Switch("--resume", "Go on where the last run was ended: what it judged stays judged");

    /// <summary>Whether <c>mutate</c> makes many mistakes at once.</summary>
    public static readonly Option<bool> Together = Switch("--together", "Put one mistake in each control in force at once, of those that the last run has found");

    /// <summary>Whether <c>mutate</c> only lists.</summary>
    public static readonly Option<bool> ListMutants = Switch("--list", "List the mistakes and why people make them, and run nothing");

    /// <summary>Whether <c>mutate</c> keeps what it learns.</summary>
    public static readonly Option<bool> LearnFromRuns = Switch("--learn",
        "Keep in support/Tool/Mutate which scenario loads which file (of the run whose results are there) and which one found which mistake");

    /// <summary>The drill that is played.</summary>
    public static readonly Argument<string?> DrillName = new("NAME")
    {
        Arity = ArgumentArity.ZeroOrOne, Description = "The drill to play; without it the drills are listed",
    };

    /// <summary>Whether a drill leaves its hole open.</summary>
    public static readonly Option<bool> BreakOnly = Switch("--break-only", "Make the mistake and leave it to a class to find and close the hole");

    /// <summary>Whether it is closed.</summary>
    public static readonly Option<bool> Check = Switch("--check", "Say whether the hole that --break-only left open is closed, and after how many seconds");

    /// <summary>Where <c>kustomize</c> writes.</summary>
    public static readonly Argument<string> Folder = new("DIR") { Description = "The folder that is made; kubectl apply -k DIR applies it" };

    /// <summary>Where <c>controls init</c> writes.</summary>
    public static readonly Argument<string> ControlsFolder = new("DIR") { Description = "A folder that is new or empty; put your manifests there, and run --controls DIR" };

    /// <summary>For whom <c>kustomize</c> writes.</summary>
    public static readonly Option<string> TenantName = new("--tenant") { HelpName = "NAME", Required = true, Description = "The tenant, whose namespace has the same name" };

    /// <summary>What stands for the placeholders of the files.</summary>
    public static readonly Option<string[]> Set = new("--set")
    {
        HelpName = "KEY=VALUE", Arity = ArgumentArity.OneOrMore, Description = "A value for a placeholder of fleet-fixtures/controls, e.g. GPUS=8; may be repeated",
    };

    private static Option<string> Text(string name, string value, string description)
    {
        var option = new Option<string>(name) { HelpName = value, Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && given.Value.StartsWith("--", StringComparison.Ordinal))
                result.AddError($"option {name} needs a value");
        });
        return option;
    }

    private static Option<int?> Number(string name, string value, string description, int least, int? otherwise = null)
    {
        var option = new Option<int?>(name) { HelpName = value, Description = description };
        if (otherwise is not null)
            option.DefaultValueFactory = _ => otherwise;
        option.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            if (isNumber && number >= least && number <= MostOfAnything)
                return number;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} wants a number from {least}, not '{text}'"));
            return otherwise;
        };
        return option;
    }

    private static Option<bool> Switch(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };
}
