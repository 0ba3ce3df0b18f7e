using System.Globalization;
using Docker.DotNet.Models;

namespace DotNet.Testcontainers.Engine;

/// <summary>The arguments of <c>docker create</c> for a container's parameters.</summary>
internal static class CreateArguments
{
    public static IReadOnlyList<string> Of(CreateContainerParameters parameters, string? network, IEnumerable<string> aliases)
    {
        // The command line takes one word as the entry point; the others go before the command.
        var words = (parameters.Entrypoint ?? []).Skip(1).Concat(parameters.Cmd);
        return
        [
            "create", "--pull=never",
            .. One("--name", parameters.Name),
            .. One("--hostname", parameters.Hostname),
            .. One("--entrypoint", parameters.Entrypoint?.FirstOrDefault()),
            .. Each("--env", parameters.Env),
            .. Each("--label", parameters.Labels.Select(Pair)),
            .. One("--network", network),
            .. Each("--network-alias", network is null ? [] : aliases),
            .. Of(parameters.HostConfig!),
            parameters.Image,
            .. words,
        ];
    }

    private static IEnumerable<string> Of(HostConfig host) =>
    [
        .. Flag("--privileged", host.Privileged),
        .. Flag("--rm", host.AutoRemove),
        .. Each("--cap-add", host.CapAdd),
        .. Each("--cap-drop", host.CapDrop),
        .. Each("--security-opt", host.SecurityOpt),
        .. One("--security-opt", SystemPaths(host)),
        .. Each("--device", host.Devices?.Select(d => $"{d.PathOnHost}:{d.PathInContainer}:{d.CgroupPermissions}")),
        .. Each("--device-cgroup-rule", host.DeviceCgroupRules),
        .. One("--cgroupns", host.CgroupnsMode),
        .. Each("--volume", host.Binds),
        .. Each("--mount", host.Mounts?.Select(MountText)),
        .. Each("--tmpfs", host.Tmpfs?.Select(t => t.Value.Length == 0 ? t.Key : $"{t.Key}:{t.Value}")),
        .. Each("--publish", host.PortBindings?.SelectMany(p => p.Value.Select(b => PublishText(p.Key, b)))),
        .. Each("--add-host", host.ExtraHosts),
        .. Each("--sysctl", host.Sysctls?.Select(Pair)),
        .. One("--memory", host.Memory == 0 ? null : host.Memory.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>The command line knows only all of the engine's default paths or none of them.</summary>
    private static string? SystemPaths(HostConfig host) => (host.MaskedPaths, host.ReadonlyPaths) switch
    {
        (null, null) => null,
        ({ Count: 0 }, { Count: 0 }) => "systempaths=unconfined",
        _ => throw new NotSupportedException("MaskedPaths and ReadonlyPaths can only both be null or both be empty here."),
    };

    private static string MountText(Mount mount) => string.Join(',', new[]
    {
        $"type={mount.Type}",
        mount.Source is { Length: > 0 } ? Quoted($"source={mount.Source}") : null,
        Quoted($"target={mount.Target}"),
        mount.ReadOnly ? "readonly" : null,
    }.OfType<string>());

    /// <summary>The argument of <c>--mount</c> is a line of comma-separated values.</summary>
    private static string Quoted(string field) => field.Contains(',') ? $"\"{field}\"" : field;

    private static string PublishText(string containerPort, PortBinding binding) =>
        $"{(string.IsNullOrEmpty(binding.HostIP) ? "" : binding.HostIP + ":")}{binding.HostPort}:{containerPort}";

    private static string Pair(KeyValuePair<string, string> pair) => $"{pair.Key}={pair.Value}";

    private static IEnumerable<string> Flag(string name, bool value) => value ? [name] : [];

    private static IEnumerable<string> One(string name, string? value) => string.IsNullOrEmpty(value) ? [] : [name, value];

    private static IEnumerable<string> Each(string name, IEnumerable<string>? values) =>
        (values ?? []).SelectMany(value => new[] { name, value });
}
