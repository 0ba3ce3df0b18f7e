namespace SecuritySpecs.Mutation.Operators;

/// <summary>Mistakes in the security settings of pods.</summary>
internal static class PodMistakes
{
    private static readonly string[] Kinds = ["Pod", "Deployment", "DaemonSet", "StatefulSet", "Job"];

    /// <summary>The operators.</summary>
    public static IEnumerable<MutationOperator> All =>
    [
        new("automount", Kinds, "Gives a pod its account's token.", "The default. The line looks as if it switched something off that is needed.",
            o => (bool?)Spec(o)["automountServiceAccountToken"] == false ? [Change.Set(Spec(o), "automountServiceAccountToken", true)] : []),
        new("service-links", Kinds, "Gives a pod the addresses of its namespace's Services as variables.", "The default.",
            o => (bool?)Spec(o)["enableServiceLinks"] == false ? [Change.Set(Spec(o), "enableServiceLinks", true)] : []),
        new("host-network", Kinds, "Puts a pod on its node's network.", "A port was not reached. No NetworkPolicy holds there; CVE-2020-15257 made an escape of it.",
            o => Spec(o)["hostNetwork"] is null ? [Change.Set(Spec(o), "hostNetwork", true)] : []),
        new("host-processes", Kinds, "Lets a pod see its node's processes.", "A debugger or a profiler asks for it.", o => [Change.Set(Spec(o), "hostPID", true)]),
        new("host-port", Kinds, "Opens a port of the node for a container.", "To reach it from outside. Such a port is reached past every NetworkPolicy of some enforcers.",
            // On the node's network every port is one of the node anyway.
            o => Containers(o).Take(1).Where(_ => (bool?)Spec(o)["hostNetwork"] != true).Select(c => c["ports"].Objects().FirstOrDefault() is { } port
                ? Change.Set(port, "hostPort", port["containerPort"]!.DeepClone()) : Change.Add(c, "ports", new JsonObject { ["containerPort"] = 31999, ["hostPort"] = 31999 }))),
        new("host-path", Kinds, "Mounts the node's root.", "Logs of the node are wanted.", o => Containers(o).Take(1).Select(c => new Change("spec.volumes+/", () =>
        {
            Append(Spec(o), "volumes", new JsonObject { ["name"] = "node", ["hostPath"] = new JsonObject { ["path"] = "/" } });
            Append(c, "volumeMounts", new JsonObject { ["name"] = "node", ["mountPath"] = "/node", ["readOnly"] = true });
        }))),
        new("privileged", Kinds, "Makes a container privileged.", "A driver's documentation asks for it.",
            o => Contexts(o).Take(1).Select(c => new Change($"{Places.Of(c)}.privileged", () =>
            {
                c["privileged"] = true;
                c["allowPrivilegeEscalation"] = true; // the API server wants it so
            }))),
        new("gain-privileges", Kinds, "Lets a container's processes gain privileges.", "sudo did not work.",
            o => Contexts(o).Where(c => c["allowPrivilegeEscalation"] is not null).Select(c => Change.Set(c, "allowPrivilegeEscalation", true))),
        new("writable-root", Kinds, "Makes a container's root file system writable.", "A tool writes beside its program.",
            o => Contexts(o).Where(c => c["readOnlyRootFilesystem"] is not null).Select(c => Change.Set(c, "readOnlyRootFilesystem", false))),
        new("keep-capabilities", Kinds, "Keeps a container's capabilities.", "ping did not work. NET_RAW, which is among them, forged router advertisements in CVE-2020-10749.",
            o => Contexts(o).Select(c => c["capabilities"].At("drop")).OfType<JsonNode>().Select(Change.Drop)),
        new("add-capability", Kinds, "Gives a container the capability SYS_ADMIN.", "NVIDIA's exporter asks for it for its profiling fields.",
            o => Contexts(o).Select(c => c["capabilities"]).OfType<JsonObject>().Where(c => !c["add"].Holds("SYS_ADMIN")).Select(c => Change.Add(c, "add", "SYS_ADMIN"))),
        new("as-root", Kinds, "Lets a pod run as root.", "The image was made so. CVE-2019-5736 took the node from there.",
            o => Spec(o)["securityContext"] is JsonObject c && c["runAsNonRoot"] is not null ? [new("spec.securityContext.runAsUser=0", () =>
            {
                c.Remove("runAsNonRoot");
                c["runAsUser"] = 0;
                c["runAsGroup"] = 0;
            })] : []),
        new("drop-non-root", Kinds, "No longer asks that a pod runs as somebody else than root.", "A number is given anyway; the next image's number is 0.",
            o => Spec(o)["securityContext"].At("runAsNonRoot") is { } asked ? [Change.Drop(asked)] : []),
        new("no-seccomp", Kinds, "Takes the seccomp profile away.", "A profiler did not work. CVE-2022-0185 needed a system call that the profile refuses.",
            o => o.Maps().Where(m => m["seccompProfile"] is not null).Select(m => Change.Set(m, "seccompProfile", new JsonObject { ["type"] = "Unconfined" }))),
        new("drop-memory-limit", Kinds, "Takes a container's memory limit away.", "It was killed for its memory once.",
            o => Containers(o).Select(c => c["resources"].At("limits", "memory")).OfType<JsonNode>().Select(Change.Drop)),
        new("writable-mount", Kinds, "Makes a mount writable that was to be read only.", "A lock file is written beside the data.",
            o => Containers(o).SelectMany(c => c["volumeMounts"].Objects()).Where(m => (bool?)m["readOnly"] == true).Select(m => Change.Set(m, "readOnly", false))),
        new("open-secret-file", Kinds, "Lets everybody in the pod read a Secret's file.", "Permission denied.",
            o => Spec(o)["volumes"].Objects().Select(v => v["secret"]).OfType<JsonObject>().Where(s => s["defaultMode"] is not null).Select(s => Change.Set(s, "defaultMode", 0b100_100_100))),
        new("digest-to-tag", Kinds, "Names an image by its tag in place of its digest.", "A digest cannot be read, and the tag is the newest. Whoever may push moves it.",
            o => Containers(o).Select(c => c["image"]).OfType<JsonValue>().Where(i => i.ToString().Contains("@sha256:", StringComparison.Ordinal))
                .Select(i => Change.Replace(i, i.ToString().Split('@')[0] + ":latest"))),
        new("long-token", Kinds, "Makes a projected token valid for a day.", "A job of many hours lost its token.",
            o => Tokens(o).Select(t => Change.Set(t, "expirationSeconds", 86400))),
        new("drop-audience", Kinds, "Takes the audience of a projected token away.", "The API server takes it then, too.", o => Tokens(o).Select(t => t["audience"]).OfType<JsonNode>().Select(Change.Drop)),
    ];

    /// <summary>The spec of a pod or of a template; empty where there is none.</summary>
    internal static JsonObject Spec(JsonObject o) => ((string?)o["kind"] == "Pod" ? o["spec"] : o["spec"].At("template", "spec")) as JsonObject ?? [];

    /// <summary>All containers of a pod, those before its start included.</summary>
    internal static IEnumerable<JsonObject> Containers(JsonObject o) => Spec(o)["initContainers"].Objects().Concat(Spec(o)["containers"].Objects());

    private static IEnumerable<JsonObject> Contexts(JsonObject o) => Containers(o).Select(c => c["securityContext"]).OfType<JsonObject>();

    private static IEnumerable<JsonObject> Tokens(JsonObject o) => Spec(o).Maps().Select(m => m["serviceAccountToken"]).OfType<JsonObject>();

    private static void Append(JsonObject map, string field, JsonObject item)
    {
        if (map[field] is not JsonArray)
            map[field] = new JsonArray();
        map[field]!.AsArray().Add(item);
    }
}
