using NetArchTest.Rules;

namespace SecuritySpecs.Tests;

/// <summary>Where things are, and what may know what. A new namespace needs a row here.</summary>
[TestFixture]
public sealed partial class LayersTests
{
    private const int MostFiles = 25;

    private static readonly string[] Readers = ["Fleet", "Rbac", "Network", "Metrics", "Secrets", "Models", "Audit"];
    private static readonly string[] Platform = ["Kube", .. Readers, "PlatformAudit", "Evidence", "Cluster"];

    // Each namespace of support, and what it may know beside itself: what stands further down.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Kube"] = [],
        ["Mutation"] = ["Kube", "Rbac", "Network"],
        ["Fleet"] = ["Kube"], ["Rbac"] = ["Kube"], ["Network"] = ["Kube"], ["Metrics"] = ["Kube"], ["Secrets"] = ["Kube"], ["Models"] = ["Kube"], ["Audit"] = ["Kube"],
        ["PlatformAudit"] = ["Kube", "Fleet", "Rbac", "Network", "Secrets"],
        ["Evidence"] = ["Kube"], ["Drills"] = ["Kube"],
        ["Cluster"] = ["Kube", .. Readers, "Evidence"],
        ["Reports"] = ["Kube", "Fleet", "PlatformAudit", "Evidence", "Cluster", "Drills"],
        ["Drivers.Shared"] = Platform,
        ["Drivers.TenantIsolation"] = [.. Platform, "Drivers.Shared"],
        ["Drivers.RbacAndQuotas"] = [.. Platform, "Drivers.Shared"],
        ["Drivers.NetworkBoundaries"] = [.. Platform, "Drivers.Shared"],
        ["Drivers.SecretsAndSupplyChain"] = [.. Platform, "Drivers.Shared"],
        ["Drivers.BreakItDrills"] = [.. Platform, "Drills", "Drivers.Shared"],
        ["Tool"] = [.. Platform, "Drills", "Mutation", "Reports"],
    };

    // Steps call the drivers of their section and the shared ones. These know other sections, with a reason.
    private static readonly Dictionary<string, string> KnowMoreSections = new()
    {
        ["steps/Shared/Actor.cs"] = "somebody whom features name may be anybody whom a section introduces",
        ["steps/Shared/Actors.cs"] = "it asks the section that introduced somebody for his token",
        ["steps/Shared/AuditSteps.cs"] = "one phrase for all audits, each of which is a section's",
        ["steps/Shared/Candidates.cs"] = "what is shown to admission may be a job in a slice of a GPU, which is one section's",
        ["steps/Shared/PodRequests.cs"] = "a pod may be asked for by its pool or its priority, which are one section's",
        ["steps/Shared/Request.cs"] = "a request may be about the telemetry, which is one section's",
    };

    private static readonly string Root = RunOptions.FindRoot();

    // The command is an assembly of its own, which these tests do not know: its text is judged below.
    private static IEnumerable<string> Namespaces => Allowed.Keys.Where(n => n != "Tool");

    // Of the compiled code: what the text does not name, such as the type of a result, counts too.
    [TestCaseSource(nameof(Namespaces))]
    public void Support_knows_only_what_stands_further_down(string name)
    {
        var forbidden = Allowed.Keys.Where(n => n != name && !Allowed[name].Contains(n)).Select(Full).ToArray();
        var types = Types.InAssembly(typeof(KubeApi).Assembly).That().ResideInNamespace(Full(name));
        types.GetTypes().Should().NotBeEmpty();

        var result = types.ShouldNot().HaveDependencyOnAny(forbidden).GetResult();

        (result.FailingTypeNames ?? []).Should().BeEmpty("{0} may know {1}", name, string.Join(", ", Allowed[name]));
    }

    // Of the text: a constant of another namespace leaves no trace in compiled code.
    [Test]
    public void No_using_directive_points_upwards()
    {
        var upwards = Sources("support").Select(f => (File: f, Layer: LayerOf(NamespaceOf(f)))).Where(f => f.Layer.Length > 0)
            .SelectMany(f => Usings(f.File).Where(u => LayerOf(u) is { Length: > 0 } used && used != f.Layer && !Allowed[f.Layer].Contains(used)).Select(u => $"{f.File}: {u}"));

        upwards.Should().BeEmpty();
    }

    [Test]
    public void Steps_use_no_other_sections_drivers()
    {
        var others = Sources("steps").Where(f => Usings(f).Any(u => u.Split('.') is [_, "Drivers", var section, ..] && section != "Shared" && section != f.Split('/')[1]));

        others.Should().BeEquivalentTo(KnowMoreSections.Keys, "what two sections need is in Drivers/Shared, and each exception has its reason");
    }

    [Test]
    public void Every_namespace_of_support_has_its_row() => Sources("support").Select(NamespaceOf).Distinct().Where(n => n.Length > 0 && LayerOf(n).Length == 0).Should().BeEmpty();

    [Test]
    public void A_folder_is_a_namespace() => Sources("support").Concat(Sources("steps")).Where(f => NamespaceOf(f) is { Length: > 0 } name && name != NamespaceFor(f)).Should().BeEmpty();

    [Test]
    public void No_folder_has_so_many_files_that_one_has_to_search_it()
    {
        var folders = Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
            .Where(f => !Generated().IsMatch(f) && !f.StartsWith("support/tests/", StringComparison.Ordinal) && !f.StartsWith("fleet-fixtures/", StringComparison.Ordinal))
            .GroupBy(f => Path.GetDirectoryName(f)!).ToList();
        folders.Should().HaveCountGreaterThan(20);

        folders.Where(f => f.Count() > MostFiles).Select(f => $"{f.Key}: {f.Count()}").Should().BeEmpty("a folder of more than {0} files hides what is in it", MostFiles);
    }

    private static string Full(string name) => "SecuritySpecs." + name;

    private static string LayerOf(string name) => Allowed.Keys.FirstOrDefault(n => name == Full(n) || name.StartsWith(Full(n) + ".", StringComparison.Ordinal)) ?? "";

    private static string NamespaceFor(string file) => file.StartsWith("support/", StringComparison.Ordinal)
        ? Full(Path.GetDirectoryName(file)!["support/".Length..].Replace('/', '.'))
        : Full("Steps." + Path.GetDirectoryName(file)!["steps/".Length..].Replace('/', '.'));

    private static string NamespaceOf(string file) => Namespace().Match(File.ReadAllText(Path.Combine(Root, file))).Groups[1].Value;

    private static IEnumerable<string> Usings(string file) => Using().Matches(File.ReadAllText(Path.Combine(Root, file))).Select(m => m.Groups[1].Value);

    // The code of the test process and of the command: not what goes into images, nor what stands in for a package.
    private static List<string> Sources(string folder)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
            .Where(f => !Generated().IsMatch(f) && !Elsewhere().IsMatch(f)).ToList();
        files.Should().HaveCountGreaterThan(20);
        return files;
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^using (?:\w+ = )?(SecuritySpecs[\w.]*);", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"(^|/)(bin|obj|TestResults|\.git)/")]
    private static partial Regex Generated();

    [GeneratedRegex("^support/(tests|images|reqnroll-nunit)/")]
    private static partial Regex Elsewhere();
}
