namespace SecuritySpecs.NetworkAgent.Cni;

/// <summary>Ports of the node, for the few pods that ask for some: by portmap, of the CNI project's own plugins.</summary>
internal static class NodePorts
{
    /// <summary>Gives a pod the ports that it asks for, or takes them back.</summary>
    /// <param name="result">What the pod's network is by now; null where the pod ends.</param>
    /// <exception cref="CniException">The plugin says no.</exception>
    public static async Task SetAsync(CniRequest request, string? result, CancellationToken cancel)
    {
        var configuration = JsonNode.Parse(request.Configuration)!;
        if (configuration["runtimeConfig"]?["portMappings"] is not JsonArray { Count: > 0 })
            return;
        configuration["type"] = "portmap";
        configuration["prevResult"] = result is null ? null : JsonNode.Parse(result);
        var (code, output, error) = await Command.RunAsync("/usr/lib/cni/portmap", [], configuration.ToJsonString(), cancel,
            ("CNI_COMMAND", request.Command), ("CNI_CONTAINERID", request.Sandbox), ("CNI_NETNS", request.Namespace), ("CNI_IFNAME", "eth0"),
            ("CNI_ARGS", request.Arguments), ("CNI_PATH", "/usr/lib/cni"));
        if (code != 0)
            throw new CniException($"portmap: {output.Trim()}{error.Trim()}");
    }
}
