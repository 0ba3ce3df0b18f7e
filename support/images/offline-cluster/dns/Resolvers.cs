namespace SecuritySpecs.ClusterDns;

/// <summary>The two dnsmasq that serve a zone: see <see cref="Zone"/>.</summary>
/// <param name="folder">For their files; may be empty at the start and lost at the end.</param>
internal sealed class Resolvers(string folder)
{
    // A name outside the cluster goes to the resolvers in the pod's /etc/resolv.conf, which are the node's; where there is
    // none it is refused. Names inside and addresses of private ranges are never asked of anybody else.
    private static readonly string[] s_common = ["--no-hosts", "--local=/cluster.local/", "--bogus-priv"];

    // 5 s are what CoreDNS gives.
    private readonly Resolver _front = new(
        [.. s_common, "--conf-file=/dev/null", $"--addn-hosts={folder}/hosts", $"--servers-file={folder}/servers", "--port=53", "--local-ttl=5", "--dns-forward-max=1000"]);

    // Without a lifetime, so that the front, which restarts never, keeps none of it.
    private readonly Resolver _records = new(
        [.. s_common, $"--conf-file={folder}/records", $"--addn-hosts={folder}/hosts", "--listen-address=127.0.0.1", "--bind-interfaces", $"--port={Zone.RecordsPort}", "--local-ttl=0"]);

    private Zone? _served;

    /// <summary>Done when one of them ends; says how.</summary>
    public Task<string> Ended => Task.WhenAny(_front.Ended, _records.Ended).Unwrap();

    /// <summary>Serves this zone from now on.</summary>
    public async Task ServeAsync(Zone zone)
    {
        if (zone == _served) return;
        Write("hosts", zone.Hosts);
        Write("servers", zone.Servers);
        Write("records", zone.Records);
        if (_served is null)
        {
            _records.Start();
            _front.Start();
        }
        else
        {
            await _front.ReloadAsync(); // first: addresses are what is asked for
            if (zone.Records != _served.Records) await _records.RestartAsync();
            else await _records.ReloadAsync();
        }
        _served = zone;
    }

    // Whole or not at all: dnsmasq may be reading.
    private void Write(string name, string text)
    {
        File.WriteAllText($"{folder}/{name}.new", text);
        File.Move($"{folder}/{name}.new", $"{folder}/{name}", overwrite: true);
    }
}
