namespace Specs.Tests;

/// <summary>What these tests must not inherit when they themselves run inside `specs test`.</summary>
public static class OuterRun
{
    /// <summary>Its settings, as variables to remove.</summary>
    public static IReadOnlyDictionary<string, string?> Forgotten { get; } = new[]
    {
        "SPECS_CLUSTER", "SPECS_K3S_IMAGE", "SPECS_FLEET_IMAGE", "SPECS_FLEET_ARCHIVE", "SPECS_PROMETHEUS_IMAGE", "SPECS_PROMETHEUS_ARCHIVE", "SPECS_KEEP", "SPECS_RESULTS", "SPECS_RUN_ID",
        "SPECS_REQUIRE", "SPECS_KUBERNETES_DIR", "SPECS_FILTER", "SPECS_SELECTION", "SPECS_ONLY", "SPECS_ORDER", "SPECS_EVENTS", "SPECS_BEGAN", "SPECS_CONTROLS", "SPECS_PROFILE",
    }.ToDictionary(name => name, _ => (string?)null);
}
