namespace SecuritySpecs.Mutation.Operators;

/// <summary>Mistakes in the arguments and the configuration of the programs that serve metrics and models.</summary>
internal static class ProgramMistakes
{
    private const string Prometheus = "prometheus.yml";
    private static readonly string[] Workloads = ["Deployment", "DaemonSet", "Pod"];
    private static readonly string[] Configurations = ["ConfigMap"];
    private static readonly string[] Flags = ["--web.enable-lifecycle", "--web.enable-admin-api", "--web.enable-remote-write-receiver"];

    /// <summary>The operators.</summary>
    public static IEnumerable<MutationOperator> All =>
    [
        new("add-flag", Workloads, "Adds a flag to Prometheus.", "A reload without a restart, a series to be deleted, an agent that pushes. All three are open to whoever reaches the port.",
            o => Arguments(o).Where(a => a.Items().Any(i => i.ToString().StartsWith("--storage.tsdb", StringComparison.Ordinal))).SelectMany(a => Flags.Select(f => Change.Add(a, f)))),
        new("open-switch", Workloads, "Opens the exporter's switch for drills to everybody.", "The lesson's exporter is so.",
            o => Arguments(o).SelectMany(a => a.Items()).Where(i => i.ToString() == "--scenario=token").Select(i => Change.Replace(i, "--scenario=open"))),
        new("drop-argument", Workloads, "Takes an argument of the model server away.", "It looks like a default.",
            o => Arguments(o).SelectMany(a => a.Items()).Where(i => i.ToString() is "--limits=/limits" or "--keys=/keys" or "--slots=2" or "--queue=32").Select(Change.Drop)),
        new("trusting-fetch", Workloads, "Has the init container take whatever model it gets.", "The registry was moved, and nothing verified any more.",
            o => Fetches(o).Select(a => Change.Add(a, "--unverified"))),
        new("tag-for-digest", Workloads, "Names a model by its tag.", "A digest cannot be read, and the tag is the newest. Whoever owns the name moves it.",
            o => Fetches(o).Select(a => a[1]!).Select(m => Change.Replace(m, m.ToString().Split('@')[0] + "@main"))),
        new("any-owner", Workloads, "Allows the models of every owner.", "A second team's models were needed, too.",
            o => Fetches(o).SelectMany(a => a.Items()).Where(i => i.ToString().StartsWith("--allow=", StringComparison.Ordinal))
                .Select(i => Change.Replace(i, i.ToString()[..(i.ToString().TrimEnd('/').LastIndexOf('/') + 1)]))),
        new("long-deadline", Workloads, "Waits an hour for a model.", "The largest model took longer once.",
            o => Fetches(o).SelectMany(a => a.Items()).Where(i => i.ToString().StartsWith("--deadline=", StringComparison.Ordinal)).Select(i => Change.Replace(i, "--deadline=3600"))),
        new("drop-setting", Configurations, "Takes a setting out of a ConfigMap.", "It looks like a default.", o => Settings(o).Select(Change.Drop)),
        new("raise-setting", Configurations, "Raises a number of a ConfigMap.", "A client had reached the limit.", o => Settings(o).Where(IsNumber).Select(s => Change.Replace(s, "1" + s))),
        new("other-counting", Configurations, "Counts by the address that a client says that it has.", "Behind a proxy all clients have one address. X-Forwarded-For says the real one, or any other.",
            o => o["data"].At("counted-by") is { } by ? [Change.Replace(by, "x-forwarded-for")] : []),
        new("honor-labels", Configurations, "Lets a target name itself.", "exported_namespace looks ugly in a dashboard. A target can then pass itself off as another one.",
            o => Inside(o, "honor-labels", c => Jobs(c).Where(j => j["honor_labels"] is not null), j => j["honor_labels"] = true)),
        new("any-scraped-namespace", Configurations, "Looks for targets in every namespace.", "The exporters may move.",
            o => Inside(o, "namespaces", c => Discoveries(c).Where(d => d["namespaces"] is not null), d => d.Remove("namespaces"))),
        new("any-scraped-target", Configurations, "Looks for targets without a selector.", "A label was renamed.",
            o => Inside(o, "selectors", c => Discoveries(c).Where(d => d["selectors"] is not null), d => d.Remove("selectors"))),
        new("all-series", Configurations, "Keeps every series.", "One never knows what will be needed.", o => Inside(o, "metric_relabel_configs",
            c => Jobs(c).Where(j => j["metric_relabel_configs"] is not null), j => j.Remove("metric_relabel_configs"))),
        new("no-token", Configurations, "Asks without a token.", "It works in the test cluster, whose kubelets ask nobody.",
            o => Inside(o, "authorization", c => Jobs(c).Where(j => j["authorization"] is not null), j => j.Remove("authorization"))),
        new("through-the-proxy", Configurations, "Scrapes the kubelets through the API server's proxy.", "Prometheus' own example did so for years. It takes nodes/proxy, the right to run commands in every pod.",
            o => Inside(o, "proxy", c => Jobs(c).Where(j => (string?)j["job_name"] == "kubelet"), ThroughTheProxy)),
        new("old-configuration", Configurations, "Drops a relabelling of targets.", "It looks like decoration.", o => Inside(o, "relabel_configs",
            c => Jobs(c).SelectMany(j => j["relabel_configs"].Objects()), r => Places.Remove(r))),
    ];

    private static IEnumerable<JsonArray> Arguments(JsonObject o) => PodMistakes.Containers(o).Select(c => c["args"]).OfType<JsonArray>();

    private static IEnumerable<JsonArray> Fetches(JsonObject o) => Arguments(o).Where(a => a[0]!.ToString() == "model-fetch");

    private static IEnumerable<JsonNode> Settings(JsonObject o) => o["data"].Values().Where(v => v.Parent![Prometheus] is null);

    private static bool IsNumber(JsonNode setting) => int.TryParse(setting.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static IEnumerable<JsonObject> Jobs(JsonNode configuration) => configuration["scrape_configs"].Objects();

    private static IEnumerable<JsonObject> Discoveries(JsonNode configuration) => Jobs(configuration).SelectMany(j => j["kubernetes_sd_configs"].Objects());

    // The configuration is a text in a text.
    private static IEnumerable<Change> Inside(JsonObject o, string what, Func<JsonNode, IEnumerable<JsonObject>> where, Action<JsonObject> change)
    {
        if (o["data"].At(Prometheus) is not { } text)
            yield break;
        var count = where(YamlReader.One(text.ToString())).Count();
        for (var n = 0; n < count; n++)
        {
            var configuration = YamlReader.One(text.ToString());
            var place = where(configuration).ElementAt(n);
            yield return new($"{Places.Of(text)}:{Places.Of(place)}.{what}", () =>
            {
                change(place);
                text.ReplaceWith(YamlWriter.Write(configuration));
            });
        }
    }

    private static void ThroughTheProxy(JsonObject job)
    {
        job.Remove("metrics_path");
        job["relabel_configs"] = new JsonArray(
            new JsonObject { ["target_label"] = "__address__", ["replacement"] = "kubernetes.default.svc:443" },
            new JsonObject
            {
                ["source_labels"] = new JsonArray("__meta_kubernetes_node_name"), ["target_label"] = "__metrics_path__",
                ["replacement"] = "/api/v1/nodes/$1/proxy/metrics/resource",
            });
    }
}
