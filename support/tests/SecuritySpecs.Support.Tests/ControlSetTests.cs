namespace SecuritySpecs.Tests;

/// <summary>A platform's own controls in place of the reference, by the mapping in their folder.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ControlSetTests : IDisposable
{
    private const string Quota = "controls/gpu-quota.yaml";
    private const string Rendered = """
        # Source: chart/templates/all.yaml, for ${NOBODY}
        apiVersion: v1
        kind: Namespace
        metadata:
          name: team-blue
        ---
        # Source: chart/templates/quota.yaml
        apiVersion: v1
        kind: ResourceQuota
        metadata:
          name: team-gpus
          namespace: team-blue
        spec:
          hard: {requests.nvidia.com/gpu: "${GPUS}"}
        ---

        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: team-blue-only, namespace: team-blue, labels: {beside: my-team-blue, before: team-blue-2}}
        spec: {podSelector: {}}
        """;

    private static readonly string Fixtures = Path.Combine(RunOptions.FindRoot(), "fleet-fixtures");
    private static readonly Dictionary<string, string> Values = new() { ["NAMESPACE"] = "blue-1", ["GPUS"] = "2" };
    private readonly string _folder = Directory.CreateTempSubdirectory("controls-").FullName;

    private string Home => Path.GetFileName(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Whatever is asked of a platform's files is true of ours.
    [Test]
    public void The_reference_can_stand_for_itself()
    {
        var references = ReferenceControl.All(Fixtures);
        foreach (var reference in references)
            Write($"{reference.Name}.yaml", File.ReadAllText(Path.Combine(Fixtures, reference.File)));

        var set = Map(references.ToDictionary(r => r.Name, r => $"{r.Name}.yaml"));

        foreach (var reference in references)
        {
            set.Find(reference.File)!.Text.Should().Be(File.ReadAllText(Path.Combine(Fixtures, reference.File)));
            set.Lacks(reference.File).Should().BeFalse();
        }
    }

    [Test]
    public void Objects_of_a_rendered_file_are_chosen_renamed_and_given_placeholders_and_stay_on_their_lines()
    {
        Write("all.yaml", Rendered);

        var set = Map(new() { ["gpu-quota"] = "{file: all.yaml, objects: [ResourceQuota/team-blue/team-gpus as gpu-quota]}" }, "values: {NAMESPACE: team-blue}\n");
        var manifests = new RunManifests(Fixtures, "run", null) { Controls = set };
        var manifest = manifests.Load(Quota, Values);

        manifest.Objects.Should().ContainSingle();
        $"{manifest.Objects[0]["metadata"]!["name"]} {manifest.Objects[0]["metadata"]!["namespace"]} {manifest.Objects[0]["spec"]!["hard"]!["requests.nvidia.com/gpu"]}".Should().Be("gpu-quota blue-1 2");
        manifest.Told.Should().Be($"{Home}/all.yaml: ResourceQuota team-gpus (line 8)").And.Be(manifests.NameOf(Quota));
        set.Find(Quota)!.Text.Split('\n')[10].Should().Be("  name: \"gpu-quota\"");
        set.Find(Quota)!.Text.Split('\n').Should().HaveSameCount(Rendered.Split('\n'));
    }

    [Test]
    public void A_value_that_is_a_part_of_a_longer_name_stays()
    {
        Write("all.yaml", Rendered);

        var own = Map(new() { ["network-isolation"] = "{file: all.yaml, objects: [NetworkPolicy, NetworkPolicy/team-blue-only as network-isolation]}" }, "values: {NAMESPACE: team-blue}\n")
            .Find("controls/network-isolation.yaml")!;

        own.Told.Should().EndWith("NetworkPolicy team-blue-only (line 18)");
        own.For(Values).Should().Contain("{name: \"network-isolation\", namespace: blue-1, labels: {beside: my-team-blue, before: team-blue-2}}");
    }

    [Test]
    public void An_object_that_is_renamed_is_so_wherever_another_names_it()
    {
        Write("rights.yaml", """
            {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "gateway", "namespace": "${NAMESPACE}"}}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: gateway, namespace: "${NAMESPACE}"}
            rules: []
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: registry-gateway, namespace: "${NAMESPACE}"}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: gateway}
            subjects: [{kind: User, name: gateway}, {kind: ServiceAccount, name: 'gateway', namespace: "${NAMESPACE}"}]
            """);

        var binding = new RunManifests(Fixtures, "run", null) { Controls = Map(new() { ["secret-reach"] = "{file: rights.yaml, objects: [ServiceAccount/gateway as registry-gateway, Role/gateway as registry-gateway, RoleBinding]}" }) }
            .Load("controls/secret-reach.yaml", Values).Objects[2];

        binding["roleRef"]!["name"]!.ToString().Should().Be("registry-gateway");
        binding["subjects"]!.AsArray().Select(s => s!["name"]!.ToString()).Should().Equal("gateway", "registry-gateway");
    }

    [Test]
    public void What_is_not_provided_ends_a_scenario_and_leaves_the_platform_ours()
    {
        var set = Map([]);
        var told = new List<string>();
        var platform = new RunManifests(Fixtures, "run", null) { Controls = set };

        platform.Load(Quota, Values).Told.Should().Be($"fleet-fixtures/{Quota}");
        (platform with { NotProvided = told.Add }).Load(Quota, Values);
        (platform with { NotProvided = told.Add }).Load("controls/tenant.yaml", new Dictionary<string, string> { ["NAMESPACE"] = "a", ["TENANT"] = "b" });
        (platform with { NotProvided = told.Add }).Load("drills/policy-allow-all.yaml", Values);

        told.Should().Equal([Quota], "tenants are made of ours, and drills are no controls");
    }

    [TestCase("namespace-boundary", "controls/tenant.yaml")]
    [TestCase("gpu-alarms", "controls/metrics-network.yaml")]
    [TestCase("gpu-quota", null)]
    [TestCase("inference-endpoint", null)]
    public void The_controls_of_what_the_run_cannot_do_without_are_not_judged_by_ours(string control, string? file) => Map([]).StandInFor(control).Should().Be(file);

    [Test]
    public void A_mistake_that_a_platforms_file_cannot_have_is_not_provided()
    {
        Write("net.yaml", "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: default-deny, namespace: \"${NAMESPACE}\"}\nspec: {podSelector: {}}\n");
        var told = new List<string>();
        var manifests = new RunManifests(Fixtures, "run", null) { Controls = Map(new() { ["default-deny"] = "net.yaml" }), NotProvided = told.Add };
        var manifest = manifests.Load("controls/default-deny.yaml", Values);

        FluentActions.Invoking(() => manifests.Break(manifest, ManifestEdit.Of("without the peers of policy \"server\""))).Should().Throw<ArgumentException>().WithMessage($"{Home}/net.yaml: NetworkPolicy default-deny (line 1) has no*");
        told.Should().Equal($"fleet-fixtures/controls/default-deny.yaml without the peers of policy \"server\": {Home}/net.yaml: NetworkPolicy default-deny (line 1) has nothing of the kind");
        FluentActions.Invoking(() => (manifests with { Controls = null }).Break(manifest, ManifestEdit.Of("without the peers of policy \"server\""))).Should().Throw<ArgumentException>();
        told.Should().HaveCount(1, "a mistake that our own file cannot have is an error of the feature");
    }

    [Test]
    public void A_mistake_that_a_platforms_file_has_already_is_no_reason_to_stop()
    {
        Write("limits.yaml", "apiVersion: v1\nkind: LimitRange\nmetadata: {name: gpu-limit-range, namespace: \"${NAMESPACE}\"}\nspec: {limits: [{type: Container, max: {nvidia.com/gpu: 4}}]}\n");
        var manifests = new RunManifests(Fixtures, "run", null) { Controls = Map(new() { ["gpu-limit-range"] = "limits.yaml" }), NotProvided = what => throw new AssertionException(what) };
        var manifest = manifests.Load("controls/gpu-limit-range.yaml", Values);

        manifests.Break(manifest, ManifestEdit.Of("without the default"));

        manifest.Objects[0].ToJsonString().Should().Be(manifests.Load("controls/gpu-limit-range.yaml", Values).Objects[0].ToJsonString());
    }

    [TestCase("gpu-quota: quota.yaml", "controls.yaml:15: gpu-quota: there is no file HOME/quota.yaml; write \"not provided\" if you do not have this control")]
    [TestCase("gpu-quoto: not provided", "controls.yaml:LAST: controls: unknown key \"gpu-quoto\"; allowed are affinity-quota, *")]
    [TestCase("gpu-quota: {file: bad.yaml}", "bad.yaml:1: is no YAML: the [ of this line is not closed")]
    [TestCase("gpu-quota: {file: all.yaml}", "all.yaml:2: is a Namespace, and fleet-fixtures/controls/gpu-quota.yaml is made of ResourceQuota: name under \"objects\" of controls.yaml those that belong to it")]
    [TestCase("egress: {file: cilium.yaml}", "cilium.yaml:2: is a CiliumNetworkPolicy.cilium.io, and fleet-fixtures/controls/egress.yaml is made of NetworkPolicy.networking.k8s.io: *")]
    [TestCase("gpu-quota: {file: all.yaml, objects: [ResourceQuota/other]}", "controls.yaml:15: gpu-quota: HOME/all.yaml has no ResourceQuota/other; it has Namespace/team-blue, ResourceQuota/team-blue/team-gpus, NetworkPolicy/team-blue/team-blue-only")]
    [TestCase("gpu-quota: {file: all.yaml, objects: [a b]}", "controls.yaml:15: gpu-quota: expected KIND, KIND/NAME or KIND/NAMESPACE/NAME, and \"as NAME\" where the scenarios look for another name, but found \"a b\"")]
    [TestCase("gpu-quota: {file: all.yaml, objects: [ResourceQuota]}", "all.yaml:8: has no ${NAMESPACE}, which the scenarios fill in; write it where fleet-fixtures/controls/gpu-quota.yaml has it")]
    [TestCase("gpu-quota: typo.yaml", "typo.yaml:6: ${GPU} is no placeholder of fleet-fixtures/controls/gpu-quota.yaml; known are GPUS, NAMESPACE")]
    [TestCase("gpu-quota: name.yaml", "name.yaml:1: is ResourceQuota/${NAMESPACE}/gpus, and the scenarios look for the name gpu-quota: in controls.yaml write objects: [\"ResourceQuota/${NAMESPACE}/gpus as gpu-quota\"]")]
    [TestCase("gpu-quota: {objects: [ResourceQuota]}", "controls.yaml:15: gpu-quota: file is missing; wanted are file")]
    [TestCase("gpu-quota: [a]", "controls.yaml:15: gpu-quota: expected a text")]
    [TestCase("tenant: tenant.yaml", "tenant.yaml:1: has no ServiceAccount developer, without which there is no tenant")]
    public void What_is_wrong_is_told_with_file_and_line(string row, string message)
    {
        Write("all.yaml", Rendered);
        Write("bad.yaml", "kind: [\n");
        Write("cilium.yaml", "# a policy\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a, namespace: \"${NAMESPACE}\"}\n");
        Write("typo.yaml", "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: gpu-quota, namespace: \"${NAMESPACE}\"}\nspec:\n  hard:\n    requests.nvidia.com/gpu: \"${GPU}\"\n");
        Write("name.yaml", "{apiVersion: v1, kind: ResourceQuota, metadata: {name: gpus, namespace: \"${NAMESPACE}\"}, spec: {hard: {requests.nvidia.com/gpu: \"${GPUS}\"}}}\n");
        Write("tenant.yaml", "{apiVersion: v1, kind: Namespace, metadata: {name: \"${NAMESPACE}\", labels: {a: \"${TENANT}\"}}}\n");
        var name = row.Split(':')[0];
        // After the line "controls:" and a row for each file.
        var last = Directory.EnumerateFiles(Path.Combine(Fixtures, "controls"), "*.yaml").Count() + 2;
        message = message.Replace("HOME", Home, StringComparison.Ordinal).Replace("LAST", last.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

        FluentActions.Invoking(() => Map(new() { [name] = row[(name.Length + 2)..] })).Should().Throw<BadInputException>().WithMessage($"{Home}/{message}");
    }

    [TestCase("values: {NAMESPACE: \"4\"}", "1: NAMESPACE: a number may stand for many things in a file; write ${NAMESPACE} in its place")]
    [TestCase("values: {NAMESPACE: blue, TENANT: blue}", "1: TENANT: \"blue\" stands for another placeholder, too; write ${TENANT} in the files")]
    [TestCase("values: {TEAM: blue}", "1: values: unknown key \"TEAM\"; allowed are CLASS, *")]
    public void Values_that_stand_for_nothing_or_for_two_things_are_told(string values, string message) =>
        FluentActions.Invoking(() => Map([], values + "\n")).Should().Throw<BadInputException>().WithMessage($"{Home}/controls.yaml:{message}");

    [Test]
    public void Every_control_is_named_or_not_provided()
    {
        Write("controls.yaml", "controls: {gpu-quota: not provided}\n");
        FluentActions.Invoking(() => ControlSet.Read(_folder, Fixtures)).Should().Throw<BadInputException>().WithMessage($"{Home}/controls.yaml:1: controls: affinity-quota is missing; *");

        File.Delete(Path.Combine(_folder, "controls.yaml"));
        FluentActions.Invoking(() => ControlSet.Read(_folder, Fixtures)).Should().Throw<BadInputException>().WithMessage($"{Home}/controls.yaml: there is no such file: `support/specs controls init DIR` writes one*");
    }

    [Test]
    public void The_placeholders_of_a_reference_are_those_that_it_has_and_those_that_its_comment_names()
    {
        ReferenceControl Of(string name) => ReferenceControl.All(Fixtures).Single(r => r.Name == name);

        Of("personas").Placeholders.Should().Equal("NAME", "NAMESPACE", "TENANT");
        Of("default-deny").Needed.Should().Equal(["NAMESPACE"], "a selector may do with the namespace's name");
        Of("tenant").Needed.Should().Equal("NAMESPACE", "TENANT");
        Of("model-provenance").Placeholders.Should().Equal("IMAGE", "MODEL", "NAME", "NAMESPACE", "PUBLIC_KEY", "REGISTRY", "REVISION");
        Of("rights-owners").Kinds.Should().BeEmpty();
    }

    private ControlSet Map(Dictionary<string, string> rows, string values = "")
    {
        var names = ReferenceControl.All(Fixtures).Select(r => r.Name);
        Write("controls.yaml", $"{values}controls:\n{string.Join('\n', names.Union(rows.Keys).Select(n => $"  {n}: {rows.GetValueOrDefault(n, ControlSet.NotProvided)}"))}\n");
        return ControlSet.Read(_folder, Fixtures);
    }

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);
}
