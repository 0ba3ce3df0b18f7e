using SecuritySpecs.Fleet;

namespace SecuritySpecs.Drivers.Shared;

/// <summary>The reference configuration of fleet-fixtures/controls, one file a control, as it stands for a scenario's tenants.</summary>
public sealed class ControlDriver(ScenarioPlatform scenario)
{
    /// <summary>The registry, and the folder of it, whose images tenants may start: an example, for nothing is ever pulled from it.</summary>
    public const string Registry = "registry.example/platform";

    /// <summary>Applies a control for a tenant, or makes one that stands what it should be again.</summary>
    /// <param name="control">The file's name without folder and <c>.yaml</c>.</param>
    /// <param name="tenant">Fills in NAMESPACE and TENANT.</param>
    /// <param name="edit">A mistake to make in the file's content first; null for the file as it is.</param>
    /// <remarks>Returns once the API server has stored it. It may take a moment until it is in force: who judges polls.</remarks>
    public Task ApplyAsync(string control, Tenant tenant, ManifestEdit? edit = null) => scenario.Manifests.ApplyAsync(File(control), Values(control, tenant), edit);

    /// <summary>Applies a control for a tenant, but by mistake in the namespace of another.</summary>
    public Task MisplaceAsync(string control, Tenant tenant, Tenant other)
    {
        var values = Values(control, tenant);
        values["NAMESPACE"] = other.Namespace;
        return scenario.Manifests.ApplyAsync(File(control), values);
    }

    /// <summary>Takes a control away from a tenant.</summary>
    public Task RemoveAsync(string control, Tenant tenant) => scenario.Manifests.RemoveAsync(File(control), Values(control, tenant));

    /// <summary>The values of a control's placeholders for a tenant. NAME is for objects that have no namespace, SCENARIO for what they select.</summary>
    public Dictionary<string, string> Values(string control, Tenant tenant) =>
        new()
        {
            ["NAMESPACE"] = tenant.Namespace, ["TENANT"] = tenant.Owner, ["NAME"] = scenario.Unique(control), ["SCENARIO"] = scenario.Id,
            ["CLASS"] = control == "device-quota" ? DeviceClass : "urgent", ["DEVICES"] = "2", ["PODS"] = "0", ["POOL"] = "a100",
            ["GPUS"] = "2", ["FLEET"] = GpuFleet.Namespace, ["RUNTIME_CLASS"] = scenario.Unique("sandboxed"),
            ["REGISTRY"] = Registry, ["PRELOADED"] = scenario.Platform.Options.FleetImage ?? PodDriver.NoImage,
        };

    /// <summary>The DeviceClass of the scenario, as the cluster knows it.</summary>
    public string DeviceClass => scenario.Unique("gpu");

    private static string File(string control) => $"controls/{control}.yaml";
}
