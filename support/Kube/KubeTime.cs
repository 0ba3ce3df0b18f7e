namespace SecuritySpecs.Kube;

/// <summary>Times as the Kubernetes API writes them.</summary>
public static class KubeTime
{
    /// <summary>Type Time: to the second.</summary>
    public static string Seconds(DateTime utc) => utc.ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Type MicroTime: what leases are renewed with.</summary>
    public static string Micros(DateTime utc) => utc.ToString("yyyy-MM-ddTHH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
