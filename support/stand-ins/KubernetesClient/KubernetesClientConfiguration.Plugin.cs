using System.Diagnostics;
using System.Text;
using System.Text.Json;
using k8s.Authentication;
using k8s.Exceptions;
using k8s.KubeConfigModels;

namespace k8s;

public partial class KubernetesClientConfiguration
{
    /// <summary>How long a credential plugin may take.</summary>
    public static TimeSpan ExecTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Runs a credential plugin and reads what it prints.</summary>
    /// <exception cref="KubeConfigException">It cannot be started, takes too long, or prints no login.</exception>
    public static ExecCredentialResponse ExecuteExternalCommand(ExternalExecution config)
    {
        ArgumentNullException.ThrowIfNull(config);
        try
        {
            return ReadCredential(RunPlugin(config), config.ApiVersion);
        }
        catch (Exception e) when (e is not KubeConfigException)
        {
            throw new KubeConfigException($"external exec failed due to: {e.Message}", e);
        }
    }

    private static string RunPlugin(ExternalExecution config)
    {
        var start = new ProcessStartInfo
        {
            FileName = config.Command,
            // Joined by spaces and not quoted, as the real package does: an argument with a space arrives as two.
            Arguments = string.Join(' ', config.Arguments ?? []),
            RedirectStandardOutput = true,
        };
        start.Environment["KUBERNETES_EXEC_INFO"] = JsonSerializer.Serialize(new
        {
            apiVersion = config.ApiVersion,
            kind = "ExecCredentials",
            spec = new { interactive = Environment.UserInteractive },
        });
        foreach (var variable in config.EnvironmentVariables ?? [])
        {
            if (!variable.TryGetValue("name", out var name) || !variable.TryGetValue("value", out var value))
                throw new KubeConfigException($"Invalid environment variable defined: {string.Join(",", variable.Select(pair => $"{pair.Key}={pair.Value}"))}");
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        if (!output.Wait(ExecTimeout))
        {
            process.Kill(entireProcessTree: true);
            throw new KubeConfigException("external exec failed due to timeout");
        }

        process.WaitForExit();
        return output.Result;
    }

    private static ExecCredentialResponse ReadCredential(string output, string? apiVersion)
    {
        var response = JsonSerializer.Deserialize<ExecCredentialResponse>(output);
        if (response?.ApiVersion != apiVersion)
            throw new KubeConfigException($"external exec failed because api version {response?.ApiVersion} does not match {apiVersion}");
        if (response?.Status?.IsValid() != true)
            throw new KubeConfigException("external exec failed missing token or clientCertificateData field in plugin output");
        return response;
    }

    /// <summary>A plugin prints PEM; the configuration holds PEM in base64, as a kubeconfig does.</summary>
    private static string? Base64(string? pem) => pem is null ? null : Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));

    private bool TakePlugin(UserCredentials credentials)
    {
        if (credentials.ExternalExecution is not { } plugin)
            return false;
        if (string.IsNullOrWhiteSpace(plugin.Command))
            throw new KubeConfigException("External command execution to receive user credentials must include a command to execute");
        if (string.IsNullOrWhiteSpace(plugin.ApiVersion))
            throw new KubeConfigException("External command execution missing ApiVersion key");
        var login = ExecuteExternalCommand(plugin).Status!;
        AccessToken = login.Token;
        ClientCertificateData = Base64(login.ClientCertificateData);
        ClientCertificateKeyData = Base64(login.ClientKeyData);
        if (AccessToken is not null)
            TokenProvider = new ExecTokenProvider(plugin);
        return true;
    }
}
