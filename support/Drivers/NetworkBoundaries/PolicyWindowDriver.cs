using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Requests;
using SecuritySpecs.Network;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>Measures for how long the network is open that a policy is to close: after a pod's start, and after the policy was written.</summary>
public sealed class PolicyWindowDriver(ScenarioPlatform scenario, WorkloadDriver workloads, ReachabilityDriver reach, ControlDriver controls, PodFactory factory) : IDisposable
{
    private static readonly Workload Server = new("server");
    private static readonly Workload Client = new("client");

    // How long a way must stay shut before it counts as shut. An open one shows at once, but where much goes on that can be a while.
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private readonly Prober _prober = new(scenario.Platform.Admin);

    /// <summary>Starts a pod that calls two servers from its first instant, and waits for its report.</summary>
    /// <param name="tenant">Whose pod, and whose server it may reach.</param>
    /// <param name="other">Whose server it may not reach.</param>
    /// <param name="bound">How long the way to that may be open; null where it must stay open.</param>
    public async Task<(Calls Own, Calls Other)> CallFromStartAsync(Tenant tenant, Tenant other, TimeSpan? bound)
    {
        string[] length = bound is { } limit ? ["--for-ms", Ms(limit + Glance + Glance), "--quiet-ms", Ms(Glance)] : ["--for-ms", Ms(Glance)];
        var arguments = new JsonArray(["knock", await AddressAsync(tenant), await AddressAsync(other), .. length.Select(word => (JsonNode)word)]);
        var name = factory.NextName("caller");
        await tenant.Pods.AddAsync(name, "workloads/caller.yaml", scenario.Platform.Fleet.NodeUnderTestOrAny, pod => pod["spec"]!["containers"]![0]!["args"] = arguments);
        var report = await Poll.UntilAsync($"the report of pod {name}", () => scenario.Platform.Admin.GetUnrecordedAsync($"{tenant.Pods.Collection}/{name}/log"),
            a => a is { Allowed: true, Body: JsonObject }, a => a.ToString());
        var (own, others) = (Calls.Of(report.Body!, 0), Calls.Of(report.Body!, 1));
        scenario.Note($"new pod of tenant \"{tenant.Name}\"", $"the way to the server of tenant \"{other.Name}\" was {Open(others.LastOpen, bound)}: {others}; to the server of tenant \"{tenant.Name}\": {own}");
        return (own, others);
    }

    /// <summary>Starts a server and has a client of its tenant and one of another call it from the moment that its address is public.</summary>
    /// <param name="tenant">Whose server.</param>
    /// <param name="other">Whose client may not reach it.</param>
    /// <param name="bound">How long the way may be open; null where it must stay open.</param>
    public async Task<TimeSpan> CallFromPublicationAsync(Tenant tenant, Tenant other, TimeSpan? bound)
    {
        var name = factory.NextName("newcomer");
        await tenant.Pods.AddAsync(name, Server.File, scenario.Platform.Fleet.NodeUnderTestOrAny);
        var pod = await Poll.UntilAsync($"the address of {name}", async () => (await scenario.Platform.Admin.GetUnrecordedAsync($"{tenant.Pods.Collection}/{name}")).OrThrow().Body!,
            p => p["status"]?["podIP"] is not null, p => p["status"]!.ToJsonString());
        var watch = await WatchAsync(tenant, other, new($"new server of tenant \"{tenant.Name}\"", PodDriver.UrlOf(pod, TenantRequest.ServerPort), $"{tenant.Namespace}/{name}"));
        await EndAsync(watch, bound);
        scenario.Note($"the new server of tenant \"{tenant.Name}\"", $"from the moment that its address was public the way was {Open(watch.LastOpen, bound)}: {watch}");
        return watch.LastOpen ?? TimeSpan.Zero;
    }

    /// <summary>Applies a control to a tenant while a client of that tenant and one of another call its server.</summary>
    /// <param name="control">The control.</param>
    /// <param name="tenant">Whose server.</param>
    /// <param name="other">Whose client may not reach it once the control is in force.</param>
    /// <param name="bound">How long the way may be open after the API server's answer.</param>
    /// <returns>For how long it was.</returns>
    public async Task<TimeSpan> CallWhileAppliedAsync(string control, Tenant tenant, Tenant other, TimeSpan bound)
    {
        var watch = await WatchAsync(tenant, other, await reach.TargetAsync(tenant, Server, "its pod IP"));
        await watch.UntilAsync(() => watch.BothOpen > 0, "both clients to reach the server", Deadline);
        var apply = controls.ApplyAsync(control, tenant);
        await watch.UntilAsync(() => apply.IsCompleted, "the control to be applied", Deadline);
        await apply;
        var answered = watch.Now;
        await EndAsync(watch, bound);
        var open = watch.LastOpen is { } last && last > answered ? last - answered : TimeSpan.Zero;
        scenario.Note($"the server of tenant \"{tenant.Name}\"", $"from the API server's answer, at {Ms(answered)} ms, the way was {Open(open, bound)}: {watch}");
        return open;
    }

    /// <summary>
    /// Applies a control to a tenant while a client of another tenant has a connection to its server open, and finds out for how long that still carries requests.
    /// What becomes of such a connection is the network plugin's, so it is no verdict.
    /// </summary>
    /// <param name="control">The control.</param>
    /// <param name="tenant">Whose server.</param>
    /// <param name="other">Whose client.</param>
    public async Task MeasureHeldAsync(string control, Tenant tenant, Tenant other)
    {
        var clock = Stopwatch.StartNew();
        var held = other.Api.ExecAsync(other.Namespace, Client.Name, PodDriver.Main, "fleet", "knock", await AddressAsync(tenant), "--hold", "--for-ms", Ms(Held));
        await Task.WhenAny(held, Task.Delay(Glance));
        await controls.ApplyAsync(control, tenant);
        var answered = clock.Elapsed;
        var outcome = await held;
        if (outcome.ExitCode != 0)
            throw new InvalidOperationException($"fleet knock in the {Client} of tenant \"{other.Name}\" ended with {outcome.ExitCode}: {outcome.Stderr}");
        var calls = Calls.Of(JsonNode.Parse(outcome.Stdout)!, 0);
        if (calls.LastOpen is not { } open)
            throw new InvalidOperationException($"The {Client} of tenant \"{other.Name}\" had no connection to the server of tenant \"{tenant.Name}\": {calls}");
        // The client's clock is mapped to ours by its end, which is right to some ms.
        var last = clock.Elapsed - (calls.End - open);
        scenario.Note($"the client of tenant \"{other.Name}\"", $"its connection from before control \"{control}\" carried requests {(last > answered ? $"for another {Ms(last - answered)} ms" : "no longer")} after the API server's answer, "
            + $"{(calls.End - open < Pause ? "which is until the measurement ended" : "and then no more")}: {calls}");
    }

    /// <inheritdoc/>
    public void Dispose() => _prober.Dispose();

    private async Task<CallWatch> WatchAsync(Tenant tenant, Tenant other, ProbeTarget target) => new(
        _prober,
        await reach.SourceAsync($"the {Client} of tenant \"{tenant.Name}\""),
        await reach.SourceAsync($"the {Client} of tenant \"{other.Name}\""),
        target);

    private static Task EndAsync(CallWatch watch, TimeSpan? bound) => bound is { } limit
        ? watch.UntilAsync(() => watch.IsCutOff, "one client to be cut off and the other not", limit + Deadline)
        : watch.UntilAsync(() => watch.BothOpen >= 5, "both clients to get through, five times", Deadline);

    private static string Open(TimeSpan? last, TimeSpan? bound) => bound is null ? "open throughout" : $"open for {Ms(last ?? TimeSpan.Zero)} ms";

    private async Task<string> AddressAsync(Tenant tenant)
    {
        var url = new Uri(PodDriver.UrlOf(await workloads.PodAsync(tenant, Server), TenantRequest.ServerPort));
        return $"tcp://{url.Authority}";
    }

    private static string Ms(TimeSpan time) => time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
}

/// <summary>What came of a pod's calls to one address. Times are since the pod's process began.</summary>
/// <param name="Tries">How often it called.</param>
/// <param name="Open">How often it got through.</param>
/// <param name="FirstTry">When it called first: before that nobody can tell.</param>
/// <param name="LastOpen">When the last call that got through began; null where none did.</param>
/// <param name="End">When it stopped calling.</param>
public sealed record Calls(int Tries, int Open, TimeSpan FirstTry, TimeSpan? LastOpen, TimeSpan End)
{
    /// <summary>What a report of <c>fleet knock</c> says of one target.</summary>
    public static Calls Of(JsonNode report, int target)
    {
        var calls = report["targets"]![target]!;
        return new((int)calls["tries"]!, (int)calls["open"]!, Time(report["firstTryMs"]!), calls["lastOpenMs"] is { } last ? Time(last) : null, Time(report["endMs"]!));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Open} of {Tries} calls from {FirstTry.TotalMilliseconds:0} ms to {End.TotalMilliseconds:0} ms after its start got through{(LastOpen is { } last ? $", the last one at {last.TotalMilliseconds:0} ms" : "")}");

    private static TimeSpan Time(JsonNode milliseconds) => TimeSpan.FromMilliseconds((double)milliseconds);
}
