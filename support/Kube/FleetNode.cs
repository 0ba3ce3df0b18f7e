namespace SecuritySpecs.Kube;

/// <summary>A GPU node as the API server showed it at one moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Pool">The value of its label <c>gpu-pool</c>; null for none.</param>
/// <param name="Real">Whether it has a kubelet; the others exist for the scheduler only.</param>
/// <param name="Gpus">How many GPUs it has.</param>
/// <param name="Offered">How many of them it offers: those that are healthy.</param>
/// <param name="Holders">Who holds some, by the pods that are bound to it. Which ones, the API server does not know.</param>
/// <param name="Labels">Its labels about GPUs.</param>
/// <param name="Taints">Its taints, each as <c>KEY=VALUE:EFFECT</c>.</param>
public sealed record FleetNode(
    string Name, string? Pool, bool Real, int Gpus, int Offered, IReadOnlyList<GpuHolder> Holders,
    IReadOnlyDictionary<string, string> Labels, IReadOnlyList<string> Taints)
{
    /// <summary>How many of the GPUs are held.</summary>
    public int Held() => Holders.Sum(h => h.Gpus);

    /// <summary>How many of the GPUs somebody could have.</summary>
    public int Free() => Math.Max(Offered - Held(), 0);

    /// <summary>How many of the GPUs nobody holds and nobody could have, for they are not healthy.</summary>
    public int Out() => Math.Max(Gpus - Held() - Free(), 0);
}

/// <summary>Somebody who holds GPUs of a node.</summary>
/// <param name="Who">In words, for example <c>tenant "blue"</c>.</param>
/// <param name="Gpus">How many.</param>
public sealed record GpuHolder(string Who, int Gpus);
