namespace k8s;

/// <summary>The channels of a remote command.</summary>
public enum ChannelIndex : byte
{
    StdIn,
    StdOut,
    StdErr,
    Error,
    Resize,
}

/// <summary>What the channels carry.</summary>
public enum StreamType
{
    RemoteCommand,

    /// <summary>Two channels a port, data and errors; the first two bytes of each are the port.</summary>
    PortForward,
}
