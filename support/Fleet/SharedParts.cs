using System.Security.Cryptography;

namespace SecuritySpecs.Fleet;

/// <summary>What the runs on a cluster share beside the fleet itself: deployed by whoever asks first, removed with the last run.</summary>
internal static class SharedParts
{
    /// <summary>On a pod template: what the pods are configured by. Programs read that when they start, so a change of it must renew them.</summary>
    public const string Configuration = "security.specs/configuration";

    private static readonly TimeSpan Rollout = TimeSpan.FromSeconds(120);

    /// <summary>Makes the objects of a manifest what it says, and marks those without a namespace as shared. What a mistake has taken out of it goes.</summary>
    /// <param name="admin">The administrator.</param>
    /// <param name="manager">Who owns the fields.</param>
    /// <param name="manifest">The objects.</param>
    public static async Task ApplyAsync(KubeApi admin, string manager, Manifest manifest)
    {
        var resources = new ApiResources(admin);
        MarkConfiguration(manifest);
        foreach (var gone in manifest.TakenOut)
        {
            var answer = await admin.DeleteAsync($"{await resources.CollectionAsync(gone)}/{(string)gone["metadata"]!["name"]!}");
            if (answer.Code != 404)
                answer.OrThrow(manifest.Told);
        }

        foreach (var @object in manifest.Objects)
        {
            var metadata = @object["metadata"]!.AsObject();
            if (metadata["labels"] is not JsonObject)
                metadata["labels"] = new JsonObject();
            metadata["labels"]![RunLabels.Shared] = "true";
            (await admin.ApplyAsync($"{await resources.CollectionAsync(@object)}/{(string)metadata["name"]!}", manager, @object)).OrThrow(manifest.Told);
        }
    }

    /// <summary>Marks each pod template with the data of the ConfigMaps that it mounts, as far as they are in the same manifest.</summary>
    public static void MarkConfiguration(Manifest manifest)
    {
        var maps = manifest.Objects.Where(o => (string?)o["kind"] == "ConfigMap").ToDictionary(o => (string)o["metadata"]!["name"]!, o => o["data"]?.ToJsonString() ?? "");
        foreach (var template in manifest.Objects.Select(o => o["spec"]?["template"]).OfType<JsonObject>())
        {
            var volumes = template["spec"]!["volumes"]?.AsArray() ?? [];
            var used = volumes.Select(v => (string?)v!["configMap"]?["name"]).OfType<string>().Where(maps.ContainsKey).Select(name => maps[name]).ToList();
            if (used.Count == 0)
                continue;
            var metadata = template["metadata"]!.AsObject();
            if (metadata["annotations"] is not JsonObject)
                metadata["annotations"] = new JsonObject();
            metadata["annotations"]![Configuration] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', used))))[..16];
        }
    }

    /// <summary>Waits until the one pod of a Deployment is ready and of its present template.</summary>
    /// <exception cref="TimeoutException">It is not within a minute.</exception>
    public static Task AwaitDeploymentAsync(KubeApi admin, string @namespace, string name) =>
        Poll.UntilAsync($"deployment {@namespace}/{name} to be ready", () => admin.GetUnrecordedAsync($"/apis/apps/v1/namespaces/{@namespace}/deployments/{name}"),
            a => IsReady(a.OrThrow().Body!), a => a.Body!["status"]?.ToJsonString() ?? "no status", Rollout);

    private static bool IsReady(JsonNode deployment)
    {
        int Of(string field) => (int?)deployment["status"]?[field] ?? 0;
        return Of("observedGeneration") >= (int)deployment["metadata"]!["generation"]! && Of("updatedReplicas") == 1 && Of("readyReplicas") == 1 && Of("replicas") == 1;
    }
}
