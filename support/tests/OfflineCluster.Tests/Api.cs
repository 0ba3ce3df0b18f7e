using k8s;

namespace SecuritySpecs.OfflineCluster.Tests;

/// <summary>A cluster by its kubeconfig: raw requests, and commands in pods.</summary>
internal sealed class Api(Stream kubeconfig) : IDisposable
{
    private readonly Kubernetes client = new(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));

    public Uri Address => client.BaseUri;

    public void Dispose() => client.Dispose();

    public Task<JsonNode> Get(string path) => Send(HttpMethod.Get, path);

    public Task<JsonNode> Create(string path, string json) => Send(HttpMethod.Post, path, json);

    public Task Delete(string path) => Send(HttpMethod.Delete, path);

    /// <summary>Changes fields of an object, by a merge patch.</summary>
    public Task<JsonNode> Patch(string path, string json) => Send(HttpMethod.Patch, path, json, "application/merge-patch+json");

    /// <summary>An object; null where it is not there (yet).</summary>
    public async Task<JsonNode?> TryGet(string path) => await Peek(HttpMethod.Get, path);

    /// <summary>Deletes an object if it is there.</summary>
    public Task TryDelete(string path) => Peek(HttpMethod.Delete, path);

    public async Task<string> Log(string pod, string space = "default")
    {
        using var response = await client.HttpClient.GetAsync(new Uri(client.BaseUri, $"api/v1/namespaces/{space}/pods/{pod}/log"));
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>What a bash command in a pod of the default namespace prints.</summary>
    public Task<string> Bash(string pod, string command) => Bash("default", pod, command);

    /// <summary>What a bash command in a pod prints.</summary>
    public async Task<string> Bash(string space, string pod, string command)
    {
        var said = "";
        await client.NamespacedPodExecAsync(
            pod,
            space,
            "main",
            ["bash", "-c", command],
            false,
            async (_, output, _) =>
            {
                using var reader = new StreamReader(output);
                said = await reader.ReadToEndAsync();
            },
            CancellationToken.None);
        return said.TrimEnd();
    }

    /// <summary>Creates a pod of the Debian base image that runs a command, and waits until it runs.</summary>
    /// <returns>Its IP address.</returns>
    public async Task<string> RunPod(string name, string node, string image, params string[] command)
    {
        var arguments = string.Join(',', command.Select(word => JsonValue.Create(word)!.ToJsonString()));
        await Create("api/v1/namespaces/default/pods", $$"""
            {"metadata": {"name": "{{name}}", "labels": {"app": "{{name}}"} },
             "spec": {"nodeSelector": {"kubernetes.io/hostname": "{{node}}"}, "terminationGracePeriodSeconds": 0,
                      "containers": [{"name": "main", "image": "{{image}}", "imagePullPolicy": "Never", "command": [{{arguments}}]}]
             }
            }
            """);
        return await Running("default", name);
    }

    /// <summary>Waits until a pod runs.</summary>
    /// <returns>Its IP address.</returns>
    public async Task<string> Running(string space, string name)
    {
        var path = $"api/v1/namespaces/{space}/pods/{name}";
        return await Shell.Await(
            $"pod {name} Running",
            async () => await Get(path) is var pod && (string?)pod["status"]!["phase"] == "Running" ? (string?)pod["status"]!["podIP"] : null,
            async () => (await Get(path))["status"]!.ToJsonString());
    }

    /// <summary>The status code and body that somebody else gets.</summary>
    /// <param name="path">Below the server's address.</param>
    /// <param name="token">A bearer token; none for an anonymous request.</param>
    public async Task<(HttpStatusCode Code, string Body)> As(string? token, string path)
    {
        // The certificate is the test's own container's; who is let in is what is asked here.
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var http = new HttpClient(handler);
        if (token is not null) http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var response = await http.GetAsync(new Uri(client.BaseUri, path));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<JsonNode?> Peek(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(client.BaseUri, path));
        using var response = await client.HttpClient.SendAsync(request);
        return response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync()) : null;
    }

    private async Task<JsonNode> Send(HttpMethod method, string path, string? json = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, new Uri(client.BaseUri, path));
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, type);
        using var response = await client.HttpClient.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(body)!
            : throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {body}");
    }
}
