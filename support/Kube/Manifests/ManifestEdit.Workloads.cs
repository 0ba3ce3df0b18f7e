namespace SecuritySpecs.Kube.Manifests;

/// <content>Mistakes in workloads: in the file's only pod, or template of one.</content>
public sealed partial class ManifestEdit
{
    private static IEnumerable<(string Form, Action<Manifest, IReadOnlyList<string>> Change)> OfWorkloads =>
    [
        ("with the argument {string}", (m, a) => WithArguments(m, a[0])),
        ("with the arguments {string}", (m, a) => WithArguments(m, a[0].Split(' '))),
        ("with the network of the node", (m, _) => PodOf(m)["hostNetwork"] = true),
        ("with the port {string} of the node", (m, a) => Container(m)["ports"]![0]!["hostPort"] = int.Parse(a[0], System.Globalization.CultureInfo.InvariantCulture)),
        ("with the process table of the node", (m, _) => PodOf(m)["hostPID"] = true),
        ("with the folder {string} of the node", (m, a) => WithFolder(m, a[0])),
        ("with the folders of the node writable", (m, _) => Container(m)["volumeMounts"]!.AsArray().ToList().ForEach(v => v!.AsObject().Remove("readOnly"))),
        ("with the token of its account", (m, _) => PodOf(m)["automountServiceAccountToken"] = true),
        ("without the audience of its token", (m, _) => Tokens(m).ForEach(t => t.Remove("audience"))),
        ("with the capability {string}", (m, a) => Container(m)["securityContext"]!["capabilities"]!["add"] = new JsonArray(a[0])),
    ];

    private static JsonObject PodOf(Manifest manifest) => manifest.Objects.Select(o => (string?)o["kind"] == "Pod" ? o["spec"] : o["spec"]?["template"]?["spec"]).OfType<JsonObject>().FirstOrDefault()
        ?? throw new ArgumentException($"{manifest.Told} has no workload.");

    // Of a pod's volumes.
    private static List<JsonObject> Tokens(Manifest manifest) => [.. manifest.Objects.SelectMany(o => o["spec"]?["volumes"]?.AsArray() ?? [])
        .SelectMany(v => v!["projected"]?["sources"]?.AsArray() ?? []).Select(s => s!["serviceAccountToken"]).OfType<JsonObject>()];

    private static JsonObject Container(Manifest manifest) => PodOf(manifest)["containers"]![0]!.AsObject();

    // An argument of the same flag is replaced.
    private static void WithArguments(Manifest manifest, params string[] arguments)
    {
        var args = Container(manifest)["args"]!.AsArray();
        foreach (var argument in arguments)
        {
            args.RemoveAll(a => ((string)a!).Split('=')[0] == argument.Split('=')[0]);
            args.Add(argument);
        }
    }

    private static void WithFolder(Manifest manifest, string path)
    {
        PodOf(manifest)["volumes"]!.AsArray().Add(new JsonObject { ["name"] = "more", ["hostPath"] = new JsonObject { ["path"] = path } });
        Container(manifest)["volumeMounts"]!.AsArray().Add(new JsonObject { ["name"] = "more", ["mountPath"] = "/more", ["readOnly"] = true });
    }
}
