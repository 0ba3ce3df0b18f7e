namespace SecuritySpecs.Reports.Formats;

/// <summary>A ClusterReport of openreports.io/v1alpha1: a result a control. Inconclusive, not provided and partial are "skip", simulated is "warn".</summary>
public static class OpenReport
{
    /// <summary>The object.</summary>
    public static string Render(Posture posture)
    {
        int Count(string result) => posture.Controls.Count(c => ResultOf(c.Status) == result);
        return JsonText.Of(new JsonObject
        {
            ["apiVersion"] = "openreports.io/v1alpha1",
            ["kind"] = "ClusterReport",
            ["metadata"] = new JsonObject { ["name"] = "security-specs", ["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = "security-specs" } },
            ["source"] = "security-specs",
            ["summary"] = new JsonObject { ["pass"] = Count("pass"), ["fail"] = Count("fail"), ["warn"] = Count("warn"), ["error"] = Count("error"), ["skip"] = Count("skip") },
            ["results"] = new JsonArray([.. posture.Controls.Select(c => Result(c, posture.Run.EndedAt))]),
        });
    }

    private static JsonObject Result(ControlResult control, DateTimeOffset at) => new()
    {
        ["policy"] = control.Id, ["category"] = control.Section, ["result"] = ResultOf(control.Status), ["scored"] = control.Status is ControlStatus.Proven or ControlStatus.Failed,
        ["message"] = $"{control.Title}: {Wording.Of(control.Status).ToLowerInvariant()} ({Wording.Counts(control)})",
        ["timestamp"] = new JsonObject { ["seconds"] = at.ToUnixTimeSeconds(), ["nanos"] = 0 },
        ["properties"] = new JsonObject { ["status"] = Wording.Of(control.Status).ToLowerInvariant(), ["frameworks"] = string.Join(", ", control.Frameworks.SelectMany(f => f.Value)) },
    };

    private static string ResultOf(ControlStatus status) => status switch
    {
        ControlStatus.Proven => "pass",
        ControlStatus.Failed => "fail",
        ControlStatus.Simulated => "warn",
        _ => "skip",
    };
}
