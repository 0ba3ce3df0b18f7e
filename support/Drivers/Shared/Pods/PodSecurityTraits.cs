namespace SecuritySpecs.Drivers.Shared.Pods;

/// <content>What the levels of Pod Security judge beside the node's own namespaces and folders.</content>
public sealed partial record PodTrait
{
    private const string PodSecurityPhrases =
        "keeps to the rules|listens on a port of the node|adds the capability SYS_ADMIN|keeps the default capabilities|runs as root"
        + "|may run as root|may gain privileges|switches its seccomp filter off|names no seccomp profile|registers its own device plugin";

    private static IEnumerable<PodTrait> OfPodSecurity =>
    [
        new("keeps to the rules", _ => { }),
        new("listens on a port of the node", pod => Main(pod)["ports"] = new JsonArray(new JsonObject { ["containerPort"] = 8080, ["hostPort"] = 8080 })),
        new("adds the capability SYS_ADMIN", pod => Context(pod)["capabilities"]!["add"] = new JsonArray("SYS_ADMIN")),
        new("keeps the default capabilities", pod => Context(pod).Remove("capabilities")),
        new("runs as root", pod => (Context(pod)["runAsUser"], Context(pod)["runAsNonRoot"]) = (0, false)),
        new("may run as root", pod => Context(pod)["runAsNonRoot"] = false),
        new("may gain privileges", pod => Context(pod)["allowPrivilegeEscalation"] = true),
        new("switches its seccomp filter off", pod => Context(pod)["seccompProfile"] = new JsonObject { ["type"] = "Unconfined" }),
        new("names no seccomp profile", pod => Spec(pod)["securityContext"]!.AsObject().Remove("seccompProfile")),
        new("registers its own device plugin", _ => { }, "workloads/false-device-plugin.yaml"),
    ];

    private static JsonObject Context(JsonObject pod) => Main(pod)["securityContext"]!.AsObject();
}
