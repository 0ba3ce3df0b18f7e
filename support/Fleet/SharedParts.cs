namespace SecuritySpecs.Fleet;

/// <summary>What the runs on a cluster share beside the fleet itself: deployed by whoever asks first, removed with the last run.</summary>
internal static class SharedParts
{
    private static readonly TimeSpan Rollout = TimeSpan.FromSeconds(120);

    /// <summary>Makes the objects of a manifest what it says, and marks those without a namespace as shared.</summary>
    /// <param name="admin">The administrator.</param>
    /// <param name="manager">Who owns the fields.</param>
    /// <param name="manifest">The objects.</param>
    public static async Task ApplyAsync(KubeApi admin, string manager, Manifest manifest)
    {
        var resources = new ApiResources(admin);
        foreach (var @object in manifest.Objects)
        {
            var metadata = @object["metadata"]!.AsObject();
            if (metadata["labels"] is not JsonObject)
                metadata["labels"] = new JsonObject();
            metadata["labels"]![RunLabels.Shared] = "true";
            (await admin.ApplyAsync($"{await resources.CollectionAsync(@object)}/{(string)metadata["name"]!}", manager, @object)).OrThrow($"fleet-fixtures/{manifest.File}");
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
