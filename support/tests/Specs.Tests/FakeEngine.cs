using System.Net.Sockets;

namespace Specs.Tests;

/// <summary>
/// Plays the API of a container engine that is up while the file `engine` exists, has the images in `images`, and whose containers are
/// the files in `containers/`, with a label a line. It can pull nothing.
/// </summary>
public sealed class FakeEngine : IDisposable
{
    private readonly string folder;
    private readonly HttpListener listener = new();

    public FakeEngine(string folder)
    {
        this.folder = folder;
        var port = FreePort();
        Address = $"tcp://127.0.0.1:{port}";
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        _ = ServeAsync();
    }

    /// <summary>As DOCKER_HOST would have it.</summary>
    public string Address { get; }

    public void Dispose() => listener.Close();

    internal static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var call = await listener.GetContextAsync();
                var (status, body) = File.Exists(Path.Combine(folder, "engine")) ? Answer(call.Request) : (503, "");
                call.Response.StatusCode = status;
                call.Response.ContentType = "application/json";
                call.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: true);
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // closed
        }
    }

    private (int Status, string Body) Answer(HttpListenerRequest request)
    {
        var path = Uri.UnescapeDataString(request.Url!.AbsolutePath).Split('/', StringSplitOptions.RemoveEmptyEntries).SkipWhile(p => p.StartsWith("v1.", StringComparison.Ordinal)).ToArray();
        return (request.HttpMethod, path) switch
        {
            ("GET" or "HEAD", ["_ping"]) => (200, "OK"),
            ("GET", ["version"]) => (200, """{"Version":"20.10.24","ApiVersion":"1.41","Os":"linux"}"""),
            ("GET", ["info"]) => (200, """{"Driver":"overlay2","CgroupVersion":"2"}"""),
            ("GET", ["networks"]) or ("GET", ["images", "json"]) => (200, "[]"),
            ("GET", ["containers", "json"]) => (200, Containers(Uri.UnescapeDataString(request.Url.Query))),
            ("GET", ["containers", var id, "json"]) when File.Exists(Path.Combine(folder, "containers", id)) => (200, JsonSerializer.Serialize(new { Id = id, State = new { Running = true } })),
            ("DELETE", ["containers", var id]) => Remove(id),
            ("GET", ["images", .. var image, "json"]) when File.ReadAllLines(Path.Combine(folder, "images")).Contains(string.Join('/', image)) => (200, """{"Id":"sha256:0123"}"""),
            _ => (404, """{"message":"not here"}"""),
        };
    }

    private (int Status, string Body) Remove(string id)
    {
        File.Delete(Path.Combine(folder, "containers", id));
        return (204, "");
    }

    private string Containers(string query) => JsonSerializer.Serialize(new DirectoryInfo(Path.Combine(folder, "containers")).GetFiles()
        .Select(file => new { Id = file.Name, Labels = File.ReadAllLines(file.FullName).Select(line => line.Split('=', 2)).ToDictionary(label => label[0], label => label[1]) })
        .Where(container => container.Labels.Keys.Any(label => query.Contains($"\"{label}\"", StringComparison.Ordinal))));
}
