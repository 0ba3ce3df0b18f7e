namespace SecuritySpecs.PlatformAudit;

/// <summary>Pod Security of tenants' namespaces, and what their pods have of the node.</summary>
internal static class PodChecks
{
    /// <summary>The label of a namespace that names its level.</summary>
    public const string Enforce = "pod-security.kubernetes.io/enforce";

    private const int SinceMinor = 23;
    private const string NodeIsReached = "Whoever runs a command in it can reach the node, and every tenant's pods there.";
    private static readonly string[] OfTheNode = ["hostNetwork", "hostPID", "hostIPC"];

    // What Pod Security "baseline" lets a container have beside what its runtime gives it.
    private static readonly HashSet<string> Harmless =
    [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ];

    public static IEnumerable<AuditFinding> Find(ClusterObjects cluster, AuditRules rules) =>
        cluster.Tenants.SelectMany(t => Level(cluster, t)).Concat(cluster.OfTenants(ClusterObjects.Pods).SelectMany(Pod));

    /// <summary>Whether a level forbids anything: none, and "privileged", do not.</summary>
    public static bool IsLevel(string? level) => level is "baseline" or "restricted";

    private static IEnumerable<AuditFinding> Level(ClusterObjects cluster, string tenant)
    {
        var level = cluster.Rbac.Namespaces.GetValueOrDefault(tenant)?.GetValueOrDefault(Enforce);
        if (cluster.Minor < SinceMinor)
            yield return Open($"Kubernetes {cluster.Version} has no Pod Security admission", "a policy engine, or Kubernetes 1.23 and later");
        else if (!IsLevel(level))
            yield return Open(level is null ? "enforces no level of Pod Security" : $"enforces Pod Security \"{level}\"", $"kubectl label namespace {tenant} {Enforce}=restricted --overwrite");

        AuditFinding Open(string problem, string fix) =>
            new("pod-security", Severity.Critical, $"Namespace {tenant}", problem, "The tenant can run a privileged pod or mount the node's disk, and so gets every tenant's data on that node.", fix);
    }

    private static IEnumerable<AuditFinding> Pod(JsonNode pod)
    {
        var spec = pod["spec"]!;
        foreach (var field in OfTheNode.Where(f => (bool?)spec[f] == true))
            yield return Has(field);
        foreach (var path in ClusterObjects.Items(spec["volumes"]).Select(v => (string?)v["hostPath"]?["path"]).OfType<string>())
            yield return Has($"the folder {path} of the node");
        foreach (var container in ClusterObjects.Containers(spec))
        {
            if ((bool?)container["securityContext"]?["privileged"] == true)
                yield return Has($"the privileged container {container["name"]}");
            var added = ClusterObjects.Items(container["securityContext"]?["capabilities"]?["add"]).Select(c => (string)c!).Where(c => !Harmless.Contains(c)).ToList();
            if (added.Count > 0)
                yield return Has($"the capabilities {string.Join(", ", added)} in container {container["name"]}", Severity.High, "Some capabilities are enough to leave the container.");
            foreach (var port in ClusterObjects.Items(container["ports"]).Select(p => (int?)p["hostPort"] ?? 0).Where(p => p > 0 && (bool?)spec["hostNetwork"] != true))
                yield return Has(FormattableString.Invariant($"port {port} of the node"), Severity.Medium, "Some network plugins let calls to such a port pass every NetworkPolicy.");
        }

        AuditFinding Has(string what, Severity severity = Severity.Critical, string allows = NodeIsReached) =>
            new("pod-security", severity, ClusterObjects.Origin(pod), $"has {what}", allows, "remove it from the workload's template, and enforce Pod Security \"restricted\"");
    }
}
