namespace SecuritySpecs.NetworkAgent.Enforce;

/// <summary>
/// The pods of this node that have a network, by what the set-up of that network said: it knows a pod's address before the API
/// does, and until the network is gone. Kept in a folder that goes with the node's boot, so that a new agent knows them too.
/// </summary>
/// <param name="folder">One file a sandbox.</param>
/// <param name="changed">Called after each change.</param>
internal sealed class LocalPods(string folder, Action changed)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Pod> _pods = [];

    /// <summary>Takes up what an agent before this one knew.</summary>
    public void Restore()
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.GetFiles(folder))
        {
            try
            {
                using var document = JsonDocument.Parse(File.ReadAllText(file));
                _pods[Path.GetFileName(file)] = ObjectReader.Pod(document.RootElement);
            }
            catch (JsonException e)
            {
                Log.Line($"{file}: {e.Message}");
                File.Delete(file);
            }
        }
    }

    /// <summary>A sandbox got its addresses.</summary>
    /// <param name="sandbox">The container id that the runtime gave.</param>
    /// <param name="pod">The pod as the API has it, with these addresses.</param>
    public void Add(string sandbox, Pod pod)
    {
        lock (_lock)
        {
            // An address or a name that comes again is the new one's: the old one's end was not heard.
            foreach (var (other, old) in _pods.Where(p => p.Value.Addresses.Intersect(pod.Addresses).Any() || IsSame(p.Value, pod)).ToList())
                Forget(other);
            _pods[sandbox] = pod;
            File.WriteAllBytes(FileOf(sandbox), Serialize(pod));
        }
        changed();
    }

    /// <summary>A sandbox is gone. A kubelet of 1.20 says so five times.</summary>
    public void Remove(string sandbox)
    {
        bool known;
        lock (_lock)
            known = Forget(sandbox);
        if (known)
            changed();
    }

    /// <summary>The pods of the cluster, those of this node with the addresses that their network has.</summary>
    /// <param name="node">This node.</param>
    /// <param name="pods">As the API has them.</param>
    public IReadOnlyCollection<Pod> Merge(string node, IReadOnlyCollection<Pod> pods)
    {
        lock (_lock)
        {
            var merged = pods.Where(p => p.Node != node).ToList();
            var known = pods.Where(p => p.Node == node).ToDictionary(p => (p.Namespace, p.Name, p.Uid));
            foreach (var (sandbox, pod) in _pods.ToList())
            {
                // One that the API no longer has keeps what it last had for as long as its network is there.
                if (known.TryGetValue((pod.Namespace, pod.Name, pod.Uid), out var current))
                    _pods[sandbox] = current with { Addresses = pod.Addresses };
                merged.Add(_pods[sandbox]);
            }
            return merged;
        }
    }

    private static bool IsSame(Pod one, Pod other) => one.Namespace == other.Namespace && one.Name == other.Name;

    private bool Forget(string sandbox)
    {
        File.Delete(FileOf(sandbox));
        return _pods.Remove(sandbox);
    }

    private string FileOf(string sandbox) => Path.Combine(folder, Path.GetFileName(sandbox));

    // In the form of the API, so that one reader does for both.
    private static byte[] Serialize(Pod pod)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("metadata");
            json.WriteString("namespace", pod.Namespace);
            json.WriteString("name", pod.Name);
            json.WriteString("uid", pod.Uid);
            json.WriteStartObject("labels");
            foreach (var (key, value) in pod.Labels)
                json.WriteString(key, value);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("spec");
            json.WriteString("nodeName", pod.Node);
            json.WriteStartArray("containers");
            json.WriteStartObject();
            json.WriteStartArray("ports");
            foreach (var port in pod.Ports)
            {
                json.WriteStartObject();
                json.WriteString("name", port.Name);
                json.WriteString("protocol", port.Protocol.ToString().ToUpperInvariant());
                json.WriteNumber("containerPort", port.Number);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteStartObject("status");
            json.WriteStartArray("podIPs");
            foreach (var address in pod.Addresses)
            {
                json.WriteStartObject();
                json.WriteString("ip", AddressSet.Text(address));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return stream.ToArray();
    }
}
