using YamlDotNet.Serialization;

namespace k8s.KubeConfigModels;

/// <summary>A kubeconfig file, as far as it is read here; keys that are not listed are ignored.</summary>
public class K8SConfiguration
{
    [YamlMember(Alias = "apiVersion")]
    public string? ApiVersion { get; set; }

    [YamlMember(Alias = "kind")]
    public string? Kind { get; set; }

    /// <summary>The context used where none is asked for.</summary>
    [YamlMember(Alias = "current-context", ApplyNamingConventions = false)]
    public string? CurrentContext { get; set; }

    [YamlMember(Alias = "contexts")]
    public IEnumerable<Context> Contexts { get; set; } = [];

    [YamlMember(Alias = "clusters")]
    public IEnumerable<Cluster> Clusters { get; set; } = [];

    [YamlMember(Alias = "users")]
    public IEnumerable<User> Users { get; set; } = [];

    /// <summary>The file that this was read from; paths in it are relative to its folder. Null after reading a stream.</summary>
    [YamlIgnore]
    public string? FileName { get; set; }
}

/// <summary>A named pair of cluster and user.</summary>
public class Context
{
    [YamlMember(Alias = "name")]
    public string Name { get; set; } = "";

    [YamlMember(Alias = "context")]
    public ContextDetails? ContextDetails { get; set; }
}

/// <summary>What a context points to.</summary>
public class ContextDetails
{
    [YamlMember(Alias = "cluster")]
    public string? Cluster { get; set; }

    [YamlMember(Alias = "user")]
    public string? User { get; set; }

    [YamlMember(Alias = "namespace")]
    public string? Namespace { get; set; }
}

/// <summary>A named API server.</summary>
public class Cluster
{
    [YamlMember(Alias = "name")]
    public string Name { get; set; } = "";

    [YamlMember(Alias = "cluster")]
    public ClusterEndpoint? ClusterEndpoint { get; set; }
}

/// <summary>Where an API server is and what it is trusted by.</summary>
public class ClusterEndpoint
{
    /// <summary>A file of PEM certificates.</summary>
    [YamlMember(Alias = "certificate-authority", ApplyNamingConventions = false)]
    public string? CertificateAuthority { get; set; }

    /// <summary>PEM certificates in base64; wins over <see cref="CertificateAuthority"/>.</summary>
    [YamlMember(Alias = "certificate-authority-data", ApplyNamingConventions = false)]
    public string? CertificateAuthorityData { get; set; }

    [YamlMember(Alias = "server")]
    public string? Server { get; set; }

    [YamlMember(Alias = "tls-server-name", ApplyNamingConventions = false)]
    public string? TlsServerName { get; set; }

    [YamlMember(Alias = "insecure-skip-tls-verify", ApplyNamingConventions = false)]
    public bool SkipTlsVerify { get; set; }
}

/// <summary>A named set of credentials.</summary>
public class User
{
    [YamlMember(Alias = "name")]
    public string Name { get; set; } = "";

    [YamlMember(Alias = "user")]
    public UserCredentials? UserCredentials { get; set; }
}

/// <summary>How to log in. As in the real package there is no <c>tokenFile</c>.</summary>
public class UserCredentials
{
    [YamlMember(Alias = "client-certificate-data", ApplyNamingConventions = false)]
    public string? ClientCertificateData { get; set; }

    [YamlMember(Alias = "client-certificate", ApplyNamingConventions = false)]
    public string? ClientCertificate { get; set; }

    [YamlMember(Alias = "client-key-data", ApplyNamingConventions = false)]
    public string? ClientKeyData { get; set; }

    [YamlMember(Alias = "client-key", ApplyNamingConventions = false)]
    public string? ClientKey { get; set; }

    [YamlMember(Alias = "token")]
    public string? Token { get; set; }

    [YamlMember(Alias = "username")]
    public string? UserName { get; set; }

    [YamlMember(Alias = "password")]
    public string? Password { get; set; }

    [YamlMember(Alias = "exec")]
    public ExternalExecution? ExternalExecution { get; set; }
}

/// <summary>A credential plugin: a program that prints an ExecCredential.</summary>
public class ExternalExecution
{
    [YamlMember(Alias = "apiVersion")]
    public string? ApiVersion { get; set; }

    [YamlMember(Alias = "command")]
    public string? Command { get; set; }

    /// <summary>Each entry has the keys <c>name</c> and <c>value</c>.</summary>
    [YamlMember(Alias = "env")]
    public IList<Dictionary<string, string>>? EnvironmentVariables { get; set; }

    [YamlMember(Alias = "args")]
    public IList<string>? Arguments { get; set; }
}
