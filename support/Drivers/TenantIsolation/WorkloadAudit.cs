using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Drivers.TenantIsolation;

/// <summary>What the workloads of fleet-fixtures ask of their node and of the API, by what the API server would store (a dry run).</summary>
public sealed class WorkloadAudit(ScenarioPlatform scenario)
{
    // What Kubernetes fills in where nothing is said: 0644.
    private const int DefaultMode = 420;

    private const string JobName = "job_name";
    private static readonly string[] Serving = ["Pod", "Deployment", "DaemonSet", "Service"];
    private static readonly string[] Granting = ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"];
    private static readonly string[] OpenArguments = ["--web.enable-", "--scenario=open"];
    private static readonly Dictionary<string, string> Fillings = new()
    {
        ["NAME"] = "audited", ["IMAGE"] = "audited", ["POOL"] = "a100", ["GPUS"] = "1", ["PRODUCT"] = "gpu", ["MEMORY"] = "1", ["TOKEN"] = "dG9rZW4=", ["NODE"] = "NODE",
        ["INDEX"] = "0", ["SHARES"] = "1", ["CERTIFICATE"] = "dG9rZW4=", ["KEY"] = "dG9rZW4=", ["FLEET"] = "fleet",
        ["MODELS"] = "models", ["ATTACKS"] = "8081:silent", ["REGISTRY"] = "http://registry", ["MODEL"] = "acme/llm", ["REVISION"] = "main",
        ["PUBLIC_KEY"] = "key",
    };

    /// <summary>What a workload asks for beyond Pod Security "restricted" and beyond a Service inside of the cluster, in words; empty for nothing.</summary>
    /// <param name="workload">The file under fleet-fixtures/workloads, without <c>.yaml</c>; or, where there is none, under controls.</param>
    /// <param name="tenant">In whose namespace the API server is asked.</param>
    public async Task<IReadOnlyList<string>> ExceptionsAsync(string workload, Tenant tenant)
    {
        var stored = new List<JsonNode>();
        foreach (var @object in Load(workload, tenant).Where(o => Serving.Contains((string)o["kind"]!)))
        {
            var path = $"{await scenario.Platform.Resources.CollectionAsync(@object)}?dryRun=All";
            stored.Add((await scenario.Admin.PostAsync(path, @object)).OrThrow($"fleet-fixtures/{FileOf(workload)}").Body!);
        }

        if (stored.Count == 0)
            return ["no workload at all"];
        var templates = stored.Where(o => (string)o["kind"]! != "Service").Select(o => (string)o["kind"]! == "Pod" ? o : o["spec"]!["template"]!).ToList();
        return [.. templates.SelectMany(t => OfPod(t["spec"]!)).Concat(stored.Where(o => (string)o["kind"]! == "Service").SelectMany(s => OfService(s, templates))).Distinct()];
    }

    /// <summary>The rights that the roles and bindings of a workload's file give, each with who gets it.</summary>
    public IReadOnlyList<string> Rights(string workload, Tenant tenant)
    {
        var objects = Load(workload, tenant).Where(o => Granting.Contains((string)o["kind"]!)).ToList();
        return [.. objects.Where(o => o["roleRef"] is not null).SelectMany(binding => Items(binding["subjects"]).SelectMany(subject =>
            (objects.Find(o => (string)o["kind"]! == (string)binding["roleRef"]!["kind"]! && (string)o["metadata"]!["name"]! == (string)binding["roleRef"]!["name"]!) is { } role
                ? Items(role["rules"]).SelectMany(RightsDriver.Flat) : [$"all of {binding["roleRef"]!["kind"]} {binding["roleRef"]!["name"]}"])
            .Select(right => $"{subject["kind"]} {subject["name"]}: {right}"))).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Every setting of the configuration that a workload's file has in a ConfigMap, and of when the API server asks its webhooks, as <c>PATH = VALUE</c>. A job
    /// is told by its name.
    /// </summary>
    public IReadOnlyList<string> Configuration(string workload, Tenant tenant)
    {
        var file = $"workloads/{workload}.yaml";
        var objects = Load(workload, tenant);
        var texts = objects.Where(o => (string)o["kind"]! == "ConfigMap").SelectMany(o => o["data"]!.AsObject()).Select(d => (string)d.Value!);
        return
        [
            .. texts.SelectMany(text => YamlText.Documents(file, text)).SelectMany(d => Settings("", new YamlJson(file).Of(d.RootNode))),
            .. objects.Select(o => o["webhooks"]).OfType<JsonArray>().SelectMany(w => Settings("webhooks", w)).Where(s => !s.Contains(".clientConfig.", StringComparison.Ordinal)),
        ];
    }

    private static IEnumerable<string> Settings(string path, JsonNode? node) => node switch
    {
        JsonObject map => map.Where(field => field.Key != JobName).SelectMany(field => Settings(path.Length == 0 ? field.Key : $"{path}.{field.Key}", field.Value)),
        JsonArray list when list.Any(item => item is JsonObject) => list.SelectMany((item, n) => Settings($"{path}[{(string?)item![JobName] ?? n.ToString(CultureInfo.InvariantCulture)}]", item)),
        JsonArray list => [$"{path} = {string.Join(", ", list)}"],
        _ => [$"{path} = {node}"],
    };

    /// <summary>The file of a workload, under fleet-fixtures.</summary>
    public string FileOf(string workload) =>
        $"workloads/{workload}.yaml" is var file && File.Exists(Path.Combine(scenario.Files.Folder, file)) ? file : $"controls/{workload}.yaml";

    private IReadOnlyList<JsonObject> Load(string workload, Tenant tenant) =>
        scenario.Load(FileOf(workload), new Dictionary<string, string>(Fillings) { ["NAMESPACE"] = tenant.Namespace }).Objects;

    private static IEnumerable<string> OfPod(JsonNode spec)
    {
        foreach (var field in (string[])["hostNetwork", "hostPID", "hostIPC"])
        {
            if ((bool?)spec[field] == true)
                yield return field;
        }

        if ((bool?)spec["automountServiceAccountToken"] != false)
            yield return "a token";
        if ((bool?)spec["enableServiceLinks"] != false)
            yield return "the addresses of Services";
        foreach (var container in Items(spec["initContainers"]).Concat(Items(spec["containers"])))
        {
            foreach (var exception in OfContainer(spec, container))
                yield return exception;
        }

        foreach (var filled in Filled(spec))
            yield return $"{filled}, which an init container fills, written";

        foreach (var volume in Items(spec["volumes"]).Where(v => v["secret"] is not null && ((int?)v["secret"]!["defaultMode"] & 0b111) is > 0 && (int?)v["secret"]!["defaultMode"] != DefaultMode))
            yield return $"a Secret {volume["name"]} that everybody in the pod reads";
    }

    // What was looked at before the start is to stay as it was.
    private static IEnumerable<string> Filled(JsonNode spec)
    {
        var filled = Items(spec["initContainers"]).SelectMany(Written).Select(m => (string)m["name"]!).ToHashSet();
        return Items(spec["containers"]).SelectMany(Written).Where(m => filled.Contains((string)m["name"]!)).Select(m => (string)m["mountPath"]!);
    }

    private static IEnumerable<JsonNode> Written(JsonNode container) => Items(container["volumeMounts"]).Where(m => (bool?)m["readOnly"] != true);

    private static IEnumerable<string> OfContainer(JsonNode spec, JsonNode container)
    {
        var (context, pod) = (container["securityContext"], spec["securityContext"]);
        JsonNode? Of(string field) => context?[field] ?? pod?[field];
        if ((bool?)context?["privileged"] == true)
            yield return "a privileged container";
        if ((bool?)context?["allowPrivilegeEscalation"] != false)
            yield return "gaining privileges";
        if ((bool?)Of("runAsNonRoot") != true || (int?)Of("runAsUser") == 0)
            yield return "root";
        if ((string?)Of("seccompProfile")?["type"] is not ("RuntimeDefault" or "Localhost"))
            yield return "no seccomp profile";
        if ((bool?)context?["readOnlyRootFilesystem"] != true)
            yield return "a writable root";
        if (!Items(context?["capabilities"]?["drop"]).Any(c => (string?)c == "ALL"))
            yield return "capabilities kept";
        foreach (var capability in Items(context?["capabilities"]?["add"]))
            yield return $"{capability}";
        if (container["resources"]?["limits"]?["memory"] is null)
            yield return "no memory limit";
        foreach (var port in Items(container["ports"]).Where(p => p["hostPort"] is not null && (bool?)spec["hostNetwork"] != true))
            yield return $"port {port["hostPort"]} of the node";
        foreach (var argument in Items(container["args"]).Where(a => OpenArguments.Any(o => ((string)a!).StartsWith(o, StringComparison.Ordinal))))
            yield return $"the argument {argument}";
        foreach (var mount in Items(container["volumeMounts"]))
        {
            var volume = Items(spec["volumes"]).FirstOrDefault(v => (string)v["name"]! == (string)mount["name"]!);
            var isWritten = (bool?)mount["readOnly"] != true;
            if (volume?["hostPath"] is { } folder)
                yield return $"{folder["path"]} of the node{(isWritten ? ", written" : "")}";
            else if (isWritten && volume?["emptyDir"] is null)
                yield return $"{mount["mountPath"]} written";
        }
    }

    // A Service that selects by fewer labels than its file's pods have reaches other pods, too.
    private static IEnumerable<string> OfService(JsonNode service, List<JsonNode> templates)
    {
        var spec = service["spec"]!;
        if ((string?)spec["type"] != "ClusterIP")
            yield return $"a Service of type {spec["type"]}";
        foreach (var address in Items(spec["externalIPs"]))
            yield return $"the address {address} for a Service";
        foreach (var label in templates.SelectMany(t => t["metadata"]!["labels"]!.AsObject()).Where(l => l.Key.StartsWith("app.kubernetes.io/", StringComparison.Ordinal) && spec["selector"]?[l.Key] is null))
            yield return $"a Service that does not select by {label.Key}";
    }

    private static IEnumerable<JsonNode> Items(JsonNode? list) => list is JsonArray items ? items.OfType<JsonNode>() : [];
}
