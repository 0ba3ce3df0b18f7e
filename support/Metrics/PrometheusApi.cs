namespace SecuritySpecs.Metrics;

/// <summary>A Prometheus behind the API server's proxy, which reaches it whatever NetworkPolicies say.</summary>
/// <param name="Namespace">Where it is.</param>
/// <param name="Service">Its Service.</param>
public sealed record PrometheusApi(string Namespace, string Service)
{
    /// <summary>The port's name in the Service: part of the name by which RBAC judges the proxy.</summary>
    public const string Port = "web";

    /// <summary>A path of Prometheus on the API server.</summary>
    public string Path(string path) => $"/api/v1/namespaces/{Namespace}/services/{Service}:{Port}/proxy{path}";

    /// <summary>The path of an instant query.</summary>
    public string QueryPath(string expression) => Path($"/api/v1/query?query={Uri.EscapeDataString(expression)}");

    /// <summary>Asks without leaving evidence, as somebody who may.</summary>
    /// <exception cref="KubeApiException">It does not answer.</exception>
    public async Task<IReadOnlyList<Series>> QueryAsync(KubeApi api, string expression) => Series.OfQuery((await api.GetUnrecordedAsync(QueryPath(expression))).OrThrow().Body!);
}
