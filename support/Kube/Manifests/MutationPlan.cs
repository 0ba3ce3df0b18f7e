using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Kube.Manifests;

/// <summary>A file of fleet-fixtures that is loaded with a mistake in it.</summary>
/// <param name="Id">The mutant's id.</param>
/// <param name="File">Relative to fleet-fixtures.</param>
/// <param name="Text">What stands in the file's place.</param>
public sealed record PlannedMutant(string Id, string File, string Text);

/// <summary>What a run of <c>specs mutate</c> is to do: which mistake is in force for which scenario.</summary>
/// <param name="Scenarios">A mutant for a scenario, by <c>features/...feature:LINE</c>. Only what this scenario loads has the mistake.</param>
/// <param name="Everywhere">Mutants that are in force for the whole run, of one file each: those of files that the platform applies once, or many together.</param>
public sealed record MutationPlan(IReadOnlyDictionary<string, PlannedMutant> Scenarios, IReadOnlyList<PlannedMutant> Everywhere)
{
    /// <summary>No mistake at all.</summary>
    public static MutationPlan None { get; } = new(new Dictionary<string, PlannedMutant>(), []);

    /// <summary>The environment variable that names the file of a plan.</summary>
    public const string Variable = "SPECS_MUTANTS";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Reads a plan.</summary>
    /// <exception cref="BadInputException">It is missing, or no plan.</exception>
    public static MutationPlan Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<MutationPlan>(TextFile.Read(path, path), Options)!;
        }
        catch (JsonException e)
        {
            throw new BadInputException(path, 1 + (int)(e.LineNumber ?? 0), $"is no plan of mutants: {e.Message}");
        }
    }

    /// <summary>Writes it.</summary>
    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, Options));
}
