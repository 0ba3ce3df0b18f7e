namespace SecuritySpecs.Kube;

/// <summary>
/// A Kubernetes Lease that one run holds and renews. A run that dies stops renewing, so others take over by themselves. Renewed and
/// judged by the API server's clock: by two machines' clocks a run that lives might look dead, and all that it has made be removed.
/// </summary>
public sealed class ClusterLease : IAsyncDisposable
{
    // Not in a namespace of our own: that one comes and goes with the runs that these leases are about.
    private const string Namespace = "kube-system";
    private const string Prefix = "security-specs-";
    private const string Lifecycle = "lifecycle";
    private const string AliveLabel = "security.specs/alive";

    private const string First = "another run, which took it first";

    private const int DurationSeconds = 20;
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(5);
    private readonly KubeApi _admin;
    private readonly string _name;
    private readonly string _holder;
    private readonly CancellationTokenSource _stop = new();
    private Task _renewing = Task.CompletedTask;

    private ClusterLease(KubeApi admin, string name, string holder) => (_admin, _name, _holder) = (admin, Prefix + name, holder);

    private static string Collection => $"/apis/coordination.k8s.io/v1/namespaces/{Namespace}/leases";

    private string Path => $"{Collection}/{_name}";

    /// <summary>Waits until nobody else holds the lease, and takes it.</summary>
    /// <param name="admin">May write leases.</param>
    /// <param name="name">The lease.</param>
    /// <param name="holder">The run.</param>
    /// <param name="deadline">How long others may hold it.</param>
    /// <exception cref="TimeoutException">Another run held it all the time; the message names it.</exception>
    public static async Task<ClusterLease> TakeAsync(KubeApi admin, string name, string holder, TimeSpan deadline)
    {
        var lease = new ClusterLease(admin, name, holder);
        await Poll.UntilAsync($"the lease {Namespace}/{lease._name}, which one run at a time holds", lease.TryTakeAsync,
            other => other is null, other => $"held by {other}", deadline);
        lease._renewing = lease.RenewAsync();
        return lease;
    }

    /// <summary>Held for the short time in which a run comes or goes, and with it what runs share.</summary>
    public static Task<ClusterLease> TakeLifecycleAsync(KubeApi admin, string run) => TakeAsync(admin, Lifecycle, run, TimeSpan.FromMinutes(2));

    /// <summary>Held by a run as long as it lives.</summary>
    public static Task<ClusterLease> TakeAliveAsync(KubeApi admin, string run) => TakeAsync(admin, "run-" + run, run, Poll.DefaultDeadline);

    /// <summary>The runs whose leases are fresh.</summary>
    public static async Task<IReadOnlySet<string>> LiveRunsAsync(KubeApi admin) =>
        (await RunLeasesAsync(admin)).Where(l => IsFresh(admin, l)).Select(Holder).ToHashSet();

    /// <summary>Removes the leases of runs that are not among the living.</summary>
    /// <param name="admin">May delete leases.</param>
    /// <param name="live">The living.</param>
    /// <param name="ended">A run that has ended just now, so that what it held still looks fresh; null for none.</param>
    public static async Task RemoveDeadAsync(KubeApi admin, IReadOnlySet<string> live, string? ended = null)
    {
        var own = (await RunLeasesAsync(admin)).Where(l => !live.Contains(Holder(l)));
        // What else they held: not that one under which this is done.
        var others = (await LeasesAsync(admin, RunLabels.Run))
            .Where(l => l["metadata"]!["labels"]![AliveLabel] is null && Name(l) != Prefix + Lifecycle && (Holder(l) == ended || !IsFresh(admin, l)));
        foreach (var lease in own.Concat(others))
            await ReturnAsync(admin, lease);
    }

    /// <summary>Gives the lease back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _renewing;
        _stop.Dispose();
        // Where it ran out, another may hold it by now.
        var current = await _admin.GetUnrecordedAsync(Path);
        if (current.Code != 404 && Holder(current.OrThrow().Body!) == _holder)
            await ReturnAsync(_admin, current.Body!);
    }

    // As it was seen: a lease that somebody has taken since is his, though its name and UID are the same.
    private static async Task ReturnAsync(KubeApi admin, JsonNode lease)
    {
        var answer = await admin.DeleteAsync($"{Collection}/{Name(lease)}",
            new JsonObject { ["preconditions"] = new JsonObject { ["resourceVersion"] = (string)lease["metadata"]!["resourceVersion"]! } });
        if (answer.Code is not (404 or 409))
            answer.OrThrow();
    }

    private async Task<string?> TryTakeAsync()
    {
        var current = await _admin.GetUnrecordedAsync(Path);
        if (current.Code == 404)
            return IsOurs(await _admin.PostAsync(Collection, Body())) ? null : First;
        var lease = current.OrThrow().Body!;
        if (Holder(lease) != _holder && IsFresh(_admin, lease))
            return $"run {Holder(lease)}";
        return await PutAsync(lease) ? null : First;
    }

    // With the resource version, so that of two runs only one succeeds.
    private async Task<bool> PutAsync(JsonNode lease) => IsOurs(await _admin.PutAsync(Path, Body((string)lease["metadata"]!["resourceVersion"]!)));

    // A conflict says that another run was first; whatever else is refused is an error.
    private static bool IsOurs(ApiAnswer answer) => answer.Code is not 409 && answer.OrThrow().Allowed;

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(Renewal);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
                await RenewOnceAsync();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // given back
        }
    }

    /// <summary>Renews it where it is still held.</summary>
    internal async Task RenewOnceAsync()
    {
        try
        {
            var current = await _admin.GetUnrecordedAsync(Path);
            // Where it ran out, another may hold it by now.
            if (current.Allowed && Holder(current.Body!) == _holder)
                await PutAsync(current.Body!);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or KubeApiException)
        {
            // the API server did not answer, or not with a yes: there is time for another try before the lease runs out
        }
    }

    private JsonObject Body(string? resourceVersion = null)
    {
        var metadata = new JsonObject { ["name"] = _name, ["labels"] = new JsonObject { [RunLabels.Run] = _holder } };
        if (_name.EndsWith("run-" + _holder, StringComparison.Ordinal))
            metadata["labels"]![AliveLabel] = "true";
        if (resourceVersion is not null)
            metadata["resourceVersion"] = resourceVersion;
        return new()
        {
            ["apiVersion"] = "coordination.k8s.io/v1", ["kind"] = "Lease", ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["holderIdentity"] = _holder, ["leaseDurationSeconds"] = DurationSeconds, ["renewTime"] = Now() },
        };
    }

    private static Task<IReadOnlyList<JsonNode>> RunLeasesAsync(KubeApi admin) => LeasesAsync(admin, AliveLabel);

    private static async Task<IReadOnlyList<JsonNode>> LeasesAsync(KubeApi admin, string label)
    {
        var list = await admin.GetUnrecordedAsync($"{Collection}?labelSelector={Uri.EscapeDataString(label)}");
        return [.. list.OrThrow().Items.Select(l => l!)];
    }

    private string Now() => KubeTime.Micros(_admin.ServerTime.UtcDateTime);

    private static string Name(JsonNode lease) => (string)lease["metadata"]!["name"]!;

    private static string Holder(JsonNode lease) => (string?)lease["spec"]?["holderIdentity"] ?? "";

    private static bool IsFresh(KubeApi admin, JsonNode lease) =>
        (string?)lease["spec"]?["renewTime"] is { } renewed
        && DateTimeOffset.Parse(renewed, CultureInfo.InvariantCulture) > admin.ServerTime.AddSeconds(-DurationSeconds);
}
