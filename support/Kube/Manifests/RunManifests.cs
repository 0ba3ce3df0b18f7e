using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Kube.Manifests;

/// <summary>The manifests of fleet-fixtures as one run puts them on a cluster: with its images, and its label on what is its own.</summary>
/// <param name="Folder">The folder fleet-fixtures.</param>
/// <param name="Id">The run's id.</param>
/// <param name="FleetImage">The fleet image as the nodes know it; null where there is none.</param>
public sealed record RunManifests(string Folder, string Id, string? FleetImage)
{
    /// <summary>A platform's own controls; null for those of <see cref="Folder"/>.</summary>
    public ControlSet? Controls { get; init; }

    /// <summary>Ends what cannot be judged, for the platform lacks what it is told. Null where the reference does in its place.</summary>
    public Action<string>? NotProvided { get; init; }

    /// <summary>The files that are loaded with a mistake in them; of two of one file the first.</summary>
    public IReadOnlyList<PlannedMutant> Mutants { get; init; } = [];

    /// <summary>The ids of these mistakes, for messages; empty for none.</summary>
    public string Mistakes => string.Join(", ", Mutants.Select(m => m.Id));

    /// <summary>Is told each file that is loaded.</summary>
    public Action<string>? Loaded { get; init; }

    /// <summary>A file as its author knows it, for messages: with the objects where it is a platform's own.</summary>
    /// <param name="file">For example <c>controls/gpu-quota.yaml</c>.</param>
    public string NameOf(string file) => Controls?.Find(file)?.Told ?? $"fleet-fixtures/{file}";

    /// <summary>A file's text, with its placeholders.</summary>
    /// <param name="file">For example <c>controls/gpu-quota.yaml</c>.</param>
    public string SourceOf(string file) => Controls?.Find(file)?.Text ?? TextFile.Read(Path.Combine(Folder, file), file);

    /// <summary>
    /// Makes a mistake in a manifest. A platform's own may lack what the mistake would be in: then nobody can make it there. Or it has the
    /// mistake already: then the scenario goes on, and finds it where it expects the file to be right.
    /// </summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="edit">The mistake.</param>
    public void Break(Manifest manifest, ManifestEdit edit)
    {
        if (Controls?.Find(manifest.File) is null)
        {
            edit.ApplyTo(manifest);
            return;
        }

        try
        {
            edit.TryApplyTo(manifest);
        }
        catch (Exception e) when (e is ArgumentException or NullReferenceException or InvalidOperationException)
        {
            NotProvided?.Invoke($"fleet-fixtures/{manifest.File} {edit.Phrase}: {manifest.Told} has nothing of the kind");
            throw;
        }
    }

    /// <summary>A manifest as the file has it: for what runs share.</summary>
    /// <param name="file">For example <c>workloads/device-plugin.yaml</c>.</param>
    /// <param name="values">Values for its placeholders.</param>
    public Manifest Load(string file, IReadOnlyDictionary<string, string> values)
    {
        var manifest = Manifest.Parse(file, TextOf(file, values)) with { Told = NameOf(file) };
        if (Mutants.All(m => m.File != file))
            return manifest;
        // With a namespace everything in it would go, which is more than the mistake.
        var left = manifest.Objects.Select(Identity).ToHashSet();
        return manifest with { TakenOut = [.. (this with { Mutants = [], Loaded = null }).Load(file, values).Objects.Where(o => (string?)o["kind"] != "Namespace" && !left.Contains(Identity(o)))] };
    }

    /// <summary>The text of a file, with its placeholders filled in.</summary>
    /// <param name="file">For example <c>controls/gpu-quota.yaml</c>.</param>
    /// <param name="values">Values for its placeholders.</param>
    public string TextOf(string file, IReadOnlyDictionary<string, string> values)
    {
        Loaded?.Invoke(file);
        if (Controls?.Lacks(file) == true)
            NotProvided?.Invoke(file);
        return Manifest.FillText(file, Mutants.FirstOrDefault(m => m.File == file)?.Text ?? Controls?.Find(file)?.For(values) ?? SourceOf(file), values);
    }

    private static (string?, string?, string?, string?) Identity(JsonObject o) =>
        ((string?)o["apiVersion"], (string?)o["kind"], (string?)o["metadata"]?["namespace"], (string?)o["metadata"]?["name"]);

    /// <summary>A manifest whose objects are labelled as this run's.</summary>
    /// <param name="file">For example <c>controls/gpu-quota.yaml</c>.</param>
    /// <param name="values">Values for its placeholders.</param>
    public Manifest LoadOwn(string file, IReadOnlyDictionary<string, string> values)
    {
        var manifest = Load(file, values);
        foreach (var @object in manifest.Objects)
        {
            var metadata = @object["metadata"]!.AsObject();
            if (metadata["labels"] is not JsonObject)
                metadata["labels"] = new JsonObject();
            metadata["labels"]![RunLabels.Run] = Id;
        }

        return manifest;
    }
}
