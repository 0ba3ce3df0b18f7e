namespace SecuritySpecs.FleetProgram.Sharing;

/// <summary>HAMi's mutating webhook: hands pods that ask for a share over to HAMi's scheduler.</summary>
/// <param name="resource">What shares are called.</param>
internal sealed class Webhook(string resource)
{
    /// <summary>Answers an AdmissionReview (admission.k8s.io/v1) about a new pod.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public JsonObject Review(JsonNode? review)
    {
        if (review?["request"] is not JsonObject request || request["object"]?["spec"]?["containers"] is not JsonArray || request["uid"] is null)
            throw new FormatException("no AdmissionReview about a pod");
        var response = Judge(request["object"]!);
        response["uid"] = (string)request["uid"]!;
        return new JsonObject { ["apiVersion"] = "admission.k8s.io/v1", ["kind"] = "AdmissionReview", ["response"] = response };
    }

    private JsonObject Judge(JsonNode pod)
    {
        // Somebody else's scheduler: none of HAMi's business. This is how HAMi has it, and a way out of the cap.
        if ((string?)pod["spec"]!["schedulerName"] is not (null or "" or Hami.DefaultScheduler or Hami.Scheduler))
            return new JsonObject { ["allowed"] = true };
        var patch = new JsonArray();
        var containers = Paths(pod, "initContainers").Concat(Paths(pod, "containers")).ToArray();
        foreach (var (path, container) in containers)
        {
            if (SharePods.Quantity(container, Hami.MemoryPercentage) > 100)
                return Denied(HttpStatusCode.InternalServerError, $"invalid {Hami.MemoryPercentage} in container {(string?)container["name"]}: must be an integer between 0 and 100");
            Complete(path, container, patch);
        }
        if (!containers.Any(c => Asked(c.Container)))
            return new JsonObject { ["allowed"] = true };
        if (containers.FirstOrDefault(c => (bool?)c.Container["securityContext"]?["privileged"] == true).Container is { } privileged)
            return Denied(HttpStatusCode.Forbidden, $"container {(string?)privileged["name"]} is privileged");
        if ((string?)pod["spec"]!["nodeName"] is { Length: > 0 })
            return Denied(HttpStatusCode.Forbidden, "pod has node assigned");
        patch.Add((JsonNode)Add("/spec/schedulerName", Hami.Scheduler));
        return new JsonObject { ["allowed"] = true, ["patchType"] = "JSONPatch", ["patch"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(patch.ToJsonString())) };
    }

    /// <summary>Memory or cores alone mean one share; a share without memory means all of the GPU, and then all of its computing time.</summary>
    private void Complete(string path, JsonObject container, JsonArray patch)
    {
        if (container["resources"]?["limits"] is not JsonObject limits)
            return;
        if (!limits.ContainsKey(resource) && (limits.ContainsKey(Hami.Memory) || limits.ContainsKey(Hami.MemoryPercentage) || limits.ContainsKey(Hami.Cores)))
            Set(resource, "1");
        var wholeMemory = SharePods.Quantity(container, Hami.MemoryPercentage) is { } percent ? percent == 100 : SharePods.Quantity(container, Hami.Memory) is null;
        if (Asked(container) && wholeMemory && SharePods.Quantity(container, Hami.Cores) is null)
            Set(Hami.Cores, "100");

        void Set(string name, string value)
        {
            limits[name] = value;
            patch.Add((JsonNode)Add($"{path}/resources/limits/{name.Replace("/", "~1", StringComparison.Ordinal)}", value));
        }
    }

    private bool Asked(JsonObject container) => SharePods.Quantity(container, resource) is not null;

    private static IEnumerable<(string Path, JsonObject Container)> Paths(JsonNode pod, string list) =>
        (pod["spec"]![list]?.AsArray() ?? []).Select((c, i) => ($"/spec/{list}/{i}", c!.AsObject()));

    private static JsonObject Add(string path, string value) => new() { ["op"] = "add", ["path"] = path, ["value"] = value };

    private static JsonObject Denied(HttpStatusCode code, string why) =>
        new() { ["allowed"] = false, ["status"] = new JsonObject { ["code"] = (int)code, ["reason"] = code == HttpStatusCode.Forbidden ? "Forbidden" : "InternalError", ["message"] = why } };
}
