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
public enum Verdict
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

    /// <summary>Another pod answered than the one that was meant.</summary>
    SomebodyElse,

    /// <summary>Silence, in a pod that was too slow to hear anything.</summary>
    Starved,

    /// <summary>The pod could not be told to try.</summary>
    NotAsked,
}

/// <summary>What one attempt to reach something saw.</summary>
/// <param name="Verdict">What became of it.</param>
/// <param name="LatencyMs">Time until then, in milliseconds.</param>
/// <param name="AnsweredBy">The pod that answered, as <c>NAMESPACE/POD</c>, where it said so; for <see cref="Verdict.NotAsked"/> why.</param>
public sealed partial record Observation(Verdict Verdict, double LatencyMs, string? AnsweredBy)
{
    /// <summary>It was reached.</summary>
    public bool IsOpen => Verdict == Verdict.Open;

    /// <summary>It was not reached, in a way in which a network denies.</summary>
    public bool IsShut => Verdict is Verdict.Refused or Verdict.TimedOut or Verdict.Unreachable;

    /// <summary>What a report of <c>fleet probe</c> says.</summary>
    /// <param name="report">The report.</param>
    /// <param name="owner">Who must answer; null for anybody. A server that does not say who it is counts as the right one.</param>
    internal static Observation Of(JsonNode report, string? owner)
    {
        var who = Whoami().Match((string?)report["body"] ?? "") is { Success: true } m ? $"{m.Groups[2].Value}/{m.Groups[1].Value}" : null;
        var verdict = (string)report["result"]! switch
        {
            "open" => owner is null || who is null || who == owner ? Verdict.Open : Verdict.SomebodyElse,
            "refused" => Verdict.Refused,
            "timeout" => Verdict.TimedOut,
            "unreachable" => Verdict.Unreachable,
            "unresolved" => Verdict.Unresolved,
            _ => Verdict.CutOff,
        };
        return new(verdict, (double)report["latencyMs"]!, who);
    }

    [GeneratedRegex("""^\{"pod":"([^"]*)","namespace":"([^"]*)",""")]
    private static partial Regex Whoami();
}
