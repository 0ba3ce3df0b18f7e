using System.Runtime.InteropServices;
using SecuritySpecs.NetworkAgent;
using SecuritySpecs.NetworkAgent.Cni;
using SecuritySpecs.NetworkAgent.Compile;
using SecuritySpecs.NetworkAgent.Enforce;
using SecuritySpecs.NetworkAgent.Watch;

// network-agent NODE SERVER AUTHORITY CERTIFICATE KEY FOLDER
if (args is not [var node, var server, var authority, var certificate, var key, var folder])
{
    Console.Error.WriteLine("usage: network-agent NODE https://SERVER:PORT CA-FILE CERTIFICATE-FILE KEY-FILE FOLDER");
    return 2;
}

using var stop = new CancellationTokenSource();
// What has been loaded stays in force: an agent that ends opens nothing.
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    stop.Cancel();
});

Enforcer? enforcer = null;
void Changed() => enforcer?.Changed();

using var api = new ApiClient(new Uri(server), authority, certificate, key);
var cluster = new Cluster(Changed);
var local = new LocalPods(Path.Combine(folder, "pods"), Changed);
enforcer = new Enforcer(() => new ClusterView(node, cluster.Namespaces.Items, local.Merge(node, cluster.Pods.Items), cluster.Policies.Items), new Nft());
local.Restore();
var pool = new AddressPool(Path.Combine(folder, "addresses"));
pool.Restore();
var network = new PodNetwork(api, cluster, local, pool, enforcer);

try
{
    await await Task.WhenAny(
        cluster.WatchAsync(api, stop.Token),
        EnforceAsync(),
        new CniServer(Path.Combine(folder, "socket"), network.AnswerAsync).RunAsync(stop.Token));
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Log.Line("stopped; the rules stay");
}
return 0;

async Task EnforceAsync()
{
    await cluster.Filled.WaitAsync(stop.Token);
    enforcer.Changed();
    await enforcer.RunAsync(stop.Token);
}
