using SecuritySpecs.PlatformAudit;

namespace SecuritySpecs.Reports.Formats;

/// <summary>The findings of an audit as SARIF 2.1.0: a result a finding, at the object that it is about.</summary>
public static class AuditSarif
{
    /// <summary>The document.</summary>
    public static string Render(AuditResult audit, Catalogue catalogue)
    {
        var rules = audit.Findings.Select(f => f.Control).Distinct().Order(StringComparer.Ordinal).ToList();
        return SarifReport.Document([.. rules.Select(id => Rule(catalogue.Rows.Single(r => r.Id == id)))], [.. audit.Findings.Select(f => Result(f, rules.IndexOf(f.Control)))],
            new JsonObject { ["executionSuccessful"] = true, ["endTimeUtc"] = JsonText.Time(audit.At) }, new JsonObject { ["findings"] = audit.Findings.Count, ["accepted"] = audit.Accepted, ["notJudged"] = new JsonArray([.. audit.NotJudged.Select(s => JsonValue.Create(s))]) }, "SecuritySpecs audit/");
    }

    private static JsonObject Rule(CatalogueRow row) => SarifReport.Rule(row.Id, row.Title, row.Impact, row.Frameworks.SelectMany(f => f.Value));

    // A place in no file: GitHub wants one all the same.
    private static JsonObject Result(AuditedFinding finding, int rule) => new()
    {
        ["ruleId"] = finding.Control, ["ruleIndex"] = rule, ["level"] = finding.Severity switch { Severity.Critical or Severity.High => "error", Severity.Medium => "warning", _ => "note" },
        ["message"] = SarifReport.Message($"{finding.Target}: {finding.Problem}. {finding.Allows} Fix: {finding.Fix}"),
        ["locations"] = new JsonArray(new JsonObject
        {
            ["physicalLocation"] = new JsonObject { ["artifactLocation"] = new JsonObject { ["uri"] = "cluster/" + Uri.EscapeDataString(finding.Target.Replace(' ', '/')).Replace("%2F", "/", StringComparison.Ordinal) }, ["region"] = new JsonObject { ["startLine"] = 1 } },
            ["logicalLocations"] = new JsonArray(new JsonObject { ["fullyQualifiedName"] = finding.Target, ["kind"] = "object" }),
        }),
        ["partialFingerprints"] = new JsonObject { ["finding/v1"] = finding.Fingerprint },
    };
}
