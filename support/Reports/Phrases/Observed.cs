namespace SecuritySpecs.Reports.Phrases;

/// <summary>What a scenario may show of a control, as CONTRIBUTING's "What a proof must keep" calls it.</summary>
public enum Shown
{
    /// <summary>Beside a denial, another attempt succeeds.</summary>
    Allowed,

    /// <summary>An attempt is denied, and the step says by what, or its binding asserts code, reason and name.</summary>
    Denied,

    /// <summary>An attempt that is denied at one moment succeeds at another, after something about the control was changed.</summary>
    Exposed,

    /// <summary>An attempt that succeeded is denied later, after something about the control was changed.</summary>
    Closed,
}

/// <summary>Reads from the steps of a scenario what it shows.</summary>
public static class Observed
{
    // The group "what" is the attempt. Without it the step is about the attempt of the last When.
    private static readonly string[] Denials =
    [
        """^(?<what>.+?) (cannot|can no longer) (?<what>.+)$""",
        """^(?<what>.+) (is|are) refused(?<what> for tenant "[^"]*")? by (?!the model server)""",
        """^(?<what>.+) is refused by (?<what>the model server of tenant "[^"]*")""",
        """^(?<what>a flood .+) (is cut off by|does not starve|finds the rate of the key used up)""",
        """^the request is denied in """,
        """^the job fails because (it exceeds its cap|no HAMi scheduler placed it)""",
        """^the kubelet turns (the pod away|tenant)""",
        """^admission refuses it for """,
        """^the DCGM exporter (?<what>refuses the alarm)""",
        """^nobody beyond the declared owners can (?<what>.+)$""",
        """^the audit finds no credential(?<what> of tenant "[^"]*")""",
        """^the model server of tenant "[^"]*" does not start, and its status says """,
        """^control .+, applied .+ cuts off only (?<what>.+), within""",
        """^(?<what>.+) rejects the token""",
    ];

    private static readonly string[] Successes =
    [
        """^the analysis finds that .+ can (?<what>.+?)( in the .+)?$""",
        """^(?<what>.+?) can (?<what>.+)$""",
        """^(?<what>.+) (is|are) admitted(?<what> for tenant "[^"]*")?""",
        """^(?<what>.+) is answered by (?<what>the model server of tenant "[^"]*")""",
        """^(?<what>a flood .+) (is answered in full|starves)""",
        """^the (request is allowed|(label|annotation|image) is accepted|job holds )""",
        """^the model server of tenant "[^"]*" (serves|has the attacker's mark|still waits)""",
        """^the pod (lands on|runs|of tenant "[^"]*" runs)""",
        """^the audit finds the "[^"]*"(?<what> of tenant "[^"]*")""",
        """^(?<what>.+) accepts the token""",
    ];

    // Of a table: the heading of the column that decides, and what it says where the attempt succeeds.
    private static readonly Dictionary<string, string> Columns =
        new() { ["allowed"] = "yes", ["verdict"] = "allowed", ["reached"] = "always", ["status"] = "200" };

    // Whens that try something, or only make room, and change nothing about the control.
    private static readonly Regex Attempt =
        new("""^tenant "[^"]*" (submits|runs|tries to|adds a toleration)|^the pods of all tenants are removed|finish""");

    // A When that tries something by what it makes of the control: as it is, or with a mistake.
    private static readonly Regex Deployment = new("""^(?<what>tenant "[^"]*" serves .+?)( without the verification)?$""");

    private static readonly string[] Pronouns = ["the pod", "the label", "the annotation", "the image"];

    /// <summary>The patterns of the steps.</summary>
    public static IEnumerable<string> Patterns => Denials.Concat(Successes);

    /// <summary>What each scenario shows, by its file and its line; an example of an outline is one by itself.</summary>
    public static IReadOnlyDictionary<(string Feature, int Line), IReadOnlySet<Shown>> ByScenario(IEnumerable<FeatureStep> steps) =>
        steps.GroupBy(s => (s.File, s.ScenarioLine)).ToDictionary(s => s.Key, IReadOnlySet<Shown> (s) => Of(s).ToHashSet());

    /// <summary>Whether a step says that something is denied.</summary>
    public static bool IsDenial(FeatureStep step) => Read(step, "").Any(o => o.Denied);

    private static IEnumerable<Shown> Of(IEnumerable<FeatureStep> scenario)
    {
        var seen = new List<(string What, bool Denied, int Change)>();
        var (attempt, changes) = ("", 0);
        foreach (var step in scenario)
        {
            if (step.Keyword == "Then")
                seen.AddRange(Read(step, attempt).Select(o => (o.What, o.Denied, changes)));
            else if (Deployment.Match(step.Text) is { Success: true } deployed)
                (attempt, changes) = (deployed.Groups["what"].Value, changes + 1);
            else if (Attempt.IsMatch(step.Text))
                attempt = step.Text.Replace(" tries to ", " ", StringComparison.Ordinal);
            else
                changes++;
        }

        var denied = seen.Where(o => o.Denied).ToLookup(o => o.What);
        if (denied.Count == 0)
            yield break;
        yield return Shown.Denied;
        if (seen.Exists(o => !o.Denied && !denied.Contains(o.What)))
            yield return Shown.Allowed;
        if (seen.Exists(o => !o.Denied && denied[o.What].Any(d => d.Change != o.Change)))
            yield return Shown.Exposed;
        if (seen.Exists(o => !o.Denied && denied[o.What].Any(d => d.Change > o.Change)))
            yield return Shown.Closed;
    }

    private static IEnumerable<(string What, bool Denied)> Read(FeatureStep step, string attempt)
    {
        if (step.Cells is [var heading, ..] && heading.FirstOrDefault(Columns.ContainsKey) is { } column)
            return Rows(step, heading, column);
        if (What(Denials, step.Text, attempt) is { } denied)
            return [(denied, true)];
        return What(Successes, step.Text, attempt) is { } what ? [(what, false)] : [];
    }

    // A connection that is closed says nothing where none is open at the same moment.
    private static IEnumerable<(string What, bool Denied)> Rows(FeatureStep step, IReadOnlyList<string> heading, string column)
    {
        var at = heading.ToList().IndexOf(column);
        var rows = step.Cells!.Skip(1)
            .Select(r => (What: $"{step.Text} {string.Join(' ', r.Take(at))}", Denied: r[at] != Columns[column])).ToList();
        return rows.Where(r => !r.Denied || column != "allowed" || rows.Exists(o => !o.Denied));
    }

    private static string? What(string[] patterns, string text, string attempt)
    {
        if (patterns.Select(p => Regex.Match(text, p, RegexOptions.ExplicitCapture)).FirstOrDefault(m => m.Success) is not { } match)
            return null;
        var what = string.Join(' ', match.Groups["what"].Captures.Select(c => c.Value));
        return what.Length == 0 || Pronouns.Contains(what) ? attempt : what;
    }
}
