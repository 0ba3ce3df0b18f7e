using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Drivers.TenantIsolation;

/// <summary>The reference configuration as a platform team applies it: by kubectl, whose objects all have one manager.</summary>
public sealed class KustomizeDriver(ScenarioPlatform scenario, ControlDriver controls)
{
    /// <summary>Every order of components, as a regular expression.</summary>
    public const string Orders = "by their names|by their names from the last to the first|by their names from the middle on";

    private IReadOnlyList<string> All => ComponentList.Read(scenario.Files.Folder);

    /// <summary>The components in an order.</summary>
    public IReadOnlyList<string> InOrder(string order) => Orders.Split('|').ToList().IndexOf(order) switch
    {
        0 => All,
        1 => [.. All.Reverse()],
        2 => [.. All.Skip(All.Count / 2), .. All.Take(All.Count / 2)],
        _ => throw new ArgumentException($"No order is called \"{order}\"; there are: {Orders}."),
    };

    /// <summary>Applies plain files of controls one after another.</summary>
    public async Task ApplyFilesAsync(Tenant tenant, IReadOnlyList<string> files)
    {
        foreach (var file in files)
            Note(await scenario.Platform.Kubectl.ApplyFolderAsync(new Dictionary<string, string>
            {
                ["kustomization.yaml"] = "resources: [objects.yaml]\n", ["objects.yaml"] = Text(file, tenant),
            }));
    }

    /// <summary>The objects of the base and of components, without what a request that changes nothing may change.</summary>
    public async Task<IReadOnlyList<string>> StateAsync(Tenant tenant, IReadOnlyList<string> components)
    {
        var state = new List<string>();
        foreach (var (path, _) in await ObjectsAsync(tenant, [ComponentList.Base, .. components]))
        {
            var @object = (await scenario.Admin.GetAsync(path)).OrThrow().Body!.AsObject();
            @object.Remove("status");
            foreach (var field in (string[])["resourceVersion", "managedFields"])
                @object["metadata"]!.AsObject().Remove(field);
            state.Add(@object.ToJsonString());
        }

        return state;
    }

    /// <summary>Applies the base and components.</summary>
    public async Task ApplyAsync(Tenant tenant, IReadOnlyList<string> components)
    {
        foreach (var (path, @object) in await ObjectsAsync(tenant, components))
        {
            if (@object["metadata"]!["namespace"] is null && (string?)@object["kind"] != "Namespace")
                scenario.CleanUp.Remove(path);
        }

        var tree = new KustomizeTree((ComponentList.Base, Text(ComponentList.Base, tenant)), [.. components.Select(c => (c, Text(c, tenant)))], tenant.Namespace);
        Note(await scenario.Platform.Kubectl.ApplyFolderAsync(tree.Files(new Dictionary<string, string> { [RunLabels.Run] = scenario.Platform.Options.RunId, [RunLabels.Scenario] = scenario.Id })));
    }

    /// <summary>What the files of the base and of all components say and the cluster's objects do not have.</summary>
    public async Task<IReadOnlyList<string>> MissingAsync(Tenant tenant)
    {
        var missing = new List<string>();
        foreach (var (path, @object) in await ObjectsAsync(tenant, [ComponentList.Base, .. All]))
            Compare(path, @object, (await scenario.Admin.GetAsync(path)).OrThrow().Body, missing);
        return missing;
    }

    private string Text(string control, Tenant tenant) => scenario.Files.TextOf($"controls/{control}.yaml", controls.Values(control, tenant));

    private async Task<IReadOnlyList<(string Path, JsonObject Object)>> ObjectsAsync(Tenant tenant, IEnumerable<string> files)
    {
        var objects = new List<(string, JsonObject)>();
        foreach (var @object in files.SelectMany(f => Manifest.Parse($"controls/{f}.yaml", Text(f, tenant)).Objects))
            objects.Add(($"{await scenario.Platform.Resources.CollectionAsync(@object)}/{(string)@object["metadata"]!["name"]!}", @object));
        return objects;
    }

    private void Note(string output) => scenario.Note("kubectl", output.ReplaceLineEndings("; "));

    // What the API server adds is no difference.
    private static void Compare(string where, JsonNode? wanted, JsonNode? found, List<string> missing)
    {
        switch (wanted)
        {
            case JsonObject fields when found is JsonObject there:
                foreach (var (name, value) in fields)
                    Compare($"{where} {name}", value, there[name], missing);
                break;
            case JsonArray items when found is JsonArray there && items.Count == there.Count:
                for (var i = 0; i < items.Count; i++)
                    Compare($"{where}[{i}]", items[i], there[i], missing);
                break;
            case JsonObject { Count: 0 } or JsonArray { Count: 0 } when found is null:
                break;
            default:
                if (!JsonNode.DeepEquals(wanted, found))
                    missing.Add($"{where}: {wanted?.ToJsonString()} is wanted, and there is {found?.ToJsonString() ?? "nothing"}");
                break;
        }
    }
}
