namespace SecuritySpecs.FleetProgram.Metrics;

/// <summary><c>fleet prometheus-targets</c>: Kubernetes discovery for a Prometheus that was built without it, as Debian's is.</summary>
internal sealed class PrometheusTargetsRole : Role
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    public override string Name => "prometheus-targets";

    public override string Summary => "find Prometheus' targets in the API and write them where its file discovery looks";

    public override IReadOnlyCollection<string> Options => ["--dir", KubeClient.Option];

    public override string Help =>
        $"""
        Usage: fleet prometheus-targets --dir DIR JOB=pod:NAMESPACE:SELECTOR|JOB=node::SELECTOR ...

        Writes DIR/JOB.json for file_sd_configs, now and after every change: the ports of the pods of a namespace, or the kubelets of
        nodes, that carry the labels of SELECTOR. The labels are those of kubernetes_sd_configs (__meta_kubernetes_...), as far as
        they are about name, namespace, node, port and labels. Takes the right to list and watch just that. Runs until SIGTERM.

          --dir DIR  the folder that Prometheus reads
          {KubeClient.Option} URL  the API server (default: the cluster that this pod is in)
        """;

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var directory = arguments.Text("--dir") ?? throw new UsageException("--dir is missing");
        var jobs = arguments.Words.Select(w => DiscoveredJob.Parse(w, directory)).ToList();
        if (jobs.Count == 0)
            throw new UsageException("say at least one JOB=pod:NAMESPACE:SELECTOR or JOB=node::SELECTOR");
        using var api = KubeClient.Open(arguments.Text(KubeClient.Option));
        await Task.WhenAll(jobs.Select(j => FollowAsync(j, api, stop)));
        return 0;
    }

    private static async Task FollowAsync(DiscoveredJob job, KubeClient api, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var list = await api.GetAsync(job.Path, stop);
                job.Write(list["items"]!.AsArray());
                await ChangeAsync(job, api, (string)list["metadata"]!["resourceVersion"]!, stop);
            }
            catch (Exception e) when (e is KubeException or HttpRequestException or IOException && !stop.IsCancellationRequested)
            {
                Log.Line(e.Message);
                await Task.Delay(s_retry, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Whatever it is: the list is read anew. There are few of them.
    private static async Task ChangeAsync(DiscoveredJob job, KubeClient api, string version, CancellationToken stop)
    {
        await foreach (var _ in api.WatchAsync($"{job.Path}&watch=true&resourceVersion={version}", stop))
            return;
    }
}

/// <summary>What one scrape job is to find.</summary>
internal sealed record DiscoveredJob(string Path, string File, bool IsAboutNodes)
{
    private string? _written;

    /// <summary>Reads a word of the command line.</summary>
    /// <exception cref="UsageException">It makes no sense.</exception>
    public static DiscoveredJob Parse(string word, string directory)
    {
        if (word.Split('=', 2) is not [{ Length: > 0 } job, var what] || what.Split(':', 3) is not [var kind, var space, { Length: > 0 } selector]
            || (kind, space) is not (("node", "") or ("pod", { Length: > 0 })))
        {
            throw new UsageException($"'{word}': expected JOB=pod:NAMESPACE:SELECTOR or JOB=node::SELECTOR");
        }
        var collection = kind == "node" ? "/api/v1/nodes" : $"/api/v1/namespaces/{space}/pods";
        return new($"{collection}?labelSelector={Uri.EscapeDataString(selector)}", System.IO.Path.Combine(directory, job + ".json"), kind == "node");
    }

    /// <summary>Writes the targets, if they are others than before.</summary>
    public void Write(JsonArray items)
    {
        var text = new JsonArray([.. items.SelectMany(i => IsAboutNodes ? OfNode(i!) : OfPod(i!))]).ToJsonString();
        if (text == _written)
            return;
        var draft = File + ".new";
        System.IO.File.WriteAllText(draft, text);
        System.IO.File.Move(draft, File, overwrite: true); // whole or not at all
        _written = text;
        Log.Line($"wrote {File}");
    }

    private static IEnumerable<JsonObject> OfPod(JsonNode pod)
    {
        if ((string?)pod["status"]?["podIP"] is not { Length: > 0 } address)
            yield break;
        foreach (var container in pod["spec"]!["containers"]!.AsArray())
        {
            foreach (var port in container!["ports"]?.AsArray() ?? [])
            {
                var labels = Labels("pod", pod);
                labels["__meta_kubernetes_namespace"] = (string)pod["metadata"]!["namespace"]!;
                labels["__meta_kubernetes_pod_node_name"] = (string?)pod["spec"]!["nodeName"] ?? "";
                labels["__meta_kubernetes_pod_container_name"] = (string)container["name"]!;
                labels["__meta_kubernetes_pod_container_port_name"] = (string?)port!["name"] ?? "";
                yield return Target(address, port["containerPort"]!, labels);
            }
        }
    }

    private static IEnumerable<JsonObject> OfNode(JsonNode node)
    {
        var address = (string?)(node["status"]?["addresses"]?.AsArray() ?? []).FirstOrDefault(a => (string?)a!["type"] == "InternalIP")?["address"];
        if (address is not null && node["status"]!["daemonEndpoints"]?["kubeletEndpoint"]?["Port"] is { } port)
            yield return Target(address, port, Labels("node", node));
    }

    private static JsonObject Target(string address, JsonNode port, JsonObject labels) => new()
    {
        ["targets"] = new JsonArray($"{(address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address)}:{port}"), ["labels"] = labels,
    };

    private static JsonObject Labels(string kind, JsonNode item)
    {
        var labels = new JsonObject { [$"__meta_kubernetes_{kind}_name"] = (string)item["metadata"]!["name"]! };
        foreach (var (name, value) in item["metadata"]!["labels"]?.AsObject() ?? [])
            labels[$"__meta_kubernetes_{kind}_label_{Sanitised(name)}"] = (string)value!;
        return labels;
    }

    // As Prometheus does it: what may not be in a label's name becomes _.
    private static string Sanitised(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
}
