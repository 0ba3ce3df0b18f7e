using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SecuritySpecs.Kube;

/// <content>Mistakes in ValidatingAdmissionPolicies and their bindings.</content>
public sealed partial class ManifestEdit
{
    private const string InitContainers = " + (has(object.spec.initContainers) ? object.spec.initContainers : [])";

    private static IEnumerable<(string Phrase, Regex Form, Action<Manifest, GroupCollection> Change)> OfAdmission =>
    [
        ("without the variable \"V\"", WithoutVariable(), (m, a) => WithoutText(m, $"'{a[1].Value}', ", $", '{a[1].Value}'")),
        ("without the init containers", WithoutInitContainers(), (m, _) => WithoutText(m, InitContainers)),
        ("without the validation of \"TEXT\"", WithoutValidation(), (m, a) => WithoutValidationOf(m, a[1].Value)),
        ("without the resource \"R\"", WithoutResource(), (m, a) => Each(m, "resourceRules", rule => Take(rule["resources"]!.AsArray(), a[1].Value))),
        ("with the action \"Warn|Audit\"", WithAction(), (m, a) => Specs(m, "validationActions").ToList().ForEach(s => s["validationActions"] = new JsonArray(a[1].Value))),
        ("with the failure policy \"Ignore\"", WithFailurePolicy(), (m, a) => Specs(m, "failurePolicy").ToList().ForEach(s => s["failurePolicy"] = a[1].Value)),
    ];

    private static IEnumerable<JsonObject> Specs(Manifest manifest, string having) =>
        manifest.Objects.Select(o => o["spec"]).OfType<JsonObject>().Where(s => s[having] is not null);

    private static void Each(Manifest manifest, string list, Action<JsonObject> change)
    {
        foreach (var item in Specs(manifest, "matchConstraints").SelectMany(s => s["matchConstraints"]![list]!.AsArray()))
            change(item!.AsObject());
    }

    // In what the policies' variables are made of.
    private static void WithoutText(Manifest manifest, params string[] texts)
    {
        foreach (var variable in Specs(manifest, "variables").SelectMany(s => s["variables"]!.AsArray()))
            variable!["expression"] = texts.Aggregate((string)variable["expression"]!, (e, text) => e.Replace(text, "", StringComparison.Ordinal));
    }

    private static void WithoutValidationOf(Manifest manifest, string text)
    {
        foreach (var validations in Specs(manifest, "validations").Select(s => s["validations"]!.AsArray()))
            validations.RemoveAll(v => ((string)v!["expression"]!).Contains(text, StringComparison.Ordinal));
    }

    [GeneratedRegex("^without the variable \"(.+)\"$")]
    private static partial Regex WithoutVariable();

    [GeneratedRegex("^without the init containers$")]
    private static partial Regex WithoutInitContainers();

    [GeneratedRegex("^without the validation of \"(.+)\"$")]
    private static partial Regex WithoutValidation();

    [GeneratedRegex("^without the resource \"(.+)\"$")]
    private static partial Regex WithoutResource();

    [GeneratedRegex("^with the action \"(.+)\"$")]
    private static partial Regex WithAction();

    [GeneratedRegex("^with the failure policy \"(.+)\"$")]
    private static partial Regex WithFailurePolicy();
}
