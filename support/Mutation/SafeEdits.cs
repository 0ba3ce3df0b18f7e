using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Mutation;

/// <summary>Edits that change a file and not what it means. A scenario that fails with one of them judges the text and not the control.</summary>
public static class SafeEdits
{
    private static readonly (string File, string Name, Action<List<JsonObject>> Edit)[] Table =
    [
        ("controls/gpu-quota.yaml", "no-comments", _ => { }),
        ("controls/default-deny.yaml", "no-comments", _ => { }),
        ("controls/tenant.yaml", "verbs-in-another-order", o => Each(o, "verbs", Reverse)),
        ("controls/tenant.yaml", "rules-in-another-order", o => Each(o, "rules", Reverse)),
        ("controls/tenant.yaml", "a-rule-for-each-resource", o => Each(o, "rules", OneForEachResource)),
        ("controls/tenant.yaml", "an-annotation-more", o => o[0]["metadata"]!["annotations"] = new JsonObject { ["example.com/owner"] = "team-a" }),
        ("controls/personas.yaml", "resources-in-another-order", o => Each(o, "resources", Reverse)),
        ("controls/personas.yaml", "objects-in-another-order", o => o.Reverse(1, o.Count - 1)),
        ("controls/default-deny.yaml", "objects-in-another-order", o => o.Reverse()),
        ("controls/default-deny.yaml", "labels-as-expressions", o => o.ForEach(AsExpressions)),
        ("controls/network-isolation.yaml", "another-name", o => o[0]["metadata"]!["name"] = "tenant-isolation"),
        ("controls/network-isolation.yaml", "empty-selector-in-long-form", o => o[0]["spec"]!["podSelector"] = new JsonObject { ["matchLabels"] = new JsonObject() }),
        ("controls/egress.yaml", "ports-in-another-order", o => Each(o, "ports", Reverse)),
        ("controls/egress.yaml", "rules-in-another-order", o => Each(o, "egress", Reverse)),
        ("controls/egress-internet.yaml", "exceptions-in-another-order", o => Each(o, "except", Reverse)),
        ("controls/egress-internet.yaml", "an-exception-inside-another", o => Each(o, "except", e => e.Add("10.1.0.0/16"))),
        ("controls/inference-endpoint.yaml", "types-in-another-order", o => Each(o, "policyTypes", Reverse)),
        ("controls/priority-class.yaml", "a-higher-value", o => o[0]["value"] = 200000),
        ("controls/compute-quota.yaml", "quantities-in-other-units", o =>
        {
            o[0]["spec"]!["hard"]!["requests.cpu"] = "2000m";
            o[0]["spec"]!["hard"]!["requests.memory"] = "4096Mi";
        }),
        ("controls/object-quota.yaml", "keys-in-another-order", o => Backwards(o[0]["spec"]!["hard"]!.AsObject())),
        ("controls/gpu-limit-range.yaml", "limits-in-another-order", o => Each(o, "limits", Reverse)),
        ("controls/policy-window.yaml", "types-in-another-order", o => Each(o, "policyTypes", Reverse)),
        ("controls/pod-security.yaml", "a-label-more", o => o[0]["metadata"]!["labels"]!["example.com/cost-centre"] = "42"),
        ("controls/gpu-only-through-a-request.yaml", "operations-in-another-order", o => Each(o, "operations", Reverse)),
        ("workloads/model-server.yaml", "variables-in-another-order", o => Each(o, "env", Reverse)),
        ("workloads/dcgm-exporter.yaml", "no-comments", _ => { }),
    ];

    /// <summary>All of them.</summary>
    /// <exception cref="InvalidOperationException">One changes nothing.</exception>
    public static IReadOnlyList<Mutant> All(string fixtures) => [.. Table.Select(row => Of(row.File, row.Name, row.Edit, TextFile.Read(Path.Combine(fixtures, row.File), row.File)))];

    private static Mutant Of(string file, string name, Action<List<JsonObject>> edit, string text)
    {
        var objects = YamlReader.All(file, text);
        // Written anew the file has lost its comments: the edit without further changes.
        var before = name == "no-comments" ? text : YamlWriter.Write(objects);
        edit(objects);
        return Mutants.Mutated(file, "must-survive", name, before, objects) with { MustSurvive = true };
    }

    private static void Each(List<JsonObject> objects, string list, Action<JsonArray> edit)
    {
        foreach (var found in objects.SelectMany(o => o.Maps()).Select(m => m[list]).OfType<JsonArray>().ToList())
            edit(found);
    }

    private static void Reverse(JsonArray list)
    {
        var items = list.Reverse().Select(i => i!.DeepClone()).ToList();
        list.Clear();
        items.ForEach(list.Add);
    }

    private static void Backwards(JsonObject map)
    {
        var fields = map.Reverse().Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone())).ToList();
        map.Clear();
        fields.ForEach(f => map.Add(f));
    }

    private static void OneForEachResource(JsonArray rules)
    {
        var many = rules.Objects().SelectMany(rule => rule["resources"].Items().Select(resource =>
        {
            var one = rule.DeepClone();
            one["resources"] = new JsonArray(resource.DeepClone());
            return one;
        })).ToList();
        rules.Clear();
        many.ForEach(rules.Add);
    }

    private static void AsExpressions(JsonObject @object)
    {
        foreach (var selector in @object.Maps().Where(m => m["matchLabels"] is not null).ToList())
        {
            var labels = selector["matchLabels"]!.AsObject().ToList();
            selector.Remove("matchLabels");
            selector["matchExpressions"] = new JsonArray([.. labels.Select(l => new JsonObject { ["key"] = l.Key, ["operator"] = "In", ["values"] = new JsonArray(l.Value!.ToString()) })]);
        }
    }
}
