namespace SecuritySpecs.Drivers.Shared.Pods;

/// <content>Pods that load models, in the words of the servers that are in use.</content>
public sealed partial record PodTrait
{
    private const string ModelPhrases =
        "trusts remote code|trusts remote code in a shell|trusts remote code by a variable|names a model without a revision|names a model by its branch"
        + "|may ask the hub|loads a model from a folder|names a model by its commit";

    private const string FromFolder = "--model=/models/llm";

    private static IEnumerable<PodTrait> OfModels =>
    [
        new("loads a model from a folder", pod => Serve(pod, FromFolder)),
        new("names a model by its commit", pod => Serve(pod, "--model", "acme/llm", "--revision", "0123456789abcdef0123456789abcdef01234567")),
        new("trusts remote code", pod => Serve(pod, FromFolder, "--trust-remote-code")),
        new("trusts remote code in a shell", pod => Run(pod, "sh", "-c", "HF_HUB_OFFLINE=1 python -c 'load(\"/models/llm\", trust_remote_code=True)'")),
        new("trusts remote code by a variable", pod =>
        {
            Serve(pod, FromFolder);
            AddVariable(pod, "TRUST_REMOTE_CODE", "true");
        }),
        new("names a model without a revision", pod => Serve(pod, "--model", "acme/llm")),
        new("names a model by its branch", pod => Serve(pod, "--model-id=acme/llm", "--revision=main")),
        new("may ask the hub", pod => Run(pod, "server", FromFolder)),
    ];

    private static void Serve(JsonObject pod, params string[] arguments)
    {
        Run(pod, ["server", .. arguments]);
        AddVariable(pod, "HF_HUB_OFFLINE", "1");
    }

    private static void Run(JsonObject pod, params string[] command) => Main(pod)["command"] = new JsonArray([.. command]);
}
