namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>What an exporter has of its node beyond the one folder that it needs, read from its pod.</summary>
public static class ExporterAudit
{
    /// <summary>The folder with the kubelet's socket.</summary>
    public const string NeededFolder = "/var/lib/kubelet/pod-resources";

    /// <summary>All that is wrong with a pod, in a feature's words: each continues "it ...".</summary>
    public static IReadOnlyList<string> Findings(JsonNode of)
    {
        var pod = of["spec"]!;
        return [.. OfPod(pod), .. Containers(pod).SelectMany(c => OfContainer(c, (bool?)pod["hostNetwork"] == true)), .. OfFolders(pod)];
    }

    private static IEnumerable<string> OfPod(JsonNode pod)
    {
        foreach (var (field, what) in (IEnumerable<(string, string)>)[("hostNetwork", "network"), ("hostPID", "process table"), ("hostIPC", "shared memory")])
        {
            if ((bool?)pod[field] == true)
                yield return $"has the {what} of the node";
        }

        if ((bool?)pod["automountServiceAccountToken"] != false)
            yield return "has a token of its account";
    }

    private static IEnumerable<string> OfContainer(JsonNode container, bool isTheNode)
    {
        // With the node's network the API server makes every port one of the node: that is one finding, not two.
        foreach (var port in (container["ports"]?.AsArray() ?? []).Where(p => !isTheNode && (int?)p!["hostPort"] > 0))
            yield return $"has port {(int)port!["hostPort"]!} of the node";
        var security = container["securityContext"];
        if ((bool?)security?["privileged"] == true)
            yield return "is privileged";
        foreach (var capability in security?["capabilities"]?["add"]?.AsArray() ?? [])
            yield return $"has the capability {(string)capability!}";
        if ((security?["capabilities"]?["drop"]?.AsArray() ?? []).All(c => (string?)c != "ALL"))
            yield return "keeps the default capabilities";
    }

    private static IEnumerable<string> OfFolders(JsonNode pod)
    {
        foreach (var volume in (pod["volumes"]?.AsArray() ?? []).Where(v => v!["hostPath"] is not null))
        {
            var path = (string)volume!["hostPath"]!["path"]!;
            if (path != NeededFolder)
                yield return $"has the folder {path} of the node";
            else if (Containers(pod).SelectMany(c => c["volumeMounts"]?.AsArray() ?? []).Any(m => (string?)m!["name"] == (string?)volume["name"] && (bool?)m["readOnly"] != true))
                yield return $"may write the folder {path} of the node";
        }
    }

    private static IEnumerable<JsonNode> Containers(JsonNode pod) =>
        (pod["initContainers"]?.AsArray() ?? []).Concat(pod["containers"]!.AsArray()).Select(c => c!);
}
