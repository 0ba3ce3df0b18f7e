using SecuritySpecs.Kube.Files;
using k8s;
using YamlDotNet.RepresentationModel;

namespace SecuritySpecs.Cluster;

/// <summary>
/// A kubeconfig. What a context is made of is looked at here first, for the library's complaints name neither line nor key; whatever
/// else the library has against it is told as well.
/// </summary>
/// <param name="path">The file.</param>
internal sealed class Kubeconfig(string path)
{
    private readonly YamlFile _file = new(path);

    /// <summary>The access that a context of the file describes.</summary>
    /// <param name="context">The context; null for the file's current one.</param>
    /// <returns>The context's name and the access.</returns>
    /// <exception cref="BadInputException">The file is missing, cannot be read, is no kubeconfig, or has no such context.</exception>
    public (string Context, KubernetesClientConfiguration Access) Read(string? context) => Parse(TextFile.Read(path, path), context);

    /// <summary>The access that a context of a kubeconfig's text describes.</summary>
    /// <exception cref="BadInputException">It is no kubeconfig, or has no such context.</exception>
    public (string Context, KubernetesClientConfiguration Access) Parse(string text, string? context)
    {
        var top = _file.Parse(text);
        var name = context ?? _file.Text(Field(top, "current-context", "kubeconfig", "without it name one: --cluster PATH#CONTEXT"), "current-context");
        var entry = Named(top, "contexts", name);
        var parts = Field(entry, "context", $"context \"{name}\"");
        CheckCluster(Named(top, "clusters", _file.Text(Field(parts, "cluster", $"context \"{name}\""), "cluster")));
        if (Find(parts, "user") is { } user)
            CheckUser(Named(top, "users", _file.Text(user, "user")));
        try
        {
            var config = KubernetesClientConfiguration.LoadKubeConfig(new MemoryStream(Encoding.UTF8.GetBytes(text)));
            config.FileName = Path.GetFullPath(path); // what other files that it names are relative to
            var access = KubernetesClientConfiguration.BuildConfigFromConfigObject(config, name);
            new Kubernetes(access).Dispose(); // it loads the client's certificate and key
            return (name, access);
        }
        catch (YamlDotNet.Core.YamlException e)
        {
            throw new BadInputException(path, Math.Max(1, (int)e.Start.Line), $"is no usable kubeconfig: {(e.InnerException ?? e).Message}");
        }
        catch (Exception e)
        {
            // Whatever it is made of: a key that does not fit its certificate, a program for logging in that fails.
            throw _file.Error(entry, $"context \"{name}\" cannot be used: {e.Message}");
        }
    }

    private void CheckCluster(YamlNode entry)
    {
        var cluster = Field(entry, "cluster", "cluster");
        var server = Field(cluster, "server", "cluster");
        if (!Uri.TryCreate(_file.Text(server, "server"), UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
            throw _file.Error(server, $"server: expected https://HOST:PORT, but found \"{server}\"");
        CheckBase64(cluster, "certificate-authority-data");
    }

    private void CheckUser(YamlNode entry)
    {
        // A user without credentials has none: what that comes to, the API server says.
        if (Find(entry, "user") is not YamlMappingNode user)
            return;
        CheckBase64(user, "client-certificate-data");
        CheckBase64(user, "client-key-data");
    }

    private void CheckBase64(YamlNode node, string key)
    {
        if (Find(node, key) is YamlScalarNode { Value: { } data } at && !Convert.TryFromBase64String(data, new byte[data.Length], out _))
            throw _file.Error(at, $"{key}: expected base64");
    }

    private YamlNode Named(YamlMappingNode top, string list, string name)
    {
        var items = _file.Items(Field(top, list, "kubeconfig"), list);
        return items.FirstOrDefault(i => Find(i, "name") is YamlScalarNode n && n.Value == name)
            ?? throw _file.Error(top.Children.Keys.First(k => k is YamlScalarNode s && s.Value == list), $"{list}: there is no \"{name}\"; there are {string.Join(", ", items.Select(i => $"{Find(i, "name")}"))}");
    }

    private YamlNode Field(YamlNode node, string key, string what, string hint = "") =>
        Find(node, key) ?? throw _file.Error(node, $"{what}: {key} is missing{(hint.Length > 0 ? $"; {hint}" : "")}");

    private static YamlNode? Find(YamlNode node, string key) => (node as YamlMappingNode)?.Children.FirstOrDefault(c => c.Key is YamlScalarNode k && k.Value == key).Value;
}
