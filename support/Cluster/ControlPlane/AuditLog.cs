using SecuritySpecs.Audit;
using SecuritySpecs.Fleet;

namespace SecuritySpecs.Cluster.ControlPlane;

/// <summary>The audit log of a cluster that this project starts. It is read out of the container of the API server.</summary>
/// <param name="admin">The administrator.</param>
/// <param name="container">The id of the container.</param>
public sealed class AuditLog(KubeApi admin, string container)
{
    /// <summary>The policy, in fleet-fixtures.</summary>
    public const string PolicyFile = "controls/audit-policy.yaml";

    /// <summary>Where the policy is in the container.</summary>
    public const string PolicyPath = "/etc/security-specs/audit-policy.yaml";

    private const string Folder = "/var/log/kubernetes-audit";

    // The API server starts a new file after 100 MB, and one old one stays beside it.
    private const string ReadAll = $"cat {Folder}/*.log";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>What the API server is started with.</summary>
    public static IReadOnlyList<string> Arguments =>
    [
        $"--kube-apiserver-arg=audit-policy-file={PolicyPath}", $"--kube-apiserver-arg=audit-log-path={Folder}/audit.log",
        "--kube-apiserver-arg=audit-log-maxbackup=1",
    ];

    /// <summary>
    /// All of the log up to now. A request of its own marks the moment: what was answered before is in the log once that request is.
    /// </summary>
    /// <exception cref="TimeoutException">The request does not appear in the log.</exception>
    public async Task<AuditText> ReadAsync()
    {
        var mark = $"audit-mark-{Guid.NewGuid():N}";
        var answer = await admin.GetUnrecordedAsync($"/api/v1/namespaces/{GpuFleet.Namespace}/secrets/{mark}");
        if (answer.Code != 404)
            answer.OrThrow();
        return await Poll.UntilAsync("the audit log to have an event about a Secret that was asked for just now",
            async () => new AuditText(await ContainerEngine.OutputAsync(container, "sh", "-c", ReadAll)),
            text => text.Holds(mark), text => $"{text.Length} bytes without it", Patience);
    }
}

/// <summary>What is in an audit log. A last line that has not ended is still being written.</summary>
/// <param name="bytes">All of its bytes.</param>
public sealed class AuditText(ReadOnlyMemory<byte> bytes)
{
    /// <summary>The number of its bytes.</summary>
    public int Length => bytes.Length;

    /// <summary>Whether a text is anywhere in the bytes.</summary>
    public bool Holds(string text) => bytes.Span.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    /// <summary>The events about resources in a namespace, and about the namespace itself.</summary>
    public IReadOnlyList<AuditEvent> EventsIn(string @namespace) =>
        [.. LinesWith(@namespace).Select(AuditEvent.Read).OfType<AuditEvent>().Where(e => e.Request.Namespace == @namespace)];

    // The log of a whole run has tens of megabytes, of which a scenario needs little.
    private List<string> LinesWith(string text)
    {
        var (wanted, lines) = (Encoding.UTF8.GetBytes(text), new List<string>());
        var rest = bytes.Span;
        while (rest.IndexOf((byte)'\n') is >= 0 and var end)
        {
            if (rest[..end].IndexOf(wanted) >= 0)
                lines.Add(Encoding.UTF8.GetString(rest[..end]));
            rest = rest[(end + 1)..];
        }

        return lines;
    }
}
