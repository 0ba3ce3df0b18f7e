namespace SecuritySpecs.PlatformAudit;

/// <summary>Tenants' Services that publish something, or claim an address.</summary>
internal static class ServiceChecks
{
    public static IEnumerable<AuditFinding> Find(ClusterObjects cluster, AuditRules rules)
    {
        foreach (var service in cluster.OfTenants(ClusterObjects.Services))
        {
            var spec = service["spec"]!;
            if ((string?)spec["type"] is "NodePort" or "LoadBalancer")
            {
                yield return new("inference-endpoint", Severity.High, ClusterObjects.Words(service), $"is of type {spec["type"]}", "Whoever reaches a node reaches the tenant's pods, without passing the tenant's gateway.",
                    $"kubectl patch service {ClusterObjects.NameOf(service)} -n {ClusterObjects.NamespaceOf(service)} -p '{{\"spec\":{{\"type\":\"ClusterIP\"}}}}'");
            }

            var addresses = ClaimedAddresses(service);
            if (addresses.Count > 0)
            {
                yield return new("service-addresses", Severity.High, ClusterObjects.Words(service), $"claims {string.Join(", ", addresses)}", "Every node sends the traffic of such an address to the tenant's pods, whoever it belongs to (CVE-2020-8554).",
                    "remove the addresses, and apply fleet-fixtures/controls/service-addresses.yaml or the admission plugin DenyServiceExternalIPs");
            }
        }
    }

    /// <summary>The addresses that a Service asks for.</summary>
    public static IReadOnlyList<string> ClaimedAddresses(JsonNode service) =>
        [.. ClusterObjects.Items(service["spec"]!["externalIPs"]).Append(service["spec"]!["loadBalancerIP"]).Select(a => (string?)a).OfType<string>().Where(a => a.Length > 0)];
}
