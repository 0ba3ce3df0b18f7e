namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>What a tenant keeps beside its secrets.</content>
public sealed partial record TenantRequest
{
    /// <summary>The config map that "keeps a config map" makes.</summary>
    public const string ConfigMap = "training-config";

    /// <summary>The claim that "keeps a volume claim" makes.</summary>
    public const string VolumeClaim = "checkpoints";

    /// <summary>The service that "offers a service" makes.</summary>
    public const string Service = "model-api";

    private const string KeptPhrases =
        "read the config map|change the config map|copy the secret into a config map|remove the copy of the secret|read the volume claim|delete the volume claim|list the services|read the events";

    private const string ConfigMapPath = "configmaps/" + ConfigMap;
    private const string Copy = "copy";
    private const string VolumeClaimPath = "persistentvolumeclaims/" + VolumeClaim;

    private static IEnumerable<TenantRequest> Kept =>
    [
        new("read the config map", new("get", "configmaps"), (api, whose) => api.GetAsync(In(whose, ConfigMapPath)), MustContain: ConfigMap),
        new("change the config map", new("patch", "configmaps"), ChangeConfigMapAsync, MustContain: "changed-by"),
        new("copy the secret into a config map", new("create", "configmaps"), CopySecretAsync),
        new("remove the copy of the secret", new("delete", "configmaps"), (api, whose) => api.DeleteAsync(In(whose, "configmaps/" + Copy))),
        new("read the volume claim", new("get", "persistentvolumeclaims"), (api, whose) => api.GetAsync(In(whose, VolumeClaimPath)), MustContain: VolumeClaim),
        new("delete the volume claim", new("delete", "persistentvolumeclaims"), (api, whose) => api.DeleteAsync(In(whose, VolumeClaimPath), DryRun)),
        new("list the services", new("list", "services"), (api, whose) => api.GetAsync(In(whose, "services")), MustContain: Service),
        new("read the events", new("list", "events"), (api, whose) => api.GetAsync(In(whose, "events")), MustContain: "FailedScheduling"),
    ];

    // A dry run passes authorisation and admission like any other request; the next attempt finds everything as it was.
    private static JsonObject DryRun => new() { ["dryRun"] = new JsonArray("All") };

    private static async Task<ApiAnswer> CopySecretAsync(KubeApi api, Tenant whose)
    {
        var secret = await api.GetAsync(In(whose, SecretPath));
        return !secret.Allowed ? secret : await api.PostAsync(In(whose, "configmaps"), new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = new JsonObject { ["name"] = Copy },
            ["data"] = new JsonObject { ["token"] = ValueIn(secret) },
        });
    }

    private static Task<ApiAnswer> ChangeConfigMapAsync(KubeApi api, Tenant whose) =>
        api.PatchAsync(In(whose, ConfigMapPath), new JsonObject { ["data"] = new JsonObject { ["changed-by"] = api.Actor } });
}
