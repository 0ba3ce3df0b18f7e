namespace SecuritySpecs.Kube;

/// <summary>How addresses stand in URLs.</summary>
public static class HostName
{
    /// <summary>An address or a name as the host of a URL: IPv6 in brackets.</summary>
    public static string InUrl(string address) => address.Contains(':') ? $"[{address}]" : address;
}
