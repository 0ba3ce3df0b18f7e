namespace SecuritySpecs.Evidence;

/// <summary>Collects what one scenario did and saw, step by step. Safe for requests that run at once.</summary>
/// <param name="redactor">Applied to every text before it is kept.</param>
public sealed class ScenarioRecorder(Redactor redactor)
{
    private readonly Lock _lock = new();
    private readonly List<StepResult> _steps = [];
    private readonly Stopwatch _scenario = Stopwatch.StartNew();
    private readonly SortedSet<string> _manifests = new(StringComparer.Ordinal);
    private List<EvidenceEntry> _evidence = [];
    private Stopwatch _step = Stopwatch.StartNew();

    /// <summary>Keeps a request and its answer as evidence of the current step.</summary>
    public void Record(ApiAnswer answer)
    {
        lock (_lock)
        {
            _evidence.Add(new(redactor.Redact(answer.Actor)!, answer.Method, redactor.Redact(answer.Path)!, answer.Code, redactor.Redact(answer.Reason),
                redactor.Redact(answer.Message), answer.At, Math.Round(answer.Duration.TotalMilliseconds, 1)));
        }
    }

    /// <summary>Keeps an observation that is no request, in words: a reading of what was seen.</summary>
    /// <param name="actor">Who observed.</param>
    /// <param name="observation">What.</param>
    /// <param name="grid">The same as a picture, where many things were tried at once.</param>
    /// <param name="bar">The same as a picture, where something was counted.</param>
    /// <param name="fleet">The same as a picture, where it is about who holds GPUs.</param>
    public void Note(string actor, string observation, EvidenceGrid? grid = null, EvidenceBar? bar = null, IReadOnlyList<FleetNode>? fleet = null)
    {
        lock (_lock)
        {
            _evidence.Add(new(redactor.Redact(actor)!, "OBSERVE", "", null, null, redactor.Redact(observation), DateTimeOffset.UtcNow, 0, grid?.Redacted(redactor), bar,
                fleet is null ? null : [.. fleet.Select(n => n.Redacted(redactor))]));
        }
    }

    /// <summary>Takes that the scenario has loaded a file of fleet-fixtures.</summary>
    public void Loaded(string file)
    {
        lock (_lock)
            _manifests.Add(file);
    }

    /// <summary>The step that ended last.</summary>
    public StepResult Latest
    {
        get
        {
            lock (_lock)
                return _steps[^1];
        }
    }

    /// <summary>The keyword of the step that failed last: Given, When or Then; null where none did.</summary>
    public string? FailedKeyword
    {
        get
        {
            lock (_lock)
                return _steps.LastOrDefault(s => s.Status == ResultStatus.Failed)?.Keyword;
        }
    }

    /// <summary>The scenario's own time begins: what it waited for other scenarios does not count.</summary>
    public void BeginScenario() => _scenario.Restart();

    /// <summary>A step begins.</summary>
    public void BeginStep()
    {
        lock (_lock)
            (_evidence, _step) = ([], Stopwatch.StartNew());
    }

    /// <summary>The current step ended.</summary>
    /// <param name="keyword">Given, When or Then.</param>
    /// <param name="text">The step's text.</param>
    /// <param name="status">passed, failed, inconclusive or skipped.</param>
    public void EndStep(string keyword, string text, ResultStatus status)
    {
        lock (_lock)
        {
            _steps.Add(new(keyword, redactor.Redact(text)!, status, Math.Round(_step.Elapsed.TotalMilliseconds, 1), _evidence));
            _evidence = [];
        }
    }

    /// <summary>The scenario's place in the features, its outcome and everything recorded.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="tags">Its tags.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="error">Why it did not pass; null when it did.</param>
    /// <param name="failure">Of what kind that is.</param>
    /// <param name="mutant">The mistake that was in force for it.</param>
    public ScenarioResult Result(ScenarioPlace place, IReadOnlyList<string> tags, ResultStatus status, string? error, FailureKind? failure = null, string? mutant = null)
    {
        lock (_lock)
        {
            return new(place.Feature, place.Name, place.Line, tags, status, Math.Round(_scenario.Elapsed.TotalMilliseconds, 1),
                redactor.Redact(error), [.. _steps], failure, [.. _manifests], mutant);
        }
    }
}
