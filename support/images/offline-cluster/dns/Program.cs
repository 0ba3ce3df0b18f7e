// Follows the cluster's Services and Endpoints and lets dnsmasq serve their names, until SIGTERM.
// Usage: cluster-dns FOLDER, in a pod whose ServiceAccount may list and watch both; FOLDER is for dnsmasq's files.
using System.Runtime.InteropServices;
using System.Threading.Channels;
using SecuritySpecs.ClusterDns;

if (args is not [var folder] || !Directory.Exists(folder))
{
    Console.Error.WriteLine("usage: cluster-dns FOLDER, an existing one, for dnsmasq's files");
    return 2;
}

// Many changes come at once; what comes within this time is served together.
var burst = TimeSpan.FromMilliseconds(20);
using var stop = new CancellationTokenSource();
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    stop.Cancel();
});
var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
using var api = new Api();
var services = new Collection<Service>(api, "/api/v1/services", Service.Read, () => changes.Writer.TryWrite(true));
var endpoints = new Collection<EndpointSet>(api, "/api/v1/endpoints", EndpointSet.Read, () => changes.Writer.TryWrite(true));
var resolvers = new Resolvers(folder);

Task[] all = [services.FollowAsync(stop.Token), endpoints.FollowAsync(stop.Token), ServeAsync(), resolvers.Ended];
var first = await Task.WhenAny(all);
if (stop.IsCancellationRequested) return 0;
Console.Error.WriteLine(first is Task<string> ended ? await ended : first.Exception?.InnerException?.ToString());
return 1;

async Task ServeAsync()
{
    await Task.WhenAll(services.Known, endpoints.Known);
    await foreach (var _ in changes.Reader.ReadAllAsync(stop.Token))
    {
        await Task.Delay(burst, stop.Token);
        await resolvers.ServeAsync(Zone.Of(services.Items, endpoints.Items));
    }
}
