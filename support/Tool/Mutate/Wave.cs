using SecuritySpecs.Kube.Manifests;

namespace SecuritySpecs.Tool.Mutate;

/// <summary>One run of some scenarios with the mistakes of a plan.</summary>
/// <param name="Posture">Its results; null where it left none.</param>
/// <param name="IsTimeOut">Whether it had to be ended.</param>
/// <param name="IsInterrupted">Whether the person who started all this ended it: then the results are those of some scenarios.</param>
internal sealed record WaveResult(Posture? Posture, bool IsTimeOut, bool IsInterrupted = false);

/// <summary>Carries a wave out. Tests have another one.</summary>
internal delegate Task<WaveResult> WaveRunner(MutationPlan plan, IReadOnlyList<ScenarioPlace> places, CancellationToken cancel);

/// <summary>Waves as <c>specs run</c> on the kept cluster, each with a folder of its own.</summary>
/// <param name="results">The folder of the mutation run.</param>
internal sealed class InnerWaves(string results)
{
    /// <summary>How the folders begin.</summary>
    public const string Prefix = "wave-";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(8);
    private int _number;

    /// <summary>Runs one.</summary>
    public async Task<WaveResult> RunAsync(MutationPlan plan, IReadOnlyList<ScenarioPlace> places, CancellationToken cancel)
    {
        var folder = InnerRun.Folder(results, FormattableString.Invariant($"{Prefix}{++_number:000}"));
        var file = Path.Combine(folder, "mutants.json");
        plan.Write(file);
        var start = InnerRun.OfThisBuild("run", places.Select(p => p.Where));
        start.Environment["SPECS_KEEP"] = "1";
        start.Environment[MutationPlan.Variable] = file;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(Deadline);
        try
        {
            await InnerRun.RunAsync(start, folder, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            return new(InnerRun.PostureIn(folder), !cancel.IsCancellationRequested, cancel.IsCancellationRequested);
        }

        return new(InnerRun.PostureIn(folder), false);
    }
}
