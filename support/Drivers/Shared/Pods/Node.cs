namespace SecuritySpecs.Drivers.Shared.Pods;

/// <content>Pods that reach for the node they run on.</content>
public sealed partial record PodTrait
{
    private const string NodePhrases =
        "is privileged|has a privileged container beside one with a GPU|shares the node's process table|shares the node's network|shares the node's IPC"
        + "|mounts /dev of the node|mounts the kubelet's directory|mounts the device plugins' sockets";

    private static IEnumerable<PodTrait> OfTheNode =>
    [
        new("is privileged", pod => Privilege(Main(pod))),
        // A webhook of HAMi's left out that container and saw to the rest of the pod (Project-HAMi/HAMi#2138).
        new("has a privileged container beside one with a GPU", pod => Privilege(AddContainerWithoutGpu(pod)), PodFactory.GpuPod),
        new("shares the node's process table", pod => Spec(pod)["hostPID"] = true),
        new("shares the node's network", pod => Spec(pod)["hostNetwork"] = true),
        new("shares the node's IPC", pod => Spec(pod)["hostIPC"] = true),
        new("mounts /dev of the node", pod => Mount(pod, "/dev")),
        new("mounts the kubelet's directory", pod => Mount(pod, "/var/lib/kubelet")),
        new("mounts the device plugins' sockets", pod => Mount(pod, "/var/lib/kubelet/device-plugins")),
    ];

    private static void Privilege(JsonObject container)
    {
        var context = container["securityContext"]!.AsObject();
        context["privileged"] = true;
        context.Remove("allowPrivilegeEscalation"); // the API server refuses both together
        context.Remove("capabilities");
    }

    // As root, which the kubelet's folders belong to.
    private static void Mount(JsonObject pod, string path)
    {
        Spec(pod)["volumes"] = new JsonArray(new JsonObject { ["name"] = "node", ["hostPath"] = new JsonObject { ["path"] = path, ["type"] = "Directory" } });
        Main(pod)["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "node", ["mountPath"] = "/node", ["readOnly"] = true });
        Spec(pod)["securityContext"] = new JsonObject { ["runAsUser"] = 0 };
    }
}
