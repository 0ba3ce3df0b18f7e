using YamlDotNet.RepresentationModel;

namespace SecuritySpecs.Cluster;

/// <summary>
/// What it takes to run a Prometheus that was built without Kubernetes discovery, which Debian's is: a container beside it that finds
/// the same targets with the same account and hands them over in files (<c>fleet prometheus-targets</c>).
/// </summary>
internal static class FileDiscovery
{
    private const string Folder = "/targets";
    private const string Volume = "targets";
    private const string Kubernetes = "kubernetes_sd_configs";

    /// <summary>Turns every <c>kubernetes_sd_configs</c> of workloads/prometheus.yaml into files.</summary>
    public static void ApplyTo(Manifest manifest, RunOptions options)
    {
        var data = manifest.Objects.Single(o => (string?)o["kind"] == "ConfigMap")["data"]!;
        var yaml = new YamlStream();
        yaml.Load(new StringReader((string)data["prometheus.yml"]!));
        var jobs = new List<string>();
        foreach (var job in ((YamlSequenceNode)yaml.Documents[0].RootNode["scrape_configs"]).Children.Cast<YamlMappingNode>())
        {
            var name = ((YamlScalarNode)job["job_name"]).Value!;
            jobs.Add($"{name}={Word(((YamlSequenceNode)job[Kubernetes]).Children.Single())}");
            job.Children.Remove(Kubernetes);
            job.Add("file_sd_configs", new YamlSequenceNode(new YamlMappingNode("files", new YamlSequenceNode($"{Folder}/{name}.json"))));
        }

        using var text = new StringWriter();
        yaml.Save(text, assignAnchors: false);
        data["prometheus.yml"] = text.ToString().Replace("\n...", "", StringComparison.Ordinal);
        Join(manifest.Objects.Single(o => (string?)o["kind"] == "Deployment")["spec"]!["template"]!["spec"]!.AsObject(), jobs, options.FleetImage!);
    }

    // As fleet prometheus-targets takes it.
    private static string Word(YamlNode discovery)
    {
        if (discovery is not YamlMappingNode map || !map.Children.ContainsKey("selectors") || (((YamlScalarNode)map["role"]).Value != "node" && !map.Children.ContainsKey("namespaces")))
            throw new EnvironmentException("workloads/prometheus.yaml: a Prometheus without Kubernetes discovery, as Debian's is, needs a selector for each target, and a namespace for pods");
        var selector = ((YamlScalarNode)discovery["selectors"][0]["label"]).Value;
        return ((YamlScalarNode)discovery["role"]).Value == "node" ? $"node::{selector}" : $"pod:{((YamlScalarNode)discovery["namespaces"]["names"][0]).Value}:{selector}";
    }

    private static void Join(JsonObject pod, IEnumerable<string> jobs, string image)
    {
        var prometheus = pod["containers"]![0]!;
        prometheus["volumeMounts"]!.AsArray().Add(new JsonObject { ["name"] = Volume, ["mountPath"] = Folder, ["readOnly"] = true });
        pod["volumes"]!.AsArray().Add(new JsonObject { ["name"] = Volume, ["emptyDir"] = new JsonObject() });
        pod["containers"]!.AsArray().Add(new JsonObject
        {
            ["name"] = "targets", ["image"] = image, ["imagePullPolicy"] = "IfNotPresent",
            ["args"] = new JsonArray(["prometheus-targets", "--dir", Folder, .. jobs.Select(j => JsonValue.Create(j))]),
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["cpu"] = "10m", ["memory"] = "32Mi" }, ["limits"] = new JsonObject { ["memory"] = "128Mi" } },
            ["securityContext"] = prometheus["securityContext"]!.DeepClone(),
            ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = Volume, ["mountPath"] = Folder }),
        });
    }
}
