using System.Text.Json.Serialization;

namespace SecuritySpecs.FleetProgram.Network;

/// <summary>Who answered, by its own environment; empty where the pod does not say.</summary>
internal sealed record Whoami(string Pod, string Namespace, string Node)
{
    /// <summary>The header in which a server says who it is where its body has another purpose: <c>NAMESPACE/POD</c>.</summary>
    public const string Header = "x-served-by";

    /// <summary>This process.</summary>
    public static Whoami Mine { get; } = new(Env("POD_NAME"), Env("POD_NAMESPACE"), Env("NODE_NAME"));

    /// <summary>As <see cref="Header"/> has it.</summary>
    [JsonIgnore]
    public string Name => $"{Namespace}/{Pod}";

    private static string Env(string name) => Environment.GetEnvironmentVariable(name) ?? "";
}
