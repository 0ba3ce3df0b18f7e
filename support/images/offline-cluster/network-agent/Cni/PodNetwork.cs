using SecuritySpecs.NetworkAgent.Enforce;
using SecuritySpecs.NetworkAgent.Watch;

namespace SecuritySpecs.NetworkAgent.Cni;

/// <summary>Gives a pod its network, with its rules in force before its first process.</summary>
internal sealed class PodNetwork(ApiClient api, Cluster cluster, LocalPods local, AddressPool pool, Enforcer enforcer)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<string> AnswerAsync(CniRequest request, CancellationToken cancel)
    {
        switch (request.Command)
        {
            case "ADD":
                return await AddAsync(request, cancel).WaitAsync(Patience, cancel);
            case "DEL":
                await NodePorts.SetAsync(request, result: null, cancel);
                local.Remove(request.Sandbox);
                pool.GiveBack(request.Sandbox);
                return "";
            default:
                return "";
        }
    }

    private async Task<string> AddAsync(CniRequest request, CancellationToken cancel)
    {
        await cluster.Filled;
        NodeNetwork network;
        using (var configuration = JsonDocument.Parse(request.Configuration))
            network = NodeNetwork.Of(configuration.RootElement);
        // Watches may lag. What stands in the API now is what the pod is fenced by.
        var policies = LearnPoliciesAsync(request.Argument("K8S_POD_NAMESPACE"), cancel);
        var pod = await LearnPodAsync(request, cancel);
        await policies;
        var (address, again) = pool.Take(request.Sandbox, network.Range);
        local.Add(request.Sandbox, pod with { Addresses = [address] });
        await enforcer.InForceAsync();
        if (again)
            await ForgetConnectionsAsync(AddressSet.Text(address), cancel);
        var result = await new PodLink(network, request, address).AddAsync(cancel);
        await NodePorts.SetAsync(request, result, cancel);
        return result;
    }

    // Nothing may be left of the connections of the pod before that would let this one's pass as established. Only where the address is
    // given again, and what is seldom there is looked for once: each look takes 10 ms of processor time, however few connections there are.
    private static async Task ForgetConnectionsAsync(string address, CancellationToken cancel)
    {
        var (code, table, error) = await Command.RunAsync("conntrack", ["--dump"], "", cancel);
        if (code != 0)
            throw new CniException($"conntrack: {error.Trim()}");
        if (!table.Contains($"src={address} ", StringComparison.Ordinal))
            return;
        foreach (var direction in new[] { "--orig-src", "--reply-src" })
            await Command.RunAsync("conntrack", ["--delete", direction, address], "", cancel);
    }

    private async Task LearnPoliciesAsync(string space, CancellationToken cancel)
    {
        using var list = await api.GetAsync($"/apis/networking.k8s.io/v1/namespaces/{space}/networkpolicies", cancel);
        foreach (var item in list.RootElement.At("items").Items())
            cluster.Policies.Learn(ResourceWatch<NetworkPolicy>.Key(item), ObjectReader.Policy(item), ResourceWatch<NetworkPolicy>.Version(item));
    }

    private async Task<Pod> LearnPodAsync(CniRequest request, CancellationToken cancel)
    {
        var (space, name, uid) = (request.Argument("K8S_POD_NAMESPACE"), request.Argument("K8S_POD_NAME"), request.Argument("K8S_POD_UID"));
        try
        {
            using var item = await api.GetAsync($"/api/v1/namespaces/{space}/pods/{name}", cancel);
            var pod = ObjectReader.Pod(item.RootElement);
            if (uid.Length > 0 && pod.Uid != uid)
                throw new CniException($"pod {space}/{name} is {pod.Uid} by now, no longer {uid}");
            cluster.Pods.Learn(ResourceWatch<Pod>.Key(item.RootElement), pod, ResourceWatch<Pod>.Version(item.RootElement));
            return pod;
        }
        catch (ApiException e) when (e.Status == HttpStatusCode.NotFound)
        {
            throw new CniException($"pod {space}/{name} is gone");
        }
    }
}
