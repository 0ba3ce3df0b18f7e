using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Kube.Manifests;

/// <summary>The manifests of fleet-fixtures as one run puts them on a cluster: with its images, and its label on what is its own.</summary>
/// <param name="Folder">The folder fleet-fixtures.</param>
/// <param name="Id">The run's id.</param>
/// <param name="FleetImage">The fleet image as the nodes know it; null where there is none.</param>
public sealed record RunManifests(string Folder, string Id, string? FleetImage)
{
    private const string ControlsFolder = "controls/";

    /// <summary>The folder whose files are the controls; null for that of <see cref="Folder"/>.</summary>
    public string? Controls { get; init; }

    /// <summary>The files that are loaded with a mistake in them; of two of one file the first.</summary>
    public IReadOnlyList<PlannedMutant> Mutants { get; init; } = [];

    /// <summary>The ids of these mistakes, for messages; empty for none.</summary>
    public string Mistakes => string.Join(", ", Mutants.Select(m => m.Id));

    /// <summary>Is told each file that is loaded.</summary>
    public Action<string>? Loaded { get; init; }

    /// <summary>Where a file is.</summary>
    /// <param name="file">For example <c>controls/gpu-quota.yaml</c>.</param>
    public string PathOf(string file) => Controls is not null && file.StartsWith(ControlsFolder, StringComparison.Ordinal)
        ? Path.Combine(Controls, file[ControlsFolder.Length..]) : Path.Combine(Folder, file);

    /// <summary>A manifest as the file has it: for what runs share.</summary>
    /// <param name="file">For example <c>workloads/device-plugin.yaml</c>.</param>
    /// <param name="values">Values for its placeholders.</param>
    public Manifest Load(string file, IReadOnlyDictionary<string, string> values) => Manifest.Parse(file, TextOf(file, values));

    /// <summary>The text of a file, with its placeholders filled in.</summary>
    /// <param name="file">For example <c>controls/gpu-quota.yaml</c>.</param>
    /// <param name="values">Values for its placeholders.</param>
    public string TextOf(string file, IReadOnlyDictionary<string, string> values)
    {
        Loaded?.Invoke(file);
        return Manifest.FillText(file, Mutants.FirstOrDefault(m => m.File == file)?.Text ?? TextFile.Read(PathOf(file), file), values);
    }

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
