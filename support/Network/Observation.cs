namespace SecuritySpecs.Network;

/// <summary>A pod that can be told to try targets.</summary>
/// <param name="Name">In the domain's words, for example <c>client of tenant "blue"</c>.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Pod">Its name.</param>
public sealed record ProbeSource(string Name, string Namespace, string Pod);

/// <summary>Something to reach.</summary>
/// <param name="Name">In the domain's words, for example <c>server of tenant "green" at its pod IP</c>.</param>
/// <param name="Url"><c>http://HOST:PORT/</c>, <c>tcp://HOST:PORT</c> or <c>udp://HOST:PORT</c>.</param>
/// <param name="Owner">The pod that must answer, as <c>NAMESPACE/POD</c>; null where anybody may.</param>
public sealed record ProbeTarget(string Name, string Url, string? Owner = null);

/// <summary>What became of one attempt to reach something.</summary>
public enum ProbeResult
{
    /// <summary>It answered.</summary>
    Open,

    /// <summary>Turned away: nobody listens, or a network that denies by rejecting.</summary>
    Refused,

    /// <summary>Silence, which is what a network that denies by dropping looks like.</summary>
    TimedOut,

    /// <summary>No way there.</summary>
    Unreachable,

    /// <summary>The name is not known.</summary>
    Unresolved,

    /// <summary>Connected, and cut off before an answer.</summary>
    CutOff,

    /// <summary>Another pod answered than the one that was meant, or one that does not say who it is.</summary>
    SomebodyElse,

    /// <summary>Silence, in a pod that was too slow to hear anything.</summary>
    Starved,

    /// <summary>The pod could not be told to try.</summary>
    NotAsked,
}

/// <summary>What one attempt to reach something saw.</summary>
/// <param name="Result">What became of it.</param>
/// <param name="LatencyMs">Time until then, in milliseconds.</param>
/// <param name="AnsweredBy">The pod that answered, as <c>NAMESPACE/POD</c>, where it said so; for <see cref="ProbeResult.NotAsked"/> why.</param>
/// <param name="Body">The beginning of an HTTP answer.</param>
public sealed partial record Observation(ProbeResult Result, double LatencyMs, string? AnsweredBy, string? Body = null)
{
    /// <summary>What became of it, in words.</summary>
    public string Meaning => ReachabilityGrid.MeaningOf(Result);

    /// <summary>It was reached.</summary>
    public bool IsOpen => Result == ProbeResult.Open;

    /// <summary>It was not reached, in a way in which a network denies.</summary>
    public bool IsShut => Result is ProbeResult.Refused or ProbeResult.TimedOut or ProbeResult.Unreachable;

    /// <summary>What a report of <c>fleet probe</c> says.</summary>
    /// <param name="report">The report.</param>
    /// <param name="owner">Who must answer; null for anybody. A server that does not say who it is, is not the right one.</param>
    internal static Observation Of(JsonNode report, string? owner)
    {
        var who = (string?)report["servedBy"] ?? (Whoami().Match((string?)report["body"] ?? "") is { Success: true } m ? $"{m.Groups[2].Value}/{m.Groups[1].Value}" : null);
        var result = (string)report["result"]! switch
        {
            "open" => owner is null || who == owner ? ProbeResult.Open : ProbeResult.SomebodyElse,
            "refused" => ProbeResult.Refused,
            "timeout" => ProbeResult.TimedOut,
            "unreachable" => ProbeResult.Unreachable,
            "unresolved" => ProbeResult.Unresolved,
            _ => ProbeResult.CutOff,
        };
        return new(result, (double)report["latencyMs"]!, who, (string?)report["body"]);
    }

    [GeneratedRegex("""^\{"pod":"([^"]*)","namespace":"([^"]*)",""")]
    private static partial Regex Whoami();
}
