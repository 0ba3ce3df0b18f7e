namespace Docker.DotNet.Models;

/// <summary>What a container is created with; the builder fills it in, then its parameter modifiers change it.</summary>
public class CreateContainerParameters
{
    public string? Name { get; set; }

    public string Image { get; set; } = "";

    public string? Hostname { get; set; }

    public IList<string>? Entrypoint { get; set; }

    public IList<string> Cmd { get; set; } = [];

    /// <summary>Each is <c>NAME=value</c>.</summary>
    public IList<string> Env { get; set; } = [];

    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();

    public HostConfig? HostConfig { get; set; } = new();
}

/// <summary>What a container may do with its host. Lists are null until they are set.</summary>
public class HostConfig
{
    public bool Privileged { get; set; }

    public bool AutoRemove { get; set; }

    public IList<string>? CapAdd { get; set; }

    public IList<string>? CapDrop { get; set; }

    /// <summary>For instance <c>seccomp=unconfined</c>.</summary>
    public IList<string>? SecurityOpt { get; set; }

    /// <summary>Paths that are hidden; null for the engine's default, empty for none.</summary>
    public IList<string>? MaskedPaths { get; set; }

    /// <summary>Paths that are read-only; null for the engine's default, empty for none.</summary>
    public IList<string>? ReadonlyPaths { get; set; }

    public IList<DeviceMapping>? Devices { get; set; }

    /// <summary>For instance <c>a *:* rwm</c>.</summary>
    public IList<string>? DeviceCgroupRules { get; set; }

    /// <summary><c>host</c> or <c>private</c>.</summary>
    public string? CgroupnsMode { get; set; }

    /// <summary>Each is <c>source:target[:options]</c>.</summary>
    public IList<string>? Binds { get; set; }

    /// <summary>Mounts as the builder made them.</summary>
    public IList<Mount>? Mounts { get; set; }

    /// <summary>Path to mount options.</summary>
    public IDictionary<string, string>? Tmpfs { get; set; }

    /// <summary>Port with protocol, <c>6443/tcp</c>, to where it is on the host.</summary>
    public IDictionary<string, IList<PortBinding>>? PortBindings { get; set; }

    /// <summary>Each is <c>name:address</c>.</summary>
    public IList<string>? ExtraHosts { get; set; }

    public IDictionary<string, string>? Sysctls { get; set; }

    /// <summary>Bytes; 0 for no limit.</summary>
    public long Memory { get; set; }
}

/// <summary>A device of the host in the container.</summary>
public class DeviceMapping
{
    public string PathOnHost { get; set; } = "";

    public string PathInContainer { get; set; } = "";

    /// <summary>Some of <c>rwm</c>.</summary>
    public string CgroupPermissions { get; set; } = "rwm";
}

/// <summary>A mount of type <c>bind</c> or <c>tmpfs</c>.</summary>
public class Mount
{
    public string Type { get; set; } = "";

    public string? Source { get; set; }

    public string Target { get; set; } = "";

    public bool ReadOnly { get; set; }
}

/// <summary>A port of the host; empty for any free one.</summary>
public class PortBinding
{
    public string? HostIP { get; set; }

    public string HostPort { get; set; } = "";
}

/// <summary>What a network is created with.</summary>
public class NetworksCreateParameters
{
    public string Name { get; set; } = "";

    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();
}

/// <summary>An image that the engine has.</summary>
public class ImageInspectResponse
{
    public string ID { get; set; } = "";
}
