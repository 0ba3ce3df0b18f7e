using SecuritySpecs.NetworkAgent.Watch;

namespace SecuritySpecs.NetworkAgent.Enforce;

/// <summary>Fences a pod between the set-up of its network and its first process.</summary>
internal sealed class Fence(ApiClient api, Cluster cluster, LocalPods local, Enforcer enforcer)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<string> AnswerAsync(CniRequest request, CancellationToken cancel)
    {
        using var configuration = JsonDocument.Parse(request.Configuration);
        switch (request.Command)
        {
            case "ADD":
                await AddAsync(request, Addresses(configuration.RootElement), cancel).WaitAsync(Patience, cancel);
                return configuration.RootElement.At("prevResult").GetRawText();
            case "DEL":
                local.Remove(request.Sandbox);
                return "";
            default:
                return "";
        }
    }

    private async Task AddAsync(CniRequest request, IReadOnlyList<uint> addresses, CancellationToken cancel)
    {
        await cluster.Filled;
        // Watches may lag. What stands in the API now is what the pod is fenced by.
        var policies = LearnPoliciesAsync(request.Argument("K8S_POD_NAMESPACE"), cancel);
        var pod = await LearnPodAsync(request, cancel);
        await policies;
        var again = local.Add(request.Sandbox, pod with { Addresses = addresses });
        await enforcer.InForceAsync();
        await ForgetConnectionsAsync(again, cancel);
    }

    // Nothing may be left of the connections of the pod before that would let this one's pass as established. Only now, for most
    // addresses are never given again, and to look for connections costs 10 ms of processor time, however few there are.
    private static async Task ForgetConnectionsAsync(IEnumerable<uint> addresses, CancellationToken cancel)
    {
        foreach (var address in addresses.Select(AddressSet.Text))
        {
            foreach (var direction in new[] { "--orig-src", "--reply-src" })
                await Command.RunAsync("conntrack", ["--delete", direction, address], "", cancel);
        }
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
                throw new FenceException($"pod {space}/{name} is {pod.Uid} by now, no longer {uid}");
            cluster.Pods.Learn(ResourceWatch<Pod>.Key(item.RootElement), pod, ResourceWatch<Pod>.Version(item.RootElement));
            return pod;
        }
        catch (ApiException e) when (e.Status == HttpStatusCode.NotFound)
        {
            throw new FenceException($"pod {space}/{name} is gone");
        }
    }

    private static List<uint> Addresses(JsonElement configuration)
    {
        var addresses = configuration.At("prevResult").At("ips").Items().Select(ip => AddressSet.Address(ip.Text("address").Split('/')[0])).OfType<uint>().ToList();
        return addresses.Count > 0 ? addresses : throw new FenceException("the plugins before gave the pod no IPv4 address");
    }
}
