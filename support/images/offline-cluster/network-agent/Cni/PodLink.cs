namespace SecuritySpecs.NetworkAgent.Cni;

/// <summary>The network of this node, as its configuration has it.</summary>
/// <param name="Bridge">The bridge between the node's pods.</param>
/// <param name="Range">The node's addresses.</param>
/// <param name="Length">The length of the range's prefix.</param>
internal sealed record NodeNetwork(string Bridge, AddressRange Range, int Length)
{
    /// <summary>The bridge's own address, by which pods reach all else.</summary>
    public string Gateway => AddressSet.Text(Range.First + 1);

    /// <summary>Reads it from the configuration that the runtime hands to the plugin.</summary>
    /// <exception cref="CniException">Something in it is missing.</exception>
    public static NodeNetwork Of(JsonElement configuration)
    {
        var text = configuration.Text("range");
        return AddressSet.Cidr(text) is { } range && configuration.Text("bridge") is { Length: > 0 } bridge
            ? new(bridge, range, int.Parse(text.Split('/')[1], CultureInfo.InvariantCulture))
            : throw new CniException("the configuration of the network names no bridge, or no range of IPv4 addresses");
    }
}

/// <summary>
/// A pod's link to the bridge of its node: a pair of interfaces, eth0 in the pod and the other on the bridge. It goes with the pod's network
/// namespace, so nobody takes it away.
/// </summary>
internal sealed class PodLink(NodeNetwork network, CniRequest request, uint address)
{
    // A pod has the hardware address of its address: who gets the address next is found at once by those who knew the one before.
    private string HardwareAddress => $"0a:58:{address >> 24:x2}:{address >> 16 & 255:x2}:{address >> 8 & 255:x2}:{address & 255:x2}";

    // The kernel takes names of 15 letters.
    private string NodeSide => $"veth{request.Sandbox[..Math.Min(11, request.Sandbox.Length)]}";

    private string Prefixed => $"{AddressSet.Text(address)}/{network.Length}";

    /// <summary>Makes it.</summary>
    /// <returns>The result of the plugin.</returns>
    /// <exception cref="CniException">The kernel says no.</exception>
    public async Task<string> AddAsync(CancellationToken cancel)
    {
        await IpAsync("ip", ["-batch", "-"], $"""
            link add {NodeSide} type veth peer name eth0 address {HardwareAddress} netns {Path.GetFileName(request.Namespace)}
            link set {NodeSide} master {network.Bridge} up
            link set {NodeSide} type bridge_slave hairpin on

            """, cancel);
        await IpAsync("nsenter", [$"--net={request.Namespace}", "ip", "-batch", "-"], $"""
            link set lo up
            address add {Prefixed} broadcast + dev eth0
            link set eth0 up
            route add default via {network.Gateway}

            """, cancel);
        return $$"""
            {"cniVersion": "0.4.0", "interfaces": [{"name": "eth0", "mac": "{{HardwareAddress}}", "sandbox": "{{JsonEncodedText.Encode(request.Namespace)}}"}],
             "ips": [{"version": "4", "interface": 0, "address": "{{Prefixed}}", "gateway": "{{network.Gateway}}"}], "routes": [{"dst": "0.0.0.0/0"}]}
            """;
    }

    private static async Task IpAsync(string file, string[] arguments, string batch, CancellationToken cancel)
    {
        var (code, _, error) = await Command.RunAsync(file, arguments, batch, cancel);
        if (code != 0)
            throw new CniException($"ip: {error.Trim()}");
    }
}
