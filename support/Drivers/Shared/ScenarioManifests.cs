using SecuritySpecs.Cluster;

namespace SecuritySpecs.Drivers.Shared;

/// <summary>Applies and removes files of fleet-fixtures for one scenario, as the cluster admin.</summary>
/// <param name="scenario">The scenario.</param>
public sealed class ScenarioManifests(ScenarioPlatform scenario)
{
    private readonly List<Applied> _inForce = [];

    /// <summary>The files that are in force for the scenario, each with the mistake that was made in it; for messages.</summary>
    public IReadOnlyList<string> InForce
    {
        get
        {
            lock (_inForce)
                return [.. _inForce.Select(a => $"{scenario.Files.NameOf(a.File)}{(a.Mistake is null ? "" : " " + a.Mistake)}").Distinct()];
        }
    }

    /// <summary>Applies a file: its objects are created, or become what the file says.</summary>
    /// <param name="file">For example <c>controls/gpu-quota.yaml</c>.</param>
    /// <param name="values">Values for its placeholders.</param>
    /// <param name="edit">A mistake to make in its content first; null for the file as it is.</param>
    public async Task ApplyAsync(string file, Dictionary<string, string> values, ManifestEdit? edit = null)
    {
        var manifest = scenario.Load(file, values);
        Remember(manifest, edit);
        if (edit is not null)
            scenario.Files.Break(manifest, edit);
        foreach (var @object in manifest.Objects)
        {
            @object["metadata"]!["labels"]![RunLabels.Scenario] = scenario.Id;
            var path = await PathAsync(@object);
            var applied = (await scenario.Admin.ApplyAsync(path, Manager(file), @object)).OrThrow($"{manifest.Told}{(edit is null ? "" : " " + edit.Phrase)}");
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
        var manifest = scenario.Load(file, values);
        foreach (var @object in manifest.Objects)
        {
            var path = await PathAsync(@object);
            if ((string?)@object["kind"] == "Namespace")
            {
                var bare = (await scenario.Admin.ApplyAsync(path, Manager(file), Bare(@object))).OrThrow(manifest.Told).Body!;
                if (StillOwns(bare, Manager(file)))
                    throw new InvalidOperationException($"What {manifest.Told} says about {path} was taken back and is still there: {bare["metadata"]!.ToJsonString()}");
                continue;
            }

            var answer = await scenario.Admin.DeleteAsync(path);
            if (answer.Code != 404 || !MayBeGone)
                answer.OrThrow(manifest.Told);
            await scenario.Platform.Admin.AwaitGoneAsync(path);
        }

        lock (_inForce)
            _inForce.RemoveAll(a => a.IsOf(manifest));
    }

    /// <summary>Waits until a file does what it is for; where it was applied with a mistake, what it then does.</summary>
    /// <param name="file">The file.</param>
    /// <param name="awaited">What it must bring about, to follow "waited for".</param>
    /// <param name="look">Looks once.</param>
    /// <param name="enough">Whether what was seen ends the wait.</param>
    /// <param name="describe">What was seen, for the message.</param>
    /// <exception cref="ControlNotInForceException">It was applied as it is, and does not.</exception>
    /// <exception cref="WaitedInVainException">It has a mistake, and does not.</exception>
    public async Task<T> AwaitInForceAsync<T>(string file, string awaited, Func<Task<T>> look, Func<T, bool> enough, Func<T, string> describe)
    {
        var hasMistake = IsMistaken(file);
        try
        {
            return await AwaitAsync(file, hasMistake, awaited, look, enough, describe);
        }
        catch (WaitedInVainException e) when (!hasMistake)
        {
            throw new ControlNotInForceException(scenario.Files.NameOf(file), e);
        }
    }

    /// <summary>
    /// Waits for an effect of the files in force. Where none of them has a mistake and another scenario waited for the same in vain,
    /// this one gives up sooner.
    /// </summary>
    /// <param name="effect">The effect, by a name that all who wait for it share.</param>
    /// <param name="awaited">What is awaited, to follow "waited for".</param>
    /// <param name="look">Looks once.</param>
    /// <param name="enough">Whether what was seen ends the wait.</param>
    /// <param name="describe">What was seen, for the message.</param>
    /// <exception cref="WaitedInVainException">It did not come about in time.</exception>
    public Task<T> AwaitEffectAsync<T>(string effect, string awaited, Func<Task<T>> look, Func<T, bool> enough, Func<T, string> describe) =>
        AwaitAsync($"{effect} by {string.Join(", ", InForce.Order(StringComparer.Ordinal))}", IsAnyMistaken, awaited, look, enough, describe);

    // Whoever closed the hole of a drill may have removed what the fix removes.
    private bool MayBeGone => scenario.Platform.Options.Drill?.Mode == DrillMode.Break;

    private bool IsAnyMistaken
    {
        get
        {
            lock (_inForce)
                return _inForce.Exists(a => a.Mistake is not null);
        }
    }

    // As it was applied last: a scenario may give it to one tenant as it is, and to another with a mistake.
    private bool IsMistaken(string file)
    {
        lock (_inForce)
            return _inForce.FindLast(a => a.File == file)?.Mistake is not null;
    }

    // What has a mistake is this scenario's alone: no other waits for the same.
    private Task<T> AwaitAsync<T>(string key, bool hasMistake, string awaited, Func<Task<T>> look, Func<T, bool> enough, Func<T, string> describe) => hasMistake
        ? Poll.UntilAsync(awaited, look, enough, describe)
        : scenario.Platform.Waits.UntilAsync($"{key} {scenario.Files.Mistakes}", awaited, look, enough, describe);

    // Before anything is sent: an answer that never comes is no reason to forget it.
    private void Remember(Manifest manifest, ManifestEdit? edit)
    {
        var applied = new Applied(manifest.File, edit?.Phrase, [.. manifest.Objects.Select(IdentityOf)]);
        lock (_inForce)
        {
            _inForce.RemoveAll(a => a.IsOf(manifest));
            _inForce.Add(applied);
        }
    }

    private static string IdentityOf(JsonObject @object) =>
        $"{(string?)@object["kind"]} {(string?)@object["metadata"]!["namespace"]}/{(string?)@object["metadata"]!["name"]}";

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

    // A file by the objects that it has: its values may differ between the time that it is applied and the time that it is removed.
    private sealed record Applied(string File, string? Mistake, IReadOnlyList<string> Objects)
    {
        public bool IsOf(Manifest manifest) => File == manifest.File && Objects.SequenceEqual(manifest.Objects.Select(IdentityOf));
    }
}
