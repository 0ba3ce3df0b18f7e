using System.Collections.Concurrent;

namespace SecuritySpecs.Cluster;

/// <summary>
/// What a cluster can do: found out at the start of a run, some of it when a scenario first asks, and what scenarios relied on once
/// more at the end.
/// </summary>
internal sealed class Capabilities
{
    private readonly CapabilityDetector _detector;
    private readonly string? _kept;
    private readonly IReadOnlyDictionary<string, Task<CapabilityInfo>> _atOnce;
    private readonly Dictionary<string, Lazy<Task<CapabilityInfo>>> _onDemand;
    private readonly ConcurrentDictionary<string, bool> _reliedOn = new();

    /// <summary>Begins to find out.</summary>
    /// <param name="detector">How.</param>
    /// <param name="kept">The kept cluster that it is about: what was learnt about it is stored, and recalled. Null for any other.</param>
    /// <param name="onDemand">Those that take a deployment: not stored, so that a kept cluster's deployments are looked after anew.</param>
    public Capabilities(CapabilityDetector detector, string? kept, Dictionary<string, Func<Task<CapabilityInfo>>> onDemand)
    {
        (_detector, _kept) = (detector, kept);
        _onDemand = onDemand.ToDictionary(c => c.Key, c => new Lazy<Task<CapabilityInfo>>(c.Value));
        _atOnce = kept is not null && KeptCluster.Recall(kept, CapabilityDetector.DetectedAtOnce) is { } recalled
            ? recalled.ToDictionary(c => c.Name, Task.FromResult)
            : detector.Detect(CapabilityDetector.DetectedAtOnce);
    }

    /// <summary>Whether the cluster has one, for a scenario that relies on it.</summary>
    /// <exception cref="UndeterminedException">That could not be found out.</exception>
    public Task<CapabilityInfo> AskAsync(string name)
    {
        _reliedOn[name] = true;
        return _onDemand.TryGetValue(name, out var asked) ? asked.Value
            : _atOnce.TryGetValue(name, out var capability) ? capability
            : throw new ArgumentException($"There is no capability \"{name}\"; known are {string.Join(", ", CapabilityDetector.Names)}.");
    }

    /// <summary>All that is known, and what could not be found out, a sentence each.</summary>
    /// <param name="required">Those that are to be found out although no scenario has asked.</param>
    public async Task<(IReadOnlyList<CapabilityInfo> Known, IReadOnlyList<string> Undetermined)> DescribeAsync(IReadOnlyCollection<string> required)
    {
        var (atOnce, undetermined) = await AnsweredAsync(_atOnce.Values);
        if (_kept is not null && undetermined.Count == 0)
            KeptCluster.Remember(_kept, atOnce);
        var tried = await AnsweredAsync(_onDemand.Where(c => c.Value.IsValueCreated || required.Contains(c.Key)).Select(c => c.Value.Value));
        return ([.. atOnce, .. tried.Known], [.. undetermined, .. tried.Undetermined]);
    }

    /// <summary>
    /// Tries once more what scenarios relied on: an enforcer that stops in the middle of a run does not say so, and what it was to
    /// refuse may have been refused for another reason.
    /// </summary>
    /// <param name="patience">How long something may be away.</param>
    /// <returns>What the cluster has lost, a sentence each.</returns>
    public async Task<IReadOnlyList<string>> LostAsync(TimeSpan patience)
    {
        var (before, _) = await AnsweredAsync(_reliedOn.Keys.Where(_atOnce.ContainsKey).Select(name => _atOnce[name]));
        var (now, undetermined) = await AnsweredAsync(_detector.Detect(before.Where(b => b.Present).Select(b => b.Name), patience).Values);
        return
        [
            .. now.Where(n => !n.Present).Select(n => $"The cluster lost {n.Name} in the middle of the run: {n.How}."),
            .. undetermined.Select(u => $"At the end of the run: {u}"),
        ];
    }

    private static async Task<(IReadOnlyList<CapabilityInfo> Known, IReadOnlyList<string> Undetermined)> AnsweredAsync(IEnumerable<Task<CapabilityInfo>> asked)
    {
        var (known, undetermined) = (new List<CapabilityInfo>(), new List<string>());
        foreach (var capability in asked.ToList())
        {
            try
            {
                known.Add(await capability);
            }
            catch (UndeterminedException e)
            {
                undetermined.Add(e.Message);
            }
        }

        return (known, undetermined);
    }
}
