using System.Collections.Concurrent;
using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>
/// Something that tenants run: a file fleet-fixtures/workloads/NAME.yaml, which holds a pod and what belongs to it, such as a
/// Service. Both are called NAME.
/// </summary>
/// <param name="Words">As features say it: the name with spaces for dashes, for example <c>model server</c>.</param>
public sealed record Workload(string Words)
{
    /// <summary>How the words look in a step.</summary>
    public const string Pattern = "[a-z]+ ?[a-z]*";

    /// <summary>The name of its pod, of its Service, and of the file.</summary>
    public string Name => Words.Replace(' ', '-');

    /// <summary>The file, under fleet-fixtures.</summary>
    public string File => $"workloads/{Name}.yaml";

    /// <inheritdoc/>
    public override string ToString() => Words;
}

/// <summary>What tenants run, made with their own rights.</summary>
public sealed class WorkloadDriver(ScenarioPlatform scenario)
{
    private readonly ConcurrentDictionary<(string Tenant, Workload Workload), byte> _running = new();

    /// <summary>Runs a workload until its pod is ready.</summary>
    /// <exception cref="BadInputException">There is no such file.</exception>
    public async Task RunAsync(Tenant tenant, Workload workload)
    {
        await tenant.Pods.AddAsync(workload.Name, workload.File, scenario.Platform.Fleet.NodeUnderTestOrAny);
        var objects = scenario.Load(workload.File, new Dictionary<string, string>
        {
            ["NAME"] = workload.Name, ["NAMESPACE"] = tenant.Namespace, ["IMAGE"] = "",
        }).Objects.Skip(1);
        foreach (var @object in objects)
            (await tenant.Api.PostAsync(await scenario.Platform.Resources.CollectionAsync(@object), @object)).OrThrow($"fleet-fixtures/{workload.File}");
        await tenant.Pods.WaitReadyAsync(workload.Name);
        _running[(tenant.Name, workload)] = 0;
    }

    /// <summary>All that runs, in order of name.</summary>
    public IEnumerable<(Tenant Tenant, Workload Workload)> Running =>
        _running.Keys.OrderBy(r => r.Tenant, StringComparer.Ordinal).ThenBy(r => r.Workload.Words, StringComparer.Ordinal).Select(r => (scenario[r.Tenant], r.Workload));

    /// <summary>The ready pod of a workload.</summary>
    /// <exception cref="ArgumentException">The tenant runs no such workload.</exception>
    public Task<JsonNode> PodAsync(Tenant tenant, Workload workload) => _running.ContainsKey((tenant.Name, workload))
        ? tenant.Pods.WaitReadyAsync(workload.Name)
        : throw new ArgumentException($"Tenant \"{tenant.Name}\" runs no {workload} in this scenario; there are {string.Join(", ", _running.Keys.Select(r => $"the {r.Workload} of tenant \"{r.Tenant}\""))}.");
}
