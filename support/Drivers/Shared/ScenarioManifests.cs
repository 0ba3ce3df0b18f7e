using SecuritySpecs.Cluster;

namespace SecuritySpecs.Drivers.Shared;

/// <summary>Applies and removes files of fleet-fixtures for one scenario, as the cluster admin.</summary>
/// <param name="scenario">The scenario.</param>
public sealed class ScenarioManifests(ScenarioPlatform scenario)
{
    /// <summary>Applies a file: its objects are created, or become what the file says.</summary>
    /// <param name="file">For example <c>controls/gpu-quota.yaml</c>.</param>
    /// <param name="values">Values for its placeholders.</param>
    /// <param name="edit">A mistake to make in its content first; null for the file as it is.</param>
    public async Task ApplyAsync(string file, Dictionary<string, string> values, ManifestEdit? edit = null)
    {
        var manifest = scenario.Platform.Load(file, values);
        edit?.ApplyTo(manifest);
        foreach (var @object in manifest.Objects)
        {
            @object["metadata"]!["labels"]![RunLabels.Scenario] = scenario.Id;
            var path = await PathAsync(@object);
            var applied = (await scenario.Admin.ApplyAsync(path, Manager(file), @object)).OrThrow($"fleet-fixtures/{file}{(edit is null ? "" : " " + edit.Phrase)}");
            // What is in a namespace goes with it, but for those that runs share.
            if ((string?)@object["kind"] == "Namespace" || ((string?)@object["metadata"]!["namespace"] is { } home && !Leftovers.SharedNamespaces.Contains(home)))
                continue;
            scenario.CleanUp.Remove(path, path.Contains(scenario.Id, StringComparison.Ordinal) ? null : (string)applied.Body!["metadata"]!["uid"]!);
        }
    }

    /// <summary>
    /// Removes the objects of a file, and reads each back as gone. Of a namespace only what the file says about it is taken back: the
    /// namespace stays.
    /// </summary>
    /// <exception cref="KubeApiException">The API server refused that.</exception>
    /// <exception cref="TimeoutException">An object is still there.</exception>
    public async Task RemoveAsync(string file, Dictionary<string, string> values)
    {
        foreach (var @object in scenario.Platform.Load(file, values).Objects)
        {
            var path = await PathAsync(@object);
            if ((string?)@object["kind"] == "Namespace")
            {
                var bare = (await scenario.Admin.ApplyAsync(path, Manager(file), Bare(@object))).OrThrow($"fleet-fixtures/{file}").Body!;
                if (StillOwns(bare, Manager(file)))
                    throw new InvalidOperationException($"What fleet-fixtures/{file} says about {path} was taken back and is still there: {bare["metadata"]!.ToJsonString()}");
                continue;
            }

            (await scenario.Admin.DeleteAsync(path)).OrThrow($"fleet-fixtures/{file}");
            await scenario.Platform.Admin.AwaitGoneAsync(path);
        }
    }

    private static string Manager(string file) => "security-specs/" + file;

    // By the fields that it has named and nobody has taken from it.
    private static bool StillOwns(JsonNode @object, string manager) => (@object["metadata"]!["managedFields"]?.AsArray() ?? [])
        .Any(m => (string?)m!["manager"] == manager && m["fieldsV1"]?["f:metadata"] is JsonObject { Count: > 0 });

    private static JsonObject Bare(JsonObject @object) => new()
    {
        ["apiVersion"] = (string)@object["apiVersion"]!, ["kind"] = (string)@object["kind"]!,
        ["metadata"] = new JsonObject { ["name"] = (string)@object["metadata"]!["name"]! },
    };

    private async Task<string> PathAsync(JsonObject @object) =>
        $"{await scenario.Platform.Resources.CollectionAsync(@object)}/{(string)@object["metadata"]!["name"]!}";
}
