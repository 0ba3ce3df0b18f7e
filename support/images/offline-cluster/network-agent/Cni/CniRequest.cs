namespace SecuritySpecs.NetworkAgent.Cni;

/// <summary>A request of the CNI plugin: what it was called with.</summary>
/// <param name="Command">ADD, DEL or CHECK.</param>
/// <param name="Sandbox">CNI_CONTAINERID.</param>
/// <param name="Namespace">CNI_NETNS: the file of the pod's network namespace; may be empty at the end of a pod.</param>
/// <param name="Arguments">CNI_ARGS: KEY=VALUE, separated by semicolons.</param>
/// <param name="Configuration">The network's configuration.</param>
internal sealed record CniRequest(string Command, string Sandbox, string Namespace, string Arguments, string Configuration)
{
    /// <summary>Four lines and then the configuration.</summary>
    /// <exception cref="CniException">It is not of this form.</exception>
    public static CniRequest Parse(string text) =>
        text.Split('\n', 5) is [var command, var sandbox, var space, var arguments, var configuration]
            ? new CniRequest(command, sandbox, space, arguments, configuration)
            : throw new CniException("a request is four lines and the configuration");

    public string Argument(string name) =>
        Arguments.Split(';').FirstOrDefault(a => a.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..] ?? "";
}

/// <summary>A pod cannot have its network now; the kubelet is to try again.</summary>
internal sealed class CniException(string message) : Exception(message);
