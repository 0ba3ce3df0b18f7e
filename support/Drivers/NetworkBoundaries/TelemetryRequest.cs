using SecuritySpecs.Cluster;
using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Requests;
using SecuritySpecs.Metrics;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>The namespaces of the platform's telemetry: the shared ones, or a scenario's own.</summary>
/// <param name="Fleet">That of the exporters.</param>
/// <param name="Monitoring">That of Prometheus.</param>
/// <param name="Exporter">An exporter's name.</param>
/// <param name="ExporterPod">Its pod; <c>any</c> where none runs.</param>
public sealed record TelemetrySite(string Fleet, string Monitoring, string Exporter, string ExporterPod);

/// <summary>Something asked of the API server about the platform's telemetry.</summary>
/// <param name="Phrase">As features say it.</param>
/// <param name="Right">The right that it takes.</param>
/// <param name="Home">The namespace that it is about.</param>
/// <param name="Send">Sends it.</param>
/// <param name="MustContain">What the answer must hold to count as allowed; null where the code says it all.</param>
public sealed record TelemetryRequest(
    string Phrase, Right Right, Func<TelemetrySite, string> Home, Func<KubeApi, TelemetrySite, Task<ApiAnswer>> Send, string? MustContain = null)
    : ApiRequest<TelemetrySite>(Phrase, Right, Send, MustContain)
{
    /// <summary>Every phrase, as a regular expression.</summary>
    public const string Phrases = "read the GPU metrics through the pod's proxy|read the GPU metrics through the service's proxy|use the switch for drills through the service's proxy"
        + "|read the token of the switch|list the secrets in the exporter's namespace|list the exporters|run a command in the exporter|change the exporter"
        + "|ask Prometheus|have Prometheus copy all of its series|read the configuration of Prometheus|change the configuration of Prometheus|list the pods in the namespace of Prometheus|open the policy of the exporter";

    /// <summary>Every request that features may name.</summary>
    public static readonly IReadOnlyList<TelemetryRequest> All =
    [
        new("read the GPU metrics through the pod's proxy", new("get", "pods/proxy"), s => s.Fleet,
            (api, s) => api.GetAsync(In(s.Fleet, $"pods/{s.ExporterPod}:{Telemetry.ExporterPort}/proxy/metrics")), "GPU-"),
        new("read the GPU metrics through the service's proxy", new("get", "services/proxy"), s => s.Fleet,
            (api, s) => api.GetAsync(In(s.Fleet, $"services/{s.Exporter}:metrics/proxy/metrics")), "GPU-"),
        // At the lesson's exporter, which obeys everybody: to be healthy, which it is.
        new("use the switch for drills through the service's proxy", new("create", "services/proxy"), s => s.Fleet,
            (api, s) => api.PostAsync(In(s.Fleet, $"services/{Telemetry.LessonsExporter}:metrics/proxy/scenario"), new JsonObject { ["scenario"] = "healthy", ["gpu"] = 0 })),
        new("read the token of the switch", new("get", "secrets"), s => s.Fleet, (api, s) => api.GetAsync(In(s.Fleet, $"secrets/{s.Exporter}-scenario")), "token"),
        new("list the secrets in the exporter's namespace", new("list", "secrets"), s => s.Fleet, (api, s) => api.GetAsync(In(s.Fleet, "secrets"))),
        new("list the exporters", new("list", "pods"), s => s.Fleet, (api, s) => api.GetAsync(In(s.Fleet, "pods"))),
        new("run a command in the exporter", new("get", "pods/exec"), s => s.Fleet, (api, s) => api.GetAsync(In(s.Fleet, $"pods/{s.ExporterPod}/exec?command=id&stdout=1"))),
        new("change the exporter", new("patch", "daemonsets", "apps"), s => s.Fleet,
            (api, s) => api.PatchAsync($"/apis/apps/v1/namespaces/{s.Fleet}/daemonsets/{s.Exporter}?dryRun=All", Label())),
        new("open the policy of the exporter", new("patch", "networkpolicies", "networking.k8s.io"), s => s.Fleet,
            (api, s) => api.PatchAsync($"/apis/networking.k8s.io/v1/namespaces/{s.Fleet}/networkpolicies/dcgm-exporter?dryRun=All", Label())),
        new("ask Prometheus", new("get", "services/proxy", Name: $"prometheus:{PrometheusApi.Port}"), s => s.Monitoring,
            (api, s) => api.GetAsync(new PrometheusApi(s.Monitoring, "prometheus").QueryPath("DCGM_FI_DEV_GPU_UTIL")), "GPU-"),
        // What no GET does. A Prometheus whose flag is off obeys nobody, so that the answer shows what was gained.
        new("have Prometheus copy all of its series", new("create", "services/proxy", Name: $"prometheus:{PrometheusApi.Port}"), s => s.Monitoring,
            (api, s) => api.PostAsync(new PrometheusApi(s.Monitoring, "prometheus").Path("/api/v1/admin/tsdb/snapshot")), "name"),
        new("read the configuration of Prometheus", new("get", "configmaps"), s => s.Monitoring, (api, s) => api.GetAsync(In(s.Monitoring, "configmaps/prometheus"))),
        new("change the configuration of Prometheus", new("patch", "configmaps"), s => s.Monitoring, (api, s) => api.PatchAsync(In(s.Monitoring, "configmaps/prometheus?dryRun=All"), Label())),
        new("list the pods in the namespace of Prometheus", new("list", "pods"), s => s.Monitoring, (api, s) => api.GetAsync(In(s.Monitoring, "pods"))),
    ];

    /// <summary>The request of a phrase; null where there is none.</summary>
    public static TelemetryRequest? Find(string phrase) => All.FirstOrDefault(r => r.Phrase == phrase);

    /// <inheritdoc/>
    protected override string? ScopeOf(TelemetrySite subject) => Home(subject);

    private static string In(string @namespace, string path) => $"/api/v1/namespaces/{@namespace}/{path}";

    private static JsonObject Label() => new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["security.specs/drill"] = "opened" } } };
}
