using SecuritySpecs.Kube.Files;
using SecuritySpecs.Mutation;

namespace SecuritySpecs.Tool.Mutate;

/// <summary>Which scenarios judge a mutant, and in which order.</summary>
internal sealed class Scenarios(FeatureIndex features, LoadMap loads, IReadOnlyDictionary<string, FixtureFile> files, Killers killers)
{
    private static readonly FixtureFile OfItsName = new([], false);

    /// <summary>The control that a scenario proves.</summary>
    public static string ControlOf(ScenarioPlace place) =>
        place.Tags.First(t => t.StartsWith(PostureBuilder.ControlTag, StringComparison.Ordinal))[PostureBuilder.ControlTag.Length..];

    /// <summary>How a scenario is named in data that outlives its line.</summary>
    public static string NameOf(ScenarioPlace place) => $"{place.Feature}: {place.Name}";

    /// <summary>The controls that a file belongs to.</summary>
    public IReadOnlyList<string> ControlsOf(string file) => files.GetValueOrDefault(file, OfItsName).Controls is { Count: > 0 } controls ? controls : [Path.GetFileNameWithoutExtension(file)];

    /// <summary>Whether the platform applies a file once for a whole run.</summary>
    public bool IsOnceForARun(string file) => files.GetValueOrDefault(file, OfItsName).OnceForARun;

    /// <summary>The scenarios of a mutant's controls that load its file, the likeliest to fail first.</summary>
    public IReadOnlyList<ScenarioPlace> Loading(Mutant mutant) => Ordered(mutant, Own(mutant).Where(p => loads.Loads(p, mutant.File)));

    /// <summary>The scenarios of a mutant's controls.</summary>
    public IReadOnlyList<ScenarioPlace> All(Mutant mutant) => Ordered(mutant, Own(mutant));

    /// <summary>How many of the first scenarios are equally likely to find a mutant.</summary>
    public int Likeliest(Mutant mutant, IReadOnlyList<ScenarioPlace> ordered) =>
        ordered.TakeWhile(p => killers.Score(mutant, NameOf(p)) >= killers.Score(mutant, NameOf(ordered[0]))).Count();

    private IEnumerable<ScenarioPlace> Own(Mutant mutant) =>
        ControlsOf(mutant.File) is var controls ? features.All.Where(p => controls.Contains(ControlOf(p)) && !p.Tags.Contains("ignore")) : [];

    // Those that know the mistake; then those that do little beside loading the file, for they are fast.
    private IReadOnlyList<ScenarioPlace> Ordered(Mutant mutant, IEnumerable<ScenarioPlace> places) =>
        [.. places.OrderByDescending(p => killers.Score(mutant, NameOf(p))).ThenBy(loads.Count).ThenBy(p => p.Feature, StringComparer.Ordinal).ThenBy(p => p.Line)];
}
