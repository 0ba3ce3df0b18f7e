using Microsoft.AspNetCore.Http;

namespace SecuritySpecs.FleetProgram.Consoles;

/// <summary>
/// A console of the ML stack as it meets whoever reaches its port: none of these asks for a login unless it is set up to, or sits behind
/// something that does. One request each is played, the one that an attacker would make first.
/// </summary>
/// <param name="Name">As the command line has it.</param>
/// <param name="Port">The port that it listens on unless told otherwise.</param>
/// <param name="Title">What its front page calls itself.</param>
/// <param name="AnswerAsync">The answer to a request, as JSON; null where it has none.</param>
internal sealed record Product(string Name, int Port, string Title, Func<HttpRequest, Task<string?>> AnswerAsync)
{
    /// <summary>In which the gateway in front of Kubeflow says who the user is.</summary>
    public const string UserHeader = "kubeflow-userid";

    /// <summary>The products, each with where its behaviour is written down.</summary>
    /// <remarks>
    /// <list type="bullet">
    /// <item>Ray 8265, <c>POST /api/jobs/</c>: docs.ray.io, "Ray Jobs REST API" and "Security": whoever reaches the port runs code.</item>
    /// <item>MLflow 5000, <c>POST /api/2.0/mlflow/runs/search</c>: mlflow.org, "REST API".</item>
    /// <item>Kubeflow's dashboard 8082, <c>GET /api/workgroup/env-info</c>: kubeflow/kubeflow, components/centraldashboard/app,
    /// attach_user_middleware.ts and api_workgroup.ts; the header's name is that of kubeflow/manifests.</item>
    /// <item>Jupyter 8888, <c>GET /api/contents</c>: jupyter-server.readthedocs.io, "REST API". It asks for a token until that is switched off.</item>
    /// <item>Airflow 8080, <c>POST /api/experimental/dags/DAG/dag_runs</c>: airflow.apache.org, 1.10, "Experimental Rest API", which lets
    /// everybody in; Airflow 2 does with the backend airflow.api.auth.backend.default.</item>
    /// <item>W&amp;B 8080, <c>POST /graphql</c>: docs.wandb.ai, "wandb server start", and the client's query Viewer. Without a key it knows nobody.</item>
    /// </list>
    /// </remarks>
    public static IReadOnlyList<Product> All =>
    [
        new("ray", 8265, "Ray Dashboard", new RayJobs().AnswerAsync),
        new("mlflow", 5000, "MLflow", To("POST", "/api/2.0/mlflow/runs/search",
            _ => """{"runs":[{"info":{"run_id":"1","status":"FINISHED","artifact_uri":"mlflow-artifacts:/0/1/artifacts"},"data":{"params":[{"key":"epochs","value":"3"}]}}]}""")),
        new("kubeflow", 8082, "Kubeflow Central Dashboard", To("GET", "/api/workgroup/env-info", Environment)),
        new("jupyter", 8888, "JupyterLab", To("GET", "/api/contents",
            _ => """{"name":"","path":"","type":"directory","content":[{"name":"train.ipynb","path":"train.ipynb","type":"notebook"}]}""")),
        new("airflow", 8080, "Airflow", To("POST", "/api/experimental/dags/train/dag_runs", _ => """{"message":"Created <DagRun train, externally triggered: True>"}""")),
        new("wandb", 8080, "Weights & Biases", To("POST", "/graphql", _ => """{"data":{"viewer":null}}""")),
    ];

    private static Func<HttpRequest, Task<string?>> To(string method, string path, Func<HttpRequest, string> answer) =>
        request => Task.FromResult(request.Method == method && request.Path == path ? answer(request) : null);

    // The header is believed, whoever sent it.
    private static string Environment(HttpRequest request)
    {
        var user = request.Headers[UserHeader].ToString() is { Length: > 0 } said ? said : "anonymous@kubeflow.org";
        return new JsonObject { ["user"] = user, ["namespaces"] = new JsonArray() }.ToJsonString();
    }
}
